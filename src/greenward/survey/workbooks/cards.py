"""A sheet as a card: labels with their answers beside them, for one community, or a column for each.

项目 | 数值, a registration form with two or three pairs in a row, or a table turned on its side.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from greenward.packs.schema.forms import Form
from greenward.survey.answers.units import is_unit
from greenward.survey.workbooks.blocks import TEXT, Block, ColumnRead, Place
from greenward.survey.workbooks.context import about, completed
from greenward.survey.workbooks.grid import Sheet
from greenward.survey.workbooks.meanings import (
    COMMUNITY_CODE,
    COMMUNITY_NAME,
    WHERE,
    Found,
    Meanings,
    path_key,
)

TALLEST, WIDEST = 400, 300
FEWEST = 3
ASIDE = re.compile(r"^\s*(填写说明|填表说明|说明|目录|封面|instructions|readme)", re.IGNORECASE)
UNIT = frozenset({"单位", "计量单位"})
Texts = Sequence[Sequence[str | None]]


@dataclass(frozen=True)
class Label:
    """A label: where it stands (from 0), and the columns of the answers beside it."""

    row: int
    column: int
    text: str
    found: Found
    answers: tuple[int, ...]


@dataclass(frozen=True)
class Card:
    """The labels of a card; ``records`` are the columns of a card for several communities, else empty."""

    labels: tuple[Label, ...]
    records: tuple[int, ...]

    @property
    def fields(self) -> int:
        """How many labels are answers."""
        return sum(one.found.meaning not in WHERE for one in self.labels)


def find_card(sheet: Sheet, form: Form, given: Mapping[str, str] | None = None) -> Card | None:
    """Return the sheet's labels; None where it is no card."""
    if sheet.height > TALLEST or len(sheet.letters) > WIDEST or ASIDE.search(sheet.name):
        return None
    labels = tuple(_labels(_texts(sheet), Meanings(form, given or {})))
    if sum(one.found.meaning not in WHERE for one in labels) < FEWEST:
        return None
    return Card(labels, _records(labels))


def card_of(sheet: Sheet, card: Card) -> Block:
    """Return the card's records as rows."""
    texts = _texts(sheet)
    labels = {one.found.meaning: one for one in reversed(card.labels)}
    said = completed(labels, about(sheet, min(one.row for one in card.labels)))
    first = next(
        (labels[mark].row for mark in (COMMUNITY_NAME, COMMUNITY_CODE) if mark in labels), card.labels[0].row
    )
    records = card.records or (None,)
    columns = {
        meaning: [texts[one.row][one.answers[0] if at is None else at] for at in records]
        for meaning, one in labels.items()
    }
    rows = pl.DataFrame(
        {
            "row": pl.Series([first + 1] * len(records), dtype=pl.Int64()),
            "column": pl.Series([None if at is None else sheet.letters[at] for at in records], dtype=TEXT),
            **{name: pl.Series(cells, dtype=TEXT) for name, cells in columns.items()},
            **{mark: pl.Series([text] * len(records), dtype=TEXT) for mark, text in said.items()},
        }
    )
    rows = rows.filter(pl.any_horizontal(pl.col(name).is_not_null() for name in columns))
    places = {
        meaning: Place(
            sheet.letters[one.answers[0]], one.row + 1, one.text, one.found.remarks, given=one.found.given
        )
        for meaning, one in labels.items()
    }
    return Block(
        sheet=sheet.name,
        rows=rows,
        places=places,
        columns=tuple(_column(sheet, one, labels) for one in card.labels),
        lines={meaning: one.row + 1 for meaning, one in labels.items()},
        heading_row=first + 1,
        since_1904=sheet.since_1904,
    )


def _column(sheet: Sheet, one: Label, labels: Mapping[str, Label]) -> ColumnRead:
    read = labels[one.found.meaning] is one
    origin = "given" if one.found.given else "known" if read else "repeated"
    meaning = one.found.meaning if read else ""
    return ColumnRead(sheet.letters[one.column], one.text, path_key((one.text,)), meaning, origin)


def _texts(sheet: Sheet) -> Texts:
    return [list(row) for row in sheet.cells.iter_rows()]


def _labels(texts: Texts, meanings: Meanings) -> Iterator[Label]:
    """Yield every label with what stands to its right, up to the next label."""
    for number, row in enumerate(texts):
        said = [(column, text, meanings.of((text,))) for column, text in enumerate(row) if text is not None]
        known = [n for n, (_column, _text, found) in enumerate(said) if found.meaning]
        for n in known:
            column, _text, found = said[n]
            until = next((said[m][0] for m in known if m > n), len(row))
            if until > column + 1:
                yield _label(number, column, row[:until], found)


def _label(number: int, column: int, row: Sequence[str | None], found: Found) -> Label:
    """Return a label with its answers; a unit that stands between them is a remark."""
    answers = [at for at in range(column + 1, len(row)) if row[at] is not None]
    remarks = found.remarks
    first = (row[answers[0]] or "").strip("()（） ") if answers else ""
    if first in UNIT or is_unit(first):
        remarks = remarks if first in UNIT else (*remarks, first)
        answers = answers[1:] or [min(answers[0] + 1, len(row) - 1)]
    found = Found(found.meaning, remarks, given=found.given)
    return Label(number, column, row[column] or "", found, tuple(answers) or (column + 1,))


def _records(labels: Sequence[Label]) -> tuple[int, ...]:
    """Return the columns of the communities, where the label that names them has several answers."""
    named = [one for one in labels if one.found.meaning in {COMMUNITY_NAME, COMMUNITY_CODE}]
    widest = max((one.answers for one in named), key=len, default=())
    others = [one for one in labels if one.found.meaning not in WHERE]
    alike = sum(set(one.answers) <= set(widest) for one in others)
    return widest if len(widest) > 1 and alike * 2 > len(others) else ()
