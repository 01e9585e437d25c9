"""Reading a large sheet of .xlsx in pieces, several at a time, column by column: numbers stay numbers.

The XML is unpacked once. Each piece of rows is looked at (how far it reaches, what stands out in it) before
it becomes a small workbook of its own, which the reader reads beside the others: no more memory is needed
than for a few pieces and the columns that come of them.
"""

import io
import re
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from contextvars import copy_context
from dataclasses import dataclass, field

import fastexcel
import polars as pl

from greenward.survey.answers.columns import as_text
from greenward.survey.workbooks.formats.archive import Archive, ahead
from greenward.survey.workbooks.formats.extent import Extent, NotPlacedError, look, windows
from greenward.survey.workbooks.formats.marks import Marks, mark
from greenward.survey.workbooks.formats.package import RELATIONS, ROOT, STRINGS, STYLES, WORKBOOK, Package
from greenward.survey.workbooks.formats.reader import guarded
from greenward.survey.workbooks.grid import MEGABYTE, Limits

TEXT = pl.String()
LARGE = 8 * MEGABYTE
"""Bytes of a sheet's XML from which it pays."""
PIECE = 16 * MEGABYTE
READERS = 2
WAITING = 2
"""Pieces that may be ready while all readers are busy."""
TOP_ROWS = 40
ROW = re.compile(rb'<row\s[^<>]*?\br="(\d{1,7})"')
ROWS = re.compile(rb'<row(?:\s[^<>]*?\br="(\d{1,7})")?')
BOOLEAN = re.compile(rb'b(?<=t="b)(?=")')
NUMBER = r"^\s*[+-]?[\d,]*\d(\.\d+)?\s*$"
DIGITS = 9
"""Digits after the point that the reader keeps in texts: what Excel shows, without what fractions add."""
CORNER = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>'
"""A blank before each piece, by which its first row and column are known."""
END = b"</sheetData>"


class _NotPlainError(Exception):
    """The rows do not follow each other as they should: they cannot be cut."""


@dataclass(frozen=True)
class Large:
    """A large sheet from column A on: the first rows as texts, the rows below with numbers, and its marks."""

    top: pl.DataFrame
    body: pl.DataFrame
    marks: Marks


@dataclass
class _Sheet:
    """The sheet that is being read: what every piece needs, and what was found so far."""

    name: str
    part: str
    parts: Mapping[str, bytes]
    limits: Limits
    percent: frozenset[int]
    before: bytes = b""
    last: int = 0
    extent: Extent = field(default_factory=Extent)
    marks: Marks = field(default_factory=Marks)

    def look(self, window: bytes) -> None:
        """Look at rows before they are read."""
        look(window, self.extent, self.name, self.limits)
        mark(window, self.marks, self.name, self.percent)
        for number in ROWS.findall(window):
            if not number or int(number) <= self.last:
                raise _NotPlainError
            self.last = int(number)


@dataclass(frozen=True)
class _Piece:
    """Rows as XML, and the first one's number as Excel counts."""

    first: int
    rows: bytes


def read_large(archive: Archive, package: Package, name: str, part: str, limits: Limits) -> Large | None:
    """Return a large sheet; None where it cannot be cut into pieces. WorkbookError as for smaller ones."""
    sheet = _Sheet(name, part, _shared(archive), limits, package.percent)
    windows_of = windows(ahead(archive.xml(part)), rows=True)
    head = next(windows_of, b"")
    start = head.find(b"<row")
    if start <= 0:
        return None
    try:
        sheet.look(head)
        sheet.before = head[:start]
        top, rest = _top(sheet, head[start:])
        pieces = _pieces(sheet, rest, windows_of)
        frames = list(_frames(sheet, pieces))
    except (NotPlacedError, _NotPlainError):
        return None
    return Large(*_together(top, frames), sheet.marks)


def _shared(archive: Archive) -> dict[str, bytes]:
    """Return the parts that every piece needs."""
    names = [ROOT, WORKBOOK, RELATIONS, *(archive.find(name) for name in (STYLES, STRINGS))]
    return {name: b"".join(archive.xml(name)) for name in names if name is not None}


def _top(sheet: _Sheet, rows: bytes) -> tuple[pl.DataFrame, bytes]:
    """Return the rows above the first one with numbers among several cells, and the rows from there on."""
    found = [(int(one[1]), one.start()) for one in ROW.finditer(rows)][: TOP_ROWS + 1]
    if len(found) < 2:  # noqa: PLR2004 - headings and a row below
        raise _NotPlainError
    cells = _read(sheet, _Piece(1, rows[: found[-1][1]]), texts=True)
    numbers = pl.any_horizontal(pl.all().str.contains(NUMBER)).fill_null(value=False)
    several = pl.sum_horizontal(pl.all().is_not_null()) > 1
    lines = cells.select(numbers & several).to_series().arg_true()
    begin = int(lines[0]) if len(lines) else 0
    starts = [start for row, start in found if row == begin + 1]
    if not begin or not starts:
        raise _NotPlainError
    return cells.head(begin), rows[starts[0] :]


