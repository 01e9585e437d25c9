"""What a sheet's layouts have in common: rows of texts by meaning, and where each of them stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

TEXT = pl.String()


@dataclass(frozen=True)
class ColumnRead:
    """How a column was read: its heading as written and as it is remembered (``key``), and its meaning.

    ``meaning`` is a field id or a mark (``#code`` …), empty where the column is not read; ``origin`` says
    why: ``known`` spelling, ``given`` by people, ``unknown``, ``repeated``, or ``refused`` where the heading
    does not say clearly what or in which unit (the problem at the heading says more).
    """

    letter: str
    heading: str
    key: str
    meaning: str
    origin: str


@dataclass(frozen=True)
class Place:
    """Where a heading stands (``row`` as Excel counts), what it says, and the remarks it carries."""

    letter: str
    row: int
    title: str
    remarks: tuple[str, ...] = ()
    given: bool = False


@dataclass(frozen=True)
class Block:
    """Rows of texts.

    ``rows``: ``row`` (as Excel counts), ``column`` (a letter where every record is a column, else null), and
    a column of texts per meaning. ``places``: where each meaning stands. ``lines``: the row of each meaning,
    where they stand below each other. ``merged``: by meaning, runs of rows (first, last; from 0) that share
    one number.
    """

    sheet: str
    rows: pl.DataFrame
    places: Mapping[str, Place]
    columns: tuple[ColumnRead, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[int, ...] = ()
    heading_row: int = 0
    merged: Mapping[str, Sequence[tuple[int, int]]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    since_1904: bool = False

    def at(self, meaning: str, row: int, column: str | None) -> tuple[int, str]:
        """Return the row as Excel counts and the letter of a meaning's cell in one of the rows."""
        return self.lines.get(meaning, row), column or self.places[meaning].letter
