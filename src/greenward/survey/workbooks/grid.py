"""What an opened workbook is, whatever its format: sheets of cells as people see them."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from greenward.survey.answers.columns import as_text

MEGABYTE = 1024 * 1024
MOST_COLUMNS = 500
KEY_SHEET = "_greenward"
"""The hidden sheet in which a template says what it was made for."""


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be: bytes as uploaded, bytes unpacked, rows of a sheet, cells of a sheet."""

    packed: int
    unpacked: int
    rows: int
    cells: int


FROM_BROWSER = Limits(packed=20 * MEGABYTE, unpacked=400 * MEGABYTE, rows=50_000, cells=8_000_000)
FROM_COMMAND_LINE = Limits(packed=200 * MEGABYTE, unpacked=3000 * MEGABYTE, rows=300_000, cells=40_000_000)


@dataclass(frozen=True)
class Area:
    """Merged cells: rows and columns of ``Sheet.cells``, from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class Sheet:
    """A visible sheet.

    ``top``: cells as text, row 1 of Excel first (null if blank, an error as #N/A, a formula that was never
    reckoned as =…, percent as 30%, days as 2021-09-30 00:00:00). ``body``: the rows below, where a column
    that holds nothing but numbers may be numbers; None where all rows are in ``top``. ``letters``: each
    column's letter; columns follow each other. ``hidden_rows`` as Excel counts and ``hidden_columns`` by
    letter are among the cells. ``since_1904``: bare numbers of days count from 1904.
    """

    name: str
    top: pl.DataFrame
    letters: tuple[str, ...]
    merged: tuple[Area, ...] = ()
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[str, ...] = ()
    since_1904: bool = False
    body: pl.DataFrame | None = None

    @property
    def height(self) -> int:
        """How many rows there are, blank ones among them."""
        return self.top.height + (0 if self.body is None else self.body.height)

    @cached_property
    def cells(self) -> pl.DataFrame:
        """Every cell as text."""
        return self.head(self.height)

    def head(self, many: int) -> pl.DataFrame:
        """Return the first rows as text."""
        if self.body is None or many <= self.top.height:
            return self.top.head(many)
        below = self.body.head(many - self.top.height)
        return pl.concat([self.top, below.select(as_text(column) for column in below)])

    def below(self, first: int) -> pl.DataFrame:
        """Return the rows from index ``first`` on, as they were read where they are all in the body."""
        if self.body is None or first < self.top.height:
            return self.cells[first:]
        return self.body[first - self.top.height :]


@dataclass(frozen=True)
class Workbook:
    """What was opened: the visible sheets, the template's own key (empty in other workbooks), and notes."""

    sheets: tuple[Sheet, ...]
    key: dict[str, str]
    notes: tuple[str, ...] = ()


def letter(index: int) -> str:
    """Return a column's letter as Excel shows it; 0 is A."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def index_of(letters: str) -> int:
    """Return a column's index from its letters; A is 0."""
    index = 0
    for sign in letters:
        index = index * 26 + ord(sign) - 64
    return index - 1
