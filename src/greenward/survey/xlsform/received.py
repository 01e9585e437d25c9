"""One submission of a field app: from named answers to what is recorded."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from greenward.packs.schema.forms import Field, Form
from greenward.survey.xlsform.naming import (
    FORM,
    PLACE_QUESTIONS,
    ROUND,
    STARTED,
    TODAY,
    cell_name,
    is_carried,
)

NUMBERS = ("instanceID", "KEY", "_uuid", "__id")
"""Under which names servers give a submission's own number, the best first."""
SUBMITTED = ("_submission_time", "SubmissionDate", "submissionDate", "end")
LAST = re.compile(r"[/\-]|::")
GEOPOINT = ("Latitude", "Longitude")

Leaves = Mapping[str, Any]
"""Answers by name: texts, or lists of such mappings for repeats."""


@dataclass(frozen=True)
class Submission:
    """What a field app sent.

    ``label`` says where it stood, for people. ``number`` tells it from all others, None where it has none.
    ``round`` and ``form`` are what the form itself says, empty where it does not. ``places``: question →
    code. ``started`` is when the app opened the form, ``observed_on`` the day on it. ``values``: field id →
    answer as written; what was left empty or not asked is absent.
    """

    label: str
    number: UUID | None
    round: str
    form: str
    version: str
    places: Mapping[str, str]
    started: datetime | None
    observed_on: date | None
    values: Mapping[str, object]


def leaf_name(path: str) -> str:
    """Return the name of a question from a column or key such as ``g_people/households``.

    Group names stand before it, after a slash (Kobo, JSON) or a hyphen (ODK Central's CSV). A point's
    coordinates keep the question's name.
    """
    parts = LAST.split(path.strip())
    return "_".join(parts[-2:]) if parts[-1] in GEOPOINT and len(parts) > 1 else parts[-1]


def leaves_of(nested: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answers by name, whether groups are nested or written into the keys.

    What servers add beneath names that begin with an underscore is left out.
    """
    found: dict[str, Any] = {}
    for key, value in nested.items():
        name = leaf_name(key)
        if isinstance(value, Mapping) and "coordinates" not in value:
            found |= {} if name.startswith("_") else leaves_of(value)
        elif isinstance(value, Sequence) and not isinstance(value, str):
            found[name] = [leaves_of(row) for row in value if isinstance(row, Mapping)]
        elif name not in found or found[name] in (None, ""):
            found[name] = value
    return found


def submission_of(leaves: Leaves, form: Form, *, label: str, version: str = "") -> Submission:
    """Return the submission that the answers make for a form."""
    values = {
        field.id: value
        for field in form.fields
        if is_carried(field) and (value := _answer(field, leaves)) is not None
    }
    named = {question: _text(leaves.get(question)) for question in PLACE_QUESTIONS.values()}
    return Submission(
        label=label,
        number=_number(leaves),
        round=_text(leaves.get(ROUND)),
        form=_text(leaves.get(FORM)),
        version=version or _text(leaves.get("__version__")),
        places={question: code for question, code in named.items() if code},
        started=_moment(_text(leaves.get(STARTED))),
        observed_on=_day(leaves),
        values=values,
    )


def _answer(field: Field, leaves: Leaves) -> object:
    """Return an answer as written, None where there is none."""
    if field.type == "table":
        return _rows(field, leaves.get(field.id))
    if field.type == "position":
        return _position(field, leaves)
    value = leaves.get(field.id)
    return None if value is None or isinstance(value, list) or _text(value) == "" else value


def _rows(field: Field, raw: object) -> list[dict[str, object]] | None:
    if not isinstance(raw, list):
        return None
    rows = []
    for given in raw:
        row = {column.id: given.get(cell_name(field, column)) for column in field.columns}
        row = {name: value for name, value in row.items() if _text(value) != ""}
        if row:
            rows.append(row)
    return rows or None


def _position(field: Field, leaves: Leaves) -> str | None:
    """Return ``longitude,latitude``; apps write latitude first, with height and accuracy after it."""
    value = leaves.get(field.id)
    if isinstance(value, Mapping) and isinstance(value.get("coordinates"), list):
        return ",".join(str(part) for part in value["coordinates"][:2])
    north, east = (_text(leaves.get(f"{field.id}_{name}")) for name in GEOPOINT)
    if north and east:
        return f"{east},{north}"
    parts = _text(value).split()
    return f"{parts[1]},{parts[0]}" if len(parts) > 1 else _text(value) or None


def _number(leaves: Leaves) -> UUID | None:
    text = next((_text(leaves[name]) for name in NUMBERS if _text(leaves.get(name))), "")
    if not text:
        return None
    try:
        return UUID(text.removeprefix("uuid:"))
    except ValueError:
        return uuid5(NAMESPACE_URL, text)


def _day(leaves: Leaves) -> date | None:
    """Return the day that the device had; without one, that on which the server received it."""
    for name in (TODAY, *SUBMITTED):
        text = _text(leaves.get(name))
        try:
            day = parse_date(text[:10]) if text else None
        except ValueError:
            day = None
        if day is not None:
            return day
    return None


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is None:
        return None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value).strip()
