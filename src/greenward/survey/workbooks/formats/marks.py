"""What the reader of .xlsx does not tell: hidden and merged cells, errors, percents, unreckoned formulas."""

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from greenward.survey.workbooks.formats.extent import windows
from greenward.survey.workbooks.formats.formulas import HINT, reaches_out
from greenward.survey.workbooks.grid import index_of
from greenward.survey.workbooks.refusals import formulas, too_large_unpacked

P = rb"<(?:[\w.-]+:)?"
HIDDEN_ROW = re.compile(P + rb'row\s[^<>]{0,300}?\bhidden="(?:1|true)"[^<>]{0,300}>')
COLUMN = re.compile(P + rb"col\s[^<>]{1,300}>")
MERGED = re.compile(P + rb'mergeCell\s+ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
FORMULA = re.compile(P + rb"f(?:\s[^<>]{0,500})?>([^<]{0,50000})</")
F = rb"<(?:[\w.-]+:)?f(?:\s[^<>]{0,500})?(?:/>|>([^<]{0,50000})</(?:[\w.-]+:)?f>)"
C = P + rb'c\s(?:[^<>]{0,200}?\s)?r="([A-Z]{1,3})(\d{1,7})"[^<>]{0,200}'
BLANK = re.compile(
    C + rb"(?<!/)>" + F + rb"(?:" + P + rb"v\s?/>|" + P + rb"v></(?:[\w.-]+:)?v>)?</(?:[\w.-]+:)?c>"
)
ERROR = re.compile(
    P + rb'c\s(?=[^<>]{0,200}?\bt="e")(?:[^<>]{0,200}?\s)?r="([A-Z]{1,3})(\d{1,7})"[^<>]{0,200}>'
    rb"(?:" + F + rb")?" + P + rb"v>(#[^<]{1,30})</"
)
"""Every repetition has an end: a file made to keep the search busy does not."""
HIDING, MERGING = re.compile(rb'h(?=idden=")'), re.compile(rb"m(?=ergeCell)")
RECKONING = re.compile(rb"f(?<=[<:]f)(?=[\s/>])")
FAILING = re.compile(rb'e(?<=t="e)(?=")')
"""What must be in a window for each mark. A pattern that begins with one sign is searched fastest."""
MOST_AREAS = 100_000
NOT_NUMBERS = (b't="s"', b't="str"', b't="inlineStr"', b't="b"', b't="e"')
Cell = tuple[int, str]
"""A row as Excel counts, and a column's letter."""


@dataclass
class Marks:
    """What stands out in a sheet: rows as Excel counts, columns by letter; ``merged`` as ``Area`` counts."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    texts: dict[Cell, str] = field(default_factory=dict)
    percent: dict[str, list[int]] = field(default_factory=dict)
    formulas: int = 0


def marks_of(blocks: Iterable[bytes], sheet: str, percent: frozenset[int]) -> Marks:
    """Return a sheet's marks; WorkbookError where a formula reaches out of the workbook.

    ``percent``: the numbers of the styles that show percent.
    """
    marks = Marks()
    for window in windows(blocks, rows=True):
        mark(window, marks, sheet, percent)
    return marks


def mark(window: bytes, marks: Marks, sheet: str, percent: frozenset[int]) -> None:
    """Add the marks of a piece of whole rows."""
    if HIDING.search(window):
        _hidden(window, marks)
    if MERGING.search(window):
        _merged(window, marks)
    if RECKONING.search(window):
        _formulas(window, sheet, marks)
    if FAILING.search(window):
        for one in ERROR.finditer(window):
            marks.texts[int(one[2]), one[1].decode()] = one[4].decode()
    if percent:
        _percent(window, _styled(percent), marks)


def _hidden(window: bytes, marks: Marks) -> None:
    for one in HIDDEN_ROW.finditer(window):
        given = dict(ATTRIBUTE.findall(one[0]))
        if given.get(b"r", b"").isdigit():
            marks.hidden_rows.append(int(given[b"r"]))
    for one in COLUMN.finditer(window):
        given = dict(ATTRIBUTE.findall(one[0]))
        if given.get(b"hidden") in {b"1", b"true"}:
            marks.hidden_columns.append((_number(given, b"min") - 1, _number(given, b"max") - 1))


def _number(given: Mapping[bytes, bytes], name: bytes) -> int:
    text = given.get(name, b"")
    return int(text) if text.isdigit() and len(text) < 8 else 0  # noqa: PLR2004 - columns have five digits


def _merged(window: bytes, marks: Marks) -> None:
    for one in MERGED.finditer(window):
        left, right = index_of(one[1].decode()), index_of(one[3].decode())
        marks.merged.append((int(one[2]) - 1, left, int(one[4]) - 1, right))
    if len(marks.merged) > MOST_AREAS:
        raise too_large_unpacked()


def _formulas(window: bytes, sheet: str, marks: Marks) -> None:
    found = FORMULA.findall(window)
    marks.formulas += len(found)
    if HINT.search(window) is not None:
        for one in found:
            formula = html.unescape(one.decode("utf-8", "replace"))
            if reaches_out(formula):
                raise formulas(sheet, formula)
    for blank in BLANK.finditer(window):
        text = html.unescape((blank[3] or b"").decode("utf-8", "replace"))
        marks.texts[int(blank[2]), blank[1].decode()] = f"={text or '…'}"


def _percent(window: bytes, styled: re.Pattern[bytes], marks: Marks) -> None:
    for one in styled.finditer(window):
        if not any(kind in one[0] for kind in NOT_NUMBERS):
            marks.percent.setdefault(one[1].decode(), []).append(int(one[2]))


@cache
def _styled(percent: frozenset[int]) -> re.Pattern[bytes]:
    """Return the pattern of cells that have one of the styles."""
    numbers = b"|".join(str(number).encode() for number in sorted(percent))
    return re.compile(
        P
        + rb'c\s(?:[^<>]{0,200}?\s)?r="([A-Z]{1,3})(\d{1,7})"[^<>]{0,100}?\ss="(?:'
        + numbers
        + rb')"[^<>]{0,200}(?<!/)>'
    )