def _pieces(sheet: _Sheet, first: bytes, pieces: Iterator[bytes]) -> Iterator[_Piece]:
    """Yield the rows in pieces for the readers; each was looked at before."""
    most = max(PIECE, 4 * sum(map(len, sheet.parts.values())))
    held = [first]
    for window in pieces:
        sheet.look(window)
        held.append(window)
        if sum(map(len, held)) >= most:
            yield _piece(b"".join(held))
            held = []
    if held:
        yield _piece(b"".join(held))


def _piece(rows: bytes) -> _Piece:
    end = rows.rfind(END)
    first = ROW.search(rows)
    if first is None:
        raise _NotPlainError
    return _Piece(int(first[1]), rows[:end] if end >= 0 else rows)


def _frames(sheet: _Sheet, pieces: Iterator[_Piece]) -> Iterator[tuple[int, pl.DataFrame]]:
    """Yield the pieces as they were read, in their order, several being read at a time."""
    coming: deque[tuple[int, Future[pl.DataFrame]]] = deque()
    with ThreadPoolExecutor(max_workers=READERS) as readers:
        for piece in pieces:
            coming.append((piece.first, readers.submit(copy_context().run, _read, sheet, piece)))
            if len(coming) >= READERS + WAITING:
                first, frame = coming.popleft()
                yield first, frame.result()
        yield from ((first, frame.result()) for first, frame in coming)


def _read(sheet: _Sheet, piece: _Piece, *, texts: bool = False) -> pl.DataFrame:
    """Return the rows; as texts where its kinds of cells cannot be told apart otherwise."""
    corner = max(piece.first - 1, 1)
    rows = b"".join((sheet.before, CORNER % (corner, corner), piece.rows, END, b"</worksheet>"))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as cut:
        for member, content in {**sheet.parts, sheet.part: rows}.items():
            cut.writestr(member, content)
    del rows
    with guarded():
        reader = fastexcel.read_excel(buffer.getvalue())
        cells = None
        if not texts and BOOLEAN.search(piece.rows) is None:
            with suppress(fastexcel.FastExcelError):  # kinds of cells that no column can hold together
                cells = _loaded(reader, sheet.name, None)
        if cells is None:
            cells = _loaded(reader, sheet.name, "string")
    return cells[piece.first - corner :]


def _loaded(reader: fastexcel.ExcelReader, name: str, kind: fastexcel.DType | None) -> pl.DataFrame:
    loaded = reader.load_sheet(
        name, header_row=None, schema_sample_rows=None, dtypes=kind, whitespace_as_null=True
    )
    cells = loaded.to_polars()
    return cells.with_columns(one.round(DIGITS) for one in cells if one.dtype == pl.Float64())


def _together(top: pl.DataFrame, frames: list[tuple[int, pl.DataFrame]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the first rows and all others with the same columns: texts, unless all pieces agree on more."""
    width = max(top.width, *(cells.width for _first, cells in frames))
    kinds = [_kind(cells.to_series(n) for _first, cells in frames if n < cells.width) for n in range(width)]
    filled, row = [], top.height + 1
    for first, cells in (pair for pair in frames if pair[1].height):
        if first > row:
            filled.append(_wide(pl.DataFrame(), first - row, kinds))
        filled.append(_wide(cells, cells.height, kinds))
        row = first + cells.height
    return _wide(top, top.height, [TEXT] * width), pl.concat(filled or [_wide(pl.DataFrame(), 0, kinds)])


def _wide(cells: pl.DataFrame, height: int, kinds: list[pl.DataType]) -> pl.DataFrame:
    """Return cells with a column of each kind; blank ones where there are none."""
    columns = [
        _as(cells.to_series(n), kind) if n < cells.width else pl.repeat(None, height, dtype=kind, eager=True)
        for n, kind in enumerate(kinds)
    ]
    return pl.DataFrame([column.alias(f"column_{n}") for n, column in enumerate(columns)])


def _kind(columns: Iterable[pl.Series]) -> pl.DataType:
    """Return the one kind of the columns that say anything, else text."""
    kinds = [column.dtype for column in columns if column.null_count() < len(column)]
    return kinds[0] if kinds and all(kind == kinds[0] for kind in kinds) else TEXT


def _as(column: pl.Series, kind: pl.DataType) -> pl.Series:
    if column.dtype == kind:
        return column
    return as_text(column) if kind == TEXT else column.cast(kind)
