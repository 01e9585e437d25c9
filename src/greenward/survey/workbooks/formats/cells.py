"""Writing into a sheet's cells what the reader left out, and making a sheet of what was read."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from greenward.survey.answers.columns import as_text
from greenward.survey.workbooks.grid import Area, Sheet, index_of, letter

Cell = tuple[int, str]
"""A row as Excel counts, and a column's letter."""


def written_in(
    cells: pl.DataFrame, letters: Sequence[str], texts: Mapping[Cell, str], before: int = 0
) -> pl.DataFrame:
    """Return the cells with ``texts`` in their places, those elsewhere left out; ``before``: rows above."""
    places = {name: number for number, name in enumerate(letters)}
    by_column: dict[str, list[tuple[int, str]]] = {}
    for (row, name), text in texts.items():
        if name in places and before < row <= before + cells.height:
            by_column.setdefault(name, []).append((row - before - 1, text))
    for name, found in by_column.items():
        column = as_text(cells.to_series(places[name]))
        column = column.scatter([row for row, _text in found], [text for _row, text in found])
        cells = cells.with_columns(column)
    return cells


def with_percents(
    cells: pl.DataFrame, letters: Sequence[str], rows: Mapping[str, Sequence[int]], before: int = 0
) -> pl.DataFrame:
    """Return the cells with 0.3 as 30% where they are shown so: ``rows`` by column, as Excel counts.

    ``before``: rows above these cells.
    """
    places = {name: number for number, name in enumerate(letters)}
    for name in rows.keys() & places.keys():
        column = as_text(cells.to_series(places[name]))
        inside = range(before + 1, before + 1 + cells.height)
        here = pl.Series([row - before - 1 for row in rows[name] if row in inside], dtype=pl.UInt32)
        shown = as_text((column.gather(here).cast(pl.Float64(), strict=False) * 100).round(9)) + "%"
        there = shown.is_not_null()
        cells = cells.with_columns(column.scatter(here.filter(there), shown.filter(there)))
    return cells


def sheet_of(
    name: str,
    top: pl.DataFrame,
    first: int = 0,
    *,
    body: pl.DataFrame | None = None,
    merged: Iterable[tuple[int, int, int, int]] = (),
    hidden_rows: Iterable[int] = (),
    hidden_columns: Iterable[tuple[int, int]] = (),
    since_1904: bool = False,
) -> Sheet:
    """Return a sheet from its cells; ``first`` is the first column's index, all other places are Excel's."""
    width, height = top.width, top.height + (0 if body is None else body.height)
    letters = tuple(letter(first + number) for number in range(width))
    areas = tuple(
        Area(upper, max(left - first, 0), min(lower, height - 1), min(right - first, width - 1))
        for upper, left, lower, right in merged
        if upper < height and left - first < width and right >= first
    )
    hidden = tuple(one for one in letters if any(a <= index_of(one) <= b for a, b in hidden_columns))
    rows = tuple(sorted({row for row in hidden_rows if 0 < row <= height}))
    return Sheet(name, top, letters, areas, rows, hidden, since_1904, body)
