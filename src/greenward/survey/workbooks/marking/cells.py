"""A sheet's XML with the marked cells in another style: passed through row by row, never held as a whole."""

import re
from collections.abc import Iterable, Iterator, Sequence

from greenward.survey.workbooks.grid import index_of
from greenward.survey.workbooks.marking.faults import Mark
from greenward.survey.workbooks.marking.styles import Styles

ROW = re.compile(rb"<((?:\w+:)?)row\b([^<>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
CELL = re.compile(rb"<((?:\w+:)?)c(?=[\s/>])([^<>]*?)(/>|>.*?</(?:\w+:)?c>)", re.DOTALL)
ROW_END = re.compile(rb"</(?:\w+:)?row>")
DATA_END = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")
NUMBER = re.compile(rb'\sr="(\d{1,7})"')
PLACE = re.compile(rb'\sr="([A-Z]{1,3})\d{1,7}"')
STYLE = re.compile(rb'\ss="(\d{1,6})"')
AFTER = re.compile(
    rb"<(?:\w+:)?(?:legacyDrawingHF|drawingHF|picture|oleObjects|controls|webPublishItems|tableParts|extLst)\b"
    rb"|</(?:\w+:)?worksheet>"
)
"""What may stand behind the shapes of notes in a sheet's XML."""


def marked_sheet(
    blocks: Iterable[bytes], marks: Sequence[Mark], styles: Styles, *, shapes: str
) -> Iterator[bytes]:
    """Yield the sheet's XML again with the marks' cells coloured.

    ``shapes``: the relation of the notes' shapes to add; empty where the sheet has shapes already.
    """
    by_row: dict[int, list[Mark]] = {}
    for mark in marks:
        by_row.setdefault(mark.row, []).append(mark)
    counter, tail = [0], b""
    coming = iter(blocks)
    for block in coming:
        tail += block
        if DATA_END.search(tail):
            break
        ends = [found.end() for found in ROW_END.finditer(tail)]
        if ends:
            yield ROW.sub(lambda found: _row(found, by_row, styles, counter), tail[: ends[-1]])
            tail = tail[ends[-1] :]
    rest = tail + b"".join(coming)
    end = DATA_END.search(rest)
    split = end.start() if end else 0
    yield ROW.sub(lambda found: _row(found, by_row, styles, counter), rest[:split])
    yield _with_shapes(rest[split:], shapes)


def _with_shapes(rest: bytes, shapes: str) -> bytes:
    found = AFTER.search(rest) if shapes else None
    if found is None:
        return rest
    prefix = found[0].partition(b":")[0].lstrip(b"</") + b":" if b":" in found[0] else b""
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    added = b'<%blegacyDrawing xmlns:gw="%b" gw:id="%b"/>' % (prefix, office, shapes.encode())
    return rest[: found.start()] + added + rest[found.start() :]


def _row(found: re.Match[bytes], by_row: dict[int, list[Mark]], styles: Styles, counter: list[int]) -> bytes:
    number = NUMBER.search(found[2])
    counter[0] = int(number[1]) if number else counter[0] + 1
    marks = by_row.get(counter[0])
    if not marks:
        return found[0]
    tag, cells = found[1], dict(_cells(found[3] or b""))
    for mark in marks:
        cells[mark.column] = _cell(cells.get(mark.column), mark, tag, styles)
    inside = b"".join(cells[column] for column in sorted(cells))
    return b"<%brow%b>%b</%brow>" % (tag, found[2], inside, tag)


def _cells(inside: bytes) -> Iterator[tuple[int, bytes]]:
    column = -1
    for found in CELL.finditer(inside):
        place = PLACE.search(found[2])
        column = index_of(place[1].decode()) if place else column + 1
        yield column, found[0]


def _cell(old: bytes | None, mark: Mark, tag: bytes, styles: Styles) -> bytes:
    if old is None:
        style = styles.marked(0, is_warning=mark.is_warning)
        return b'<%bc r="%b" s="%d"/>' % (tag, mark.ref.encode(), style)
    found = CELL.match(old)
    if found is None:
        return old
    was = STYLE.search(found[2])
    style = styles.marked(int(was[1]) if was else 0, is_warning=mark.is_warning)
    rest = STYLE.sub(b"", found[2])
    return b'<%bc%b s="%d"%b' % (found[1], rest, style, found[3])
