"""From a sheet to columns: its data rows, who they are about as written, and every answer, typed."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import polars as pl

from greenward.packs.schema.forms import Field, Form
from greenward.survey.answers.columns import IN_CELL, as_text, read_column
from greenward.survey.answers.units import is_unit
from greenward.survey.workbooks.blocks import TEXT, Block, ColumnRead
from greenward.survey.workbooks.cards import card_of, find_card
from greenward.survey.workbooks.grid import Sheet
from greenward.survey.workbooks.headings import find_headings
from greenward.survey.workbooks.manners import Unit, manner_of, notes_of, unit_of
from greenward.survey.workbooks.meanings import (
    COMMUNITY_CODE,
    COMMUNITY_NAME,
    COMPOUND_NAME,
    DISTRICT,
    STREET,
)
from greenward.survey.workbooks.problems import Problems
from greenward.survey.workbooks.sources import cells_of, stands
from greenward.survey.workbooks.tabular import table_of
from greenward.survey.workbooks.telling import tell_cells, tell_heading, tell_headings, tell_not_in_cell

__all__ = ["ColumnRead", "Reading", "best_layout", "read_sheet"]

WHERE = {
    "code": COMMUNITY_CODE,
    "community": COMMUNITY_NAME,
    "street": STREET,
    "district": DISTRICT,
    "compound": COMPOUND_NAME,
}
OVER_ALL = re.compile(r"(?:^|[^一-鿿]|计量|数据)单位\s*[:：]\s*([^\s)）]{1,30})")
"""The unit of a whole table, said above it: 单位：万平方米 (but not 填报单位：…)."""


@dataclass(frozen=True)
class Reading:
    """What a sheet says.

    ``rows``: sheet, row, column, code, community, street, district, compound, faulty (some cell does not
    fit), then a column ``=field`` per field found, and ``?field`` (the cell does not fit) where any does not.
    ``letters``: field id → column. Where fields stand below each other, ``lines`` says field id → row, and
    the rows their own ``column`` if there are several; both are empty for a plain table. ``skipped``: total
    and note rows, by their Excel numbers. ``notes``: what else the clerk should know.
    """

    sheet: str
    rows: pl.DataFrame
    fields: tuple[Field, ...]
    letters: Mapping[str, str]
    skipped: tuple[int, ...]
    unknown_headings: tuple[str, ...]
    lines: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    columns: tuple[ColumnRead, ...] = ()
    heading_row: int = 0


@dataclass
class _Answers:
    """Answers and problems of a block as they are read, field by field."""

    fields: list[Field] = field(default_factory=list)
    read: list[pl.Series] = field(default_factory=list)
    unread: dict[str, pl.Series] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def best_layout(
    sheet: Sheet, form: Form, given: Mapping[str, str] | None = None
) -> tuple[Callable[[], Block] | None, int]:
    """Return what reads the sheet's rows in whichever layout names more fields, and how many it names.

    None where the sheet is neither a table nor a card of the form.
    """
    headings, card = find_headings(sheet, form, given), find_card(sheet, form, given)
    if card is not None and (headings is None or card.fields > headings.fields):
        return partial(card_of, sheet, card), len(card.labels)
    if headings is None:
        return None, 0
    return partial(table_of, sheet, form, headings), len(headings.columns)


def read_sheet(
    sheet: Sheet, form: Form, problems: Problems, *, given: Mapping[str, str] | None = None
) -> Reading | None:
    """Read one sheet; None when it has no heading row. Cells that do not fit are told to ``problems``.

    ``given``: what people said of headings (by ``ColumnRead.key``), empty for not to be read.
    """
    layout, _named = best_layout(sheet, form, given)
    if layout is None:
        return None
    block = layout()
    tell_headings(block, problems)
    answers = _answered(block, form, _over_all(sheet, block), problems)
    return Reading(
        sheet=sheet.name,
        rows=_rows(block, answers),
        fields=tuple(answers.fields),
        letters={one.id: block.places[stands(one, block)].letter for one in answers.fields},
        skipped=block.skipped,
        unknown_headings=tuple(f"{one.letter} {one.heading}" for one in block.columns if _is_news(one)),
        lines={one.id: block.lines[one.id] for one in answers.fields if one.id in block.lines},
        notes=(*block.notes, *answers.notes),
        columns=tuple(_refused(one, answers.refused) for one in block.columns),
        heading_row=block.heading_row,
    )


def _answered(block: Block, form: Form, over_all: Sequence[str], problems: Problems) -> _Answers:
    answers = _Answers()
    for one in form.fields:
        if stands(one, block) not in block.places:
            continue
        if one.type in IN_CELL:
            tell_not_in_cell(one, block, problems)
            answers.refused.add(one.id)
            continue
        unit = unit_of(one, block.places[stands(one, block)], over_all)
        if unit.code:
            tell_heading(block, one.id, unit.code, problems)
            answers.refused.add(one.id)
            continue
        _read_field(one, block, unit, answers, problems)
    return answers


def _read_field(one: Field, block: Block, unit: Unit, answers: _Answers, problems: Problems) -> None:
    place = block.places[stands(one, block)]
    cells = cells_of(one, block)
    manner = manner_of(one, cells, unit, since_1904=block.since_1904)
    read, codes = read_column(one, cells, manner)
    for first, last in block.merged.get(one.id, ()):
        here = list(range(first, last + 1))
        read = read.scatter(here, [None] * len(here))
        codes = codes.scatter(here, ["merged_number"] * len(here))
    answers.fields.append(one)
    answers.read.append(read.alias(f"={one.id}"))
    answers.notes += [
        f"“{block.sheet}”{place.letter} 列{note}"
        for note in notes_of(one, cells, block.rows["row"], manner=manner, unit=unit, title=place.title)
    ]
    if codes.null_count() < len(codes):
        answers.unread[one.id] = codes.is_not_null()
        tell_cells(one, block, cells, codes, problems)


def _rows(block: Block, answers: _Answers) -> pl.DataFrame:
    given = block.rows
    nothing = pl.lit(None, TEXT)
    where = [
        as_text(given[mark]).str.strip_chars().alias(name) if mark in given.columns else nothing.alias(name)
        for name, mark in WHERE.items()
    ]
    faulty = pl.Series([False], dtype=pl.Boolean()).new_from_index(0, given.height)
    for unread in answers.unread.values():
        faulty |= unread
    return given.select(pl.lit(block.sheet).alias("sheet"), "row", "column", *where).with_columns(
        faulty.alias("faulty"),
        *answers.read,
        *(series.alias(f"?{name}") for name, series in answers.unread.items()),
    )


def _over_all(sheet: Sheet, block: Block) -> tuple[str, ...]:
    """Return the units said above the table for all of its columns."""
    above = sheet.head(max(block.heading_row - 1, 0)).iter_rows()
    said = (found[1] for row in above for text in row if text and (found := OVER_ALL.search(text)))
    return tuple(part for text in said for part in re.split(r"[、,，;；/和]", text) if is_unit(part))


def _is_news(one: ColumnRead) -> bool:
    """Tell whether somebody should hear that a column was not read: those left aside are no news."""
    return one.origin == "unknown" and one.key not in {"序号", "no", "no.", "#", "行号", "编号"}


def _refused(one: ColumnRead, refused: set[str]) -> ColumnRead:
    if one.meaning not in refused:
        return one
    return ColumnRead(one.letter, one.heading, one.key, "", "refused")
