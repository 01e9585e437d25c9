"""How far a sheet of an .xlsx reaches, before the reader makes room for every cell up to there.

The reader keeps a rectangle from the first to the last cell. A small file with one cell at the far end would
take all memory, so every cell's place is looked at first; blank formatted cells do not count, as there.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from greenward.survey.workbooks.formats.archive import BLOCK
from greenward.survey.workbooks.grid import MOST_COLUMNS, Limits, index_of
from greenward.survey.workbooks.refusals import too_large_unpacked, too_many_rows

PREFIXED = re.compile(rb":(?=c[\s/>])")
PLACED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
FILLED = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]*+(?<!/)>')
CELL = re.compile(rb"<c[\s/>]")
FIRST = b'<c r="'
TOKEN = re.compile(rb"<(/?)(?:[\w.-]+:)?(row|c)(?=[\s/>])([^<>]*)>")
PLACE = re.compile(rb'\sr\s*=\s*["\']([A-Z]*)(\d{1,9})["\']')
LONGEST = 16 * BLOCK
SLACK = 100
"""Rows beyond the limit that the reader may see, to say how many there are."""


@dataclass
class Extent:
    """The last row (from 1) and column (from 0) in which something stands."""

    row: int = 0
    column: int = 0

    def reach(self, row: int, column: int) -> None:
        """Take in another cell."""
        self.row, self.column = max(self.row, row), max(self.column, column)


class NotPlacedError(Exception):
    """Some cells do not say where they are: every cell must be counted."""


@cache
def _unusual(rows: int) -> re.Pattern[bytes]:
    """Return the pattern of cells beyond column CZ or about so many rows, or that do not begin with a place.

    Up to the last round number (300,000 of 312,345) digits tell it.
    """
    digits = str(rows)
    less, many = int(digits[0]) - 1, len(digits) - 1
    near = rf"\d{{1,{many}}}" + (rf"|[1-{less}]\d{{{many}}}" if less else "")
    return re.compile(rf'<c(?! r="[A-C]?[A-Z](?:{near})")[\s>/]'.encode())


def check_extent(blocks: Iterable[bytes], again: Iterable[bytes], sheet: str, limits: Limits) -> None:
    """Raise WorkbookError where the sheet reaches too far. ``again``: the same blocks, once more."""
    extent = Extent()
    try:
        for window in windows(blocks):
            look(window, extent, sheet, limits)
    except NotPlacedError:
        for _each in _counted(windows(again), extent):
            _check(extent, sheet, limits)


def windows(blocks: Iterable[bytes], *, rows: bool = False) -> Iterator[bytes]:
    """Yield the bytes again, cut so that no tag is in two pieces, or with ``rows`` no row."""
    rest = b""
    for block in blocks:
        window = rest + block
        cut = _row_start(window) if rows else window.rfind(b">") + 1
        rest = window[cut:]
        if len(rest) > LONGEST:
            raise too_large_unpacked()
        if cut:
            yield window[:cut]
    if rest:
        yield rest


def _row_start(window: bytes) -> int:
    """Return where the last row begins; 0 where none does."""
    last = max(window.rfind(b"<row"), window.rfind(b":row"))
    return max(window.rfind(b"<", 0, last + 1), 0)


def look(window: bytes, extent: Extent, sheet: str, limits: Limits) -> None:
    """Take in the cells of a piece; WorkbookError where the sheet reaches too far, else NotPlacedError."""
    _look(window, extent, limits)
    _check(extent, sheet, limits)


def _look(window: bytes, extent: Extent, limits: Limits) -> None:
    if _unusual(limits.rows).search(window) is None and PREFIXED.search(window) is None:
        last = window.rfind(FIRST)
        place = FILLED.match(window, last) if last >= 0 else None
        _reach([(place[1], place[2])] if place is not None else FILLED.findall(window), extent)
        return
    if PREFIXED.search(window) or len(CELL.findall(window)) != window.count(FIRST):
        raise NotPlacedError
    if FILLED.search(window) is None:
        return
    before = Extent(extent.row, extent.column)
    _reach(PLACED.findall(window), extent)
    if _too_far(extent, limits):  # perhaps only blank formatted cells are so far away
        extent.row, extent.column = before.row, before.column
        _reach(FILLED.findall(window), extent)


def _reach(places: list[tuple[bytes, bytes]], extent: Extent) -> None:
    if places:
        letters = {letters for letters, _row in places}
        extent.reach(
            max(map(int, [row for _letters, row in places])), max(index_of(one.decode()) for one in letters)
        )


def _counted(pieces: Iterable[bytes], extent: Extent) -> Iterator[None]:
    """Follow every row and cell as the reader does, and yield after each piece."""
    row, column = 1, 0
    for window in pieces:
        for closing, name, attributes in TOKEN.findall(window):
            place = PLACE.search(b" " + attributes)
            alone = attributes.endswith(b"/")
            if name == b"row":
                row = int(place[2]) if place is not None and not closing else row
                if closing or alone:
                    row, column = row + 1, 0
            elif not closing:
                if place is not None:
                    row, column = int(place[2]), index_of(place[1].decode())
                if not alone:
                    extent.reach(row, column)
                column += 1
        yield


def _too_far(extent: Extent, limits: Limits) -> bool:
    cells = extent.row * (extent.column + 1)
    return extent.row > limits.rows + SLACK or extent.column >= MOST_COLUMNS or cells > limits.cells


def _check(extent: Extent, sheet: str, limits: Limits) -> None:
    if _too_far(extent, limits):
        raise too_many_rows(sheet, limits)
