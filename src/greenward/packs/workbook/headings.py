"""Finding the row of headings: below titles, with units in brackets, full-width or starred."""

import re
from dataclasses import dataclass

from greenward.packs.workbook.cells import folded
from greenward.packs.workbook.columns import Column, SheetSpec
from greenward.packs.workbook.grid import Row, Sheet

SEARCHED = 15
"""Rows from the top among which the headings are looked for."""
REMARK = re.compile(r"[(\[【〔][^()\[\]【】〔〕]*[)\]】〕]\s*$")


@dataclass(frozen=True)
class Headed:
    """A sheet with its columns found: by column from 0; ``body`` are the rows below the headings."""

    sheet: Sheet
    spec: SheetSpec
    columns: dict[int, Column]
    body: tuple[Row, ...]
    unknown: tuple[tuple[str, str], ...]
    """Cells of headings that mean nothing here, with their texts."""


def key_of(text: str) -> str:
    """Return a heading without spaces, stars and colons; brackets stay, for they may tell two apart."""
    return re.sub(r"[\s*:：、]+", "", folded(text)).casefold()


def bare(text: str) -> str:
    """Return a heading's key without what stands in brackets behind it, such as a unit."""
    return key_of(REMARK.sub("", folded(text)))


def headed(sheet: Sheet, spec: SheetSpec) -> Headed | None:
    """Return the sheet with its columns; None where no row has what identifies an entry."""
    best: tuple[int, Row, dict[int, Column]] | None = None
    for row in sheet.rows[:SEARCHED]:
        columns = _columns(row, spec)
        if best is None or len(columns) > len(best[2]):
            best = (row.number, row, columns)
    if best is None or len(best[2]) < min(3, len(spec.columns)):
        return None
    number, row, columns = best
    unknown = tuple(
        (sheet.cell(number, place), text) for place, text in row.cells.items() if place not in columns
    )
    return Headed(sheet, spec, columns, tuple(r for r in sheet.rows if r.number > number), unknown)


def _columns(row: Row, spec: SheetSpec) -> dict[int, Column]:
    found: dict[int, Column] = {}
    for reading in (key_of, bare):
        for place, text in row.cells.items():
            column = _column(reading(text), spec) if place not in found else None
            if column is not None and column not in found.values():
                found[place] = column
    return found


def _column(key: str, spec: SheetSpec) -> Column | None:
    for column in spec.columns:
        if key == key_of(column.heading):
            return column
    return next((c for c in spec.columns if key in {bare(c.heading), *map(key_of, c.also)}), None)
