"""Writing into a sheet's cells what the reader left out, and making a sheet of what was read."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from greenward.survey.answers.columns import as_text
from greenward.survey.workbooks.grid import Area, Sheet, index_of, letter

Cell = tuple[int, str]
"""A row as Excel counts, and a column's letter."""


def written_in(cells: pl.DataFrame, letters: Sequence[str], texts: Mapping[Cell, str]) -> pl.DataFrame:
    """Return the cells with ``texts`` in their places; those outside are left out."""
    places = {name: number for number, name in enumerate(letters)}
    by_column: dict[str, list[tuple[int, str]]] = {}
    for (row, name), text in texts.items():
        if name in places and 0 < row <= cells.height:
            by_column.setdefault(name, []).append((row - 1, text))
    for name, found in by_column.items():
        column = cells.to_series(places[name])
        column = column.scatter([row for row, _text in found], [text for _row, text in found])
        cells = cells.with_columns(column)
    return cells


def with_percents(
    cells: pl.DataFrame, letters: Sequence[str], rows: Mapping[str, Sequence[int]]
) -> pl.DataFrame:
    """Return the cells with 0.3 as 30% where they are shown so: ``rows`` by column, as Excel counts."""
    places = {name: number for number, name in enumerate(letters)}
    for name in rows.keys() & places.keys():
        column = cells.to_series(places[name])
        here = pl.Series([row - 1 for row in rows[name] if 0 < row <= cells.height], dtype=pl.UInt32)
        shown = as_text((column.gather(here).cast(pl.Float64(), strict=False) * 100).round(9)) + "%"
        there = shown.is_not_null()
        cells = cells.with_columns(column.scatter(here.filter(there), shown.filter(there)))
    return cells


def sheet_of(
    name: str,
    cells: pl.DataFrame,
    first: int = 0,
    *,
    merged: Iterable[tuple[int, int, int, int]] = (),
    hidden_rows: Iterable[int] = (),
    hidden_columns: Iterable[tuple[int, int]] = (),
    since_1904: bool = False,
) -> Sheet:
    """Return a sheet from its cells; ``first`` is the first column's index, all other places are Excel's."""
    letters = tuple(letter(first + number) for number in range(cells.width))
    areas = tuple(
        Area(top, max(left - first, 0), min(bottom, cells.height - 1), min(right - first, cells.width - 1))
        for top, left, bottom, right in merged
        if top < cells.height and left - first < cells.width and right >= first
    )
    hidden = tuple(one for one in letters if any(a <= index_of(one) <= b for a, b in hidden_columns))
    rows = tuple(sorted({row for row in hidden_rows if 0 < row <= cells.height}))
    return Sheet(name, cells, letters, areas, rows, hidden, since_1904)
