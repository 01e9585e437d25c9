"""Reading one answer: from what a person wrote or a program sent to the value that is kept."""

import re
from collections.abc import Callable
from datetime import date

from greenward.packs.schema.forms import Field
from greenward.survey.answers.problems import MOST_CHARACTERS, AnswerError
from greenward.survey.answers.text import BROKEN, is_unknown, plain, without_controls

Answer = bool | int | float | date | str
"""A known value. ``count`` and ``year`` are int, ``number`` is float rounded to the field's decimals."""

LARGEST = 2**53
"""A double, in which numbers are compared and added up, holds whole numbers exactly up to here."""

YES = frozenset({"是", "有", "√", "✓", "✔", "对", "已", "y", "yes", "true", "1", "1.0"})
NO = frozenset({"否", "无", "×", "✗", "✘", "x", "没有", "不是", "未", "n", "no", "false", "0", "0.0"})

NUMBER = re.compile(
    r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|[+-]?\.\d+|[+-]?\d+(\.\d+)?e[+-]?\d+", re.IGNORECASE
)
DATE = re.compile(
    r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?(?:[ t]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?",
    re.IGNORECASE,
)
COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})")
YEAR = re.compile(r"(\d{4})(?:\.0+)?\s*年?")


def read(field: Field, raw: object) -> Answer | None:
    """Return the answer that ``raw`` means for ``field``, None for no answer. AnswerError if it cannot."""
    if raw is None:
        return None
    if isinstance(raw, bool):
        if field.type != "bool":
            raise AnswerError(WRONG[field.type])
        return raw
    written = without_controls(raw.isoformat() if isinstance(raw, date) else str(raw))
    text = plain(written)
    if is_unknown(text):
        return None
    if text.lower() in BROKEN:
        raise AnswerError("error_cell")
    return READERS[field.type](field, written if field.type == "text" else text)


def to_json(answer: Answer | None) -> bool | float | str | None:
    """Return the answer as entries keep it: dates as ISO text."""
    return answer.isoformat() if isinstance(answer, date) else answer


def from_json(field: Field, kept: object) -> Answer | None:
    """Return what an entry keeps as an answer; None for what does not have the field's type."""
    answer: Answer | None = None
    if isinstance(kept, bool):
        answer = kept if field.type == "bool" else None
    elif isinstance(kept, int | float) and field.type == "number":
        answer = float(kept)
    elif isinstance(kept, int | float) and field.type in {"count", "year"}:
        answer = int(kept) if float(kept).is_integer() else None
    elif isinstance(kept, str) and field.type == "date":
        answer = _day(kept)
    elif isinstance(kept, str) and field.type in {"choice", "text"}:
        answer = kept
    return answer


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _bool(_field: Field, text: str) -> bool:
    word = text.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise AnswerError("not_a_bool")


def _number(field: Field, text: str) -> float:
    if text.endswith("%"):
        if field.unit not in {"%", "％"}:
            raise AnswerError("is_a_percentage")
        text = text[:-1].strip()
    elif field.unit:
        text = text.removesuffix(plain(field.unit)).strip()
    if NUMBER.fullmatch(text) is None:
        raise AnswerError("not_a_number")
    number = float(text.replace(",", ""))
    if abs(number) > LARGEST:
        raise AnswerError("out_of_range")
    rounded = round(number, field.decimals) if field.decimals is not None else number
    within(field, rounded)
    return rounded


def _count(field: Field, text: str) -> int:
    number = _number(field, text)
    if not number.is_integer():
        raise AnswerError("not_whole")
    if number < 0:
        raise AnswerError("below_min" if field.min is not None else "not_a_number")
    return int(number)


def _year(field: Field, text: str) -> int:
    found = YEAR.fullmatch(text)
    if found is None:
        raise AnswerError("not_a_year")
    year = int(found[1])
    within(field, year)
    return year


def within(field: Field, number: float) -> None:
    """Raise AnswerError when ``number`` lies outside the field's bounds."""
    if field.min is not None and number < field.min:
        raise AnswerError("below_min")
    if field.max is not None and number > field.max:
        raise AnswerError("above_max")


def _date(_field: Field, text: str) -> date:
    found = DATE.fullmatch(text) or COMPACT_DATE.fullmatch(text)
    if found is None:
        raise AnswerError("not_a_date")
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise AnswerError("not_a_date") from None


def _choice(field: Field, text: str) -> str:
    for choice in field.choices:
        names = (choice.value, choice.label.zh, choice.label.en, *choice.aliases)
        if text.lower() in {plain(name).lower() for name in names}:
            return choice.value
    raise AnswerError("not_a_choice")


def _text(_field: Field, text: str) -> str:
    if len(text) > MOST_CHARACTERS:
        raise AnswerError("too_long")
    return text


READERS: dict[str, Callable[[Field, str], Answer]] = {
    "bool": _bool,
    "count": _count,
    "number": _number,
    "choice": _choice,
    "date": _date,
    "year": _year,
    "text": _text,
}
WRONG = {
    "count": "not_a_number",
    "number": "not_a_number",
    "choice": "not_a_choice",
    "date": "not_a_date",
    "year": "not_a_year",
    "text": "not_a_choice",
}
