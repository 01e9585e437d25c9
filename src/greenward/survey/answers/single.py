"""Reading one answer: from what a person wrote or a program sent to the value that is kept."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import date

from greenward.packs.schema.forms import Column, Field
from greenward.survey.answers.dates import day
from greenward.survey.answers.manner import PLAIN, Manner
from greenward.survey.answers.numbers import count, number, year
from greenward.survey.answers.positions import position
from greenward.survey.answers.problems import MOST_CHARACTERS, AnswerError
from greenward.survey.answers.text import BROKEN, is_unknown, plain, without_controls

Row = dict[str, bool | float | str | None]
"""A row of a table: column id → value as entries keep it."""
Simple = bool | int | float | date | str
"""A value that rules can reckon with."""
Answer = Simple | list[Row]
"""A known value. ``count`` and ``year`` are int, ``number`` is float rounded to the field's decimals.

A position is the text ``longitude,latitude``, a file its reference, a table the list of its rows.
"""

YES = frozenset(
    {"是", "有", "√", "✓", "✔", "☑", "●", "对", "已", "已有", "已建", "y", "yes", "true", "1", "1.0"}
)
NO = frozenset(
    {"否", "无", "×", "✗", "✘", "☒", "x", "没有", "不是", "未", "没", "未建", "n", "no", "false", "0", "0.0"}
)
CIRCLES = frozenset({"○", "〇", "◯", "o"})
"""Yes beside ×, no beside √; alone nobody knows."""
TICKED = re.compile(r"[☑√✓✔■]\s*([^\s□☐☑√✓✔■]+)")
BOXES = frozenset("□☐")
NUMBERED = re.compile(r"[0-9A-Za-z①-⑨]{1,2}\s*[.、)：:]\s*(?=\D)")
MOST_ROWS = 200


def read(field: Field | Column, raw: object, manner: Manner = PLAIN) -> Answer | None:
    """Return the answer that ``raw`` means for ``field``, None for no answer. AnswerError if it cannot."""
    if raw is None:
        return None
    if isinstance(raw, bool):
        if field.type != "bool":
            raise AnswerError(WRONG[field.type])
        return raw
    if isinstance(field, Field) and field.type == "table":
        return _table(field, raw)
    if isinstance(raw, list | dict) and field.type != "position":
        raise AnswerError(WRONG[field.type])
    written = without_controls(raw.isoformat() if isinstance(raw, date) else str(raw))
    text = plain(written)
    if is_unknown(text):
        return None
    if text.lower() in BROKEN:
        raise AnswerError("error_cell")
    if text.startswith("=") and len(text) > 1:
        raise AnswerError("formula_without_value")
    return READERS[field.type](field, written if field.type in {"text", "file"} else text, manner)


def simple(answers: Mapping[str, Answer | None]) -> dict[str, Simple | None]:
    """Return the answers that rules can reckon with: all but tables."""
    return {name: answer for name, answer in answers.items() if not isinstance(answer, list)}


def to_json(answer: Answer | None) -> bool | float | str | list[Row] | None:
    """Return the answer as entries keep it: dates as ISO text."""
    return answer.isoformat() if isinstance(answer, date) else answer


def from_json(field: Field | Column, kept: object) -> Answer | None:
    """Return what an entry keeps as an answer; None for what does not have the field's type."""
    answer: Answer | None = None
    if isinstance(kept, bool):
        answer = kept if field.type == "bool" else None
    elif isinstance(kept, int | float) and field.type == "number":
        answer = float(kept)
    elif isinstance(kept, int | float) and field.type in {"count", "year"}:
        answer = int(kept) if float(kept).is_integer() else None
    elif isinstance(kept, str) and field.type == "date":
        answer = _iso(kept)
    elif isinstance(kept, str) and field.type in {"choice", "text", "position", "file"}:
        answer = kept
    elif isinstance(kept, list) and isinstance(field, Field) and field.type == "table":
        answer = [_kept_row(field, row) for row in kept if isinstance(row, Mapping)]
    return answer


def _kept_row(field: Field, row: Mapping[str, object]) -> Row:
    known = {column.id: from_json(column, row.get(column.id)) for column in field.columns}
    return {name: _cell(value) for name, value in known.items() if value is not None}


def _cell(answer: Answer | None) -> bool | float | str | None:
    kept = to_json(answer)
    return None if isinstance(kept, list) else kept


def _iso(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _bool(_field: Field | Column, text: str, manner: Manner) -> bool:
    word = _ticked(text).lower()
    if word in YES:
        return True
    if word in NO:
        return False
    if word in CIRCLES:
        if manner.circle is None:
            raise AnswerError("circle_unclear")
        return manner.circle
    raise AnswerError("not_a_bool")


def _ticked(text: str) -> str:
    """Return the one answer that is ticked in ``☑是 □否``; the text itself where nothing offers boxes."""
    if not BOXES & set(text):
        return text
    chosen = TICKED.findall(text)
    return chosen[0] if len(chosen) == 1 else text


def _choice(field: Field | Column, text: str, _manner: Manner) -> str:
    word = _ticked(text).lower()
    names = {
        plain(name).lower(): choice.value
        for choice in field.choices
        for name in (choice.value, choice.label.zh, choice.label.en, *choice.aliases)
    }
    found = names.get(word) or names.get(NUMBERED.sub("", word, count=1))
    if found is None:
        raise AnswerError("not_a_choice")
    return found


def _text(_field: Field | Column, text: str, _manner: Manner) -> str:
    if len(text) > MOST_CHARACTERS:
        raise AnswerError("too_long")
    return text


def _table(field: Field, raw: object) -> list[Row] | None:
    """Return the rows of a table without empty ones; nothing but empty ones is no answer, ``[]`` is none."""
    if isinstance(raw, str):
        if is_unknown(plain(raw)):
            return None
        raw = _from_text(raw)
    if not isinstance(raw, list):
        raise AnswerError("not_a_table")
    if len(raw) > MOST_ROWS:
        raise AnswerError("too_many_rows")
    columns = {column.id: column for column in field.columns}
    rows: list[Row] = []
    for line, given in enumerate(raw, 1):
        if not isinstance(given, Mapping) or given.keys() - columns.keys():
            raise AnswerError("not_a_table")
        row = {name: _cell(_in_row(columns[name], value, line)) for name, value in given.items()}
        row = {name: row[name] for name in columns if row.get(name) is not None}
        if row:
            rows.append(row)
    return rows if rows or not raw else None


def _from_text(raw: str) -> object:
    """Return a table's rows from JSON, as a form's control holds them."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise AnswerError("table_in_cell") from None


def _in_row(column: Column, value: object, line: int) -> Answer | None:
    try:
        return read(column, value)
    except AnswerError as error:
        raise AnswerError("cell_of_table", column=column, inner=error.code, row=line) from None


READERS: dict[str, Callable[[Field | Column, str, Manner], Answer]] = {
    "bool": _bool,
    "count": count,
    "number": number,
    "choice": _choice,
    "date": day,
    "year": year,
    "text": _text,
    "position": position,
    "file": _text,
}
WRONG = {
    "count": "not_a_number",
    "number": "not_a_number",
    "choice": "not_a_choice",
    "date": "not_a_date",
    "year": "not_a_year",
    "text": "not_a_text",
    "position": "not_a_position",
    "file": "not_a_file",
    "table": "not_a_table",
}
