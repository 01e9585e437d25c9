"""Reading where something is: longitude and latitude in degrees."""

import re

from greenward.packs.schema.forms import Column, Field
from greenward.survey.answers.manner import Manner
from greenward.survey.answers.problems import AnswerError

POSITION = re.compile(
    r"[\[(]?\s*(?:东经|经度|e|lon|lng)?\s*[:：]?\s*(?P<first>[+-]?\d{1,3}(?:\.\d+)?)\s*[°度]?\s*e?"
    r"\s*[,，、;；/\s]\s*(?:北纬|纬度|n|lat)?\s*[:：]?\s*(?P<second>[+-]?\d{1,3}(?:\.\d+)?)\s*[°度]?\s*n?\s*[\])]?",
    re.IGNORECASE,
)
SWAPPED = re.compile(r"^[\[(]?\s*(北纬|纬度|lat|n)", re.IGNORECASE)
EAST, NORTH = 180.0, 90.0


def position(_field: Field | Column, text: str, _manner: Manner) -> str:
    """Return ``longitude,latitude`` in degrees, five digits after the point (a metre).

    The other way round is understood where it can be told: no latitude exceeds 90.
    """
    swapped = SWAPPED.search(text) is not None
    if swapped:
        text = re.sub(r"北纬|纬度|东经|经度|lat|lon|lng|[ne°度:：]", " ", text, flags=re.IGNORECASE).strip()
    found = POSITION.fullmatch(re.sub(r"(?<=\d)\s+(?=[,，、;；])|(?<=[,，、;；])\s+", "", text))
    if found is None:
        raise AnswerError("not_a_position")
    east, north = float(found["first"]), float(found["second"])
    if swapped or abs(north) > NORTH >= abs(east):
        east, north = north, east
    if abs(east) > EAST or abs(north) > NORTH:
        raise AnswerError("not_a_position")
    return f"{east:.5f},{north:.5f}"
