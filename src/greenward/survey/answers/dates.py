"""Reading dates as people write them; months and Excel's count of days where the column allows them."""

import re
from datetime import date, timedelta

from greenward.packs.schema.forms import Column, Field
from greenward.survey.answers.manner import Manner
from greenward.survey.answers.problems import AnswerError

DATE = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?\.?"
    r"(?:[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?",
    re.IGNORECASE,
)
COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0+)?")
MONTH = re.compile(
    r"(\d{4})\s*(?:[-/年]\s*(\d{1,2})\s*月?(?:份)?|\.\s*(\d{1,2})\s*月(?:份)?)|(?:19|20)\d{2}(?:0[1-9]|1[0-2])"
)
POINT = re.compile(r"\d{4}\.\d{1,2}")
"""2021.1 may be January, or October whose nought Excel dropped."""
SERIAL = re.compile(r"([1-6]\d{4})(?:\.\d+)?")
ZERO, ZERO_1904 = date(1899, 12, 30), date(1904, 1, 1)


def day(_field: Field | Column, text: str, manner: Manner) -> date:
    """Return the day that ``text`` (plain) says."""
    found = DATE.fullmatch(text) or COMPACT_DATE.fullmatch(text)
    if found is not None:
        return _day(found[1], found[2], found[3])
    if POINT.fullmatch(text):
        raise AnswerError("date_unclear")
    if manner.months and is_month(text):
        digits = re.findall(r"\d+", text)
        year, month = digits if len(digits) > 1 else (text[:4], text[4:])
        return _day(year, month, "1")
    if manner.serials and (serial := SERIAL.fullmatch(text)) is not None:
        return (ZERO_1904 if manner.since_1904 else ZERO) + timedelta(days=int(serial[1]))
    raise AnswerError("not_a_date")


def is_month(text: str) -> bool:
    """Tell whether ``text`` (plain) names a month without a day."""
    return MONTH.fullmatch(text) is not None


def is_serial(text: str) -> bool:
    """Tell whether ``text`` (plain) may be Excel's count of days, from 1927 to 2091."""
    return SERIAL.fullmatch(text) is not None


def _day(year: str, month: str, number: str) -> date:
    try:
        return date(int(year), int(month), int(number))
    except ValueError:
        raise AnswerError("not_a_date") from None
