"""Reading numbers, counts and years as people write them: separators, units, 万, percent."""

import re
from decimal import Decimal

from greenward.packs.schema.forms import Column, Field
from greenward.survey.answers.manner import Manner
from greenward.survey.answers.problems import AnswerError
from greenward.survey.answers.text import plain
from greenward.survey.answers.units import in_terms_of, is_magnitude

LARGEST = 2**53
"""A double, in which numbers are compared and added up, holds whole numbers exactly up to here."""
DIGITS = 6
"""Digits after the point that are kept of a converted number, where the field does not say how many."""
NUMBER = re.compile(
    r"(?P<number>[+-]?\d+(?:\.\d+)?e[+-]?\d+|[+-]?\.\d+"
    r"|[+-]?(?:\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?)(?![\d.,])\s*(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
NOT_EXACT = re.compile(
    r"约|左右|上下|[余多几]|近|将近|不到|不足|以[上下内]|超过?|[≥≤><~～+±]|\d\s*[-–—~至到]+\s*\d"
)
DATE_CELL = re.compile(r"(\d{4})-\d{2}-\d{2}[ t]\d{2}:\d{2}:\d{2}.*", re.IGNORECASE)
"""What the reader gives for a cell that Excel shows as a date."""
YEAR = re.compile(
    r"(\d{4}|\d,\d{3})(?:\.0+)?\s*年?|(\d{4})\s*[-./年]\s*\d{1,2}\s*(?:[-./月]\s*(?:\d{1,2}\s*日?)?)?"
)
SERIAL_YEARS = range(1904, 1907)
"""A year in a cell with the format of a date shows as a day in these years: 1998 is 1905-06-20."""


def number(field: Field | Column, text: str, manner: Manner) -> float:
    """Return the number that ``text`` (plain) says, in the field's unit, rounded to its decimals."""
    value = _in_unit(field, text.lstrip("'’‘").replace("−", "-"), manner)
    if abs(value) > LARGEST:
        raise AnswerError("out_of_range")
    places = field.decimals if field.decimals is not None else None
    rounded = round(value, places) if places is not None else value
    within(field, rounded)
    return rounded


def count(field: Field | Column, text: str, manner: Manner) -> int:
    """Return the whole number that ``text`` says, none below zero."""
    value = number(field, text, manner)
    if not value.is_integer():
        raise AnswerError("not_whole")
    if value < 0:
        raise AnswerError("below_min" if field.min is not None else "not_a_number")
    return int(value)


def year(field: Field | Column, text: str, _manner: Manner) -> int:
    """Return the year; of a month or a day, its year."""
    shown = DATE_CELL.fullmatch(text)
    if shown is not None:
        if int(shown[1]) in SERIAL_YEARS:
            raise AnswerError("is_a_date")
        text = shown[1]
    found = YEAR.fullmatch(text)
    if found is None:
        raise AnswerError("not_a_year")
    value = int((found[1] or found[2]).replace(",", ""))
    within(field, value)
    return value


def within(field: Field | Column, value: float) -> None:
    """Raise AnswerError when ``value`` lies outside the field's bounds."""
    if field.min is not None and value < field.min:
        raise AnswerError("below_min")
    if field.max is not None and value > field.max:
        raise AnswerError("above_max")


def is_percent(field: Field | Column) -> bool:
    """Tell whether the field's numbers are percentages."""
    return field.unit is not None and plain(field.unit) == "%"


def _in_unit(field: Field | Column, text: str, manner: Manner) -> float:
    found = NUMBER.fullmatch(text)
    if found is None:
        raise AnswerError(_why_not(text))
    written, rest = found["number"].replace(",", "").replace(" ", ""), found["rest"].strip()
    if not rest:
        return _plain_number(written, manner)
    if rest == "%" and not is_percent(field):
        raise AnswerError("is_a_percentage")
    many = in_terms_of(rest, field.unit)
    if many is None:
        counted = any(sign.isdigit() for sign in rest)
        raise AnswerError(_why_not(text) if counted or NOT_EXACT.search(rest) else "unit_differs")
    if is_magnitude(rest) and manner.factor != 1:
        raise AnswerError("unit_twice")
    return _times(written, many)


def _plain_number(written: str, manner: Manner) -> float:
    many = Decimal(100) if manner.share else manner.factor
    return float(written) if many == 1 else _times(written, many)


def _times(written: str, many: Decimal) -> float:
    """Return the product, worked out in decimals: 1.2 万 is 12000, not nearly so."""
    return float(written) if many == 1 else round(float(Decimal(written) * many), DIGITS)


def _why_not(text: str) -> str:
    if DATE_CELL.fullmatch(text):
        return "is_a_date"
    if any(sign.isdigit() for sign in text) and NOT_EXACT.search(text):
        return "not_exact"
    return "not_a_number"
