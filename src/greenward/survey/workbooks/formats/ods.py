"""Reading .ods, the format of LibreOffice: repeated cells are unfolded only as far as limits allow."""

import re
import xml.parsers.expat
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from greenward.survey.workbooks.formats.archive import Archive
from greenward.survey.workbooks.formats.cells import sheet_of
from greenward.survey.workbooks.formats.formulas import reaches_out
from greenward.survey.workbooks.formats.notes import hidden_sheets
from greenward.survey.workbooks.grid import KEY_SHEET, MOST_COLUMNS, Limits, Sheet, Workbook
from greenward.survey.workbooks.refusals import (
    damaged,
    encrypted,
    formulas,
    links,
    macros,
    too_large_unpacked,
    too_many_rows,
)

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
CONTENT, MANIFEST = "content.xml", "META-INF/manifest.xml"
PROGRAMS = re.compile(r"^(basic|scripts)/", re.IGNORECASE)
LINKS = frozenset({"table:dde-link", "table:table-source", "table:cell-range-source", "office:dde-source"})
LONGEST = 32_767
MOST_AREAS = 100_000
Given = Mapping[str, str]


def read_ods(content: bytes, limits: Limits) -> Workbook:
    """Return the workbook; WorkbookError where it is shut, damaged, too large, or brings a program along."""
    archive = Archive(content, limits)
    if any(PROGRAMS.match(name) for name in archive.names):
        raise macros()
    if not {CONTENT, MANIFEST} <= archive.names:
        raise damaged()
    if b"encryption-data" in archive.read(MANIFEST):
        raise encrypted()
    found = _Content(limits)
    parser = xml.parsers.expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = found.start, found.end
    parser.CharacterDataHandler = found.text
    try:
        for block in archive.xml(CONTENT):
            parser.Parse(block, False)
        parser.Parse(b"", True)
    except (xml.parsers.expat.ExpatError, ValueError, OverflowError) as error:
        raise damaged() from error
    sheets = (_sheet(table, found) for table in found.tables if table.style not in found.hidden)
    hidden = [table.name for table in found.tables if table.style in found.hidden and table.name != KEY_SHEET]
    shown = tuple(sheet for sheet in sheets if sheet is not None)
    return Workbook(shown, {}, tuple(hidden_sheets(hidden)))


@dataclass
class _Table:
    name: str
    style: str
    rows: list[list[str | None]] = field(default_factory=list)
    width: int = 0
    blank: int = 0
    """Blank rows since the last one that says something."""
    columns: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class _Row:
    repeated: int
    cells: list[str | None] = field(default_factory=list)
    blank: int = 0
    """Blank cells since the last one that says something."""


class _Content:
    """What ``content.xml`` says, element by element."""

    def __init__(self, limits: Limits) -> None:
        self.tables: list[_Table] = []
        self.hidden: set[str] = set()
        self.since_1904 = False
        self._limits = limits
        self._cells = 0
        self._style = ""
        self._row: _Row | None = None
        self._cell: Given | None = None
        self._said: list[str] = []
        self._length = 0
        self._aside = 0
        self._depth = 0

    def start(self, name: str, given: Given) -> None:
        """Take in the beginning of an element."""
        if self._aside or name == "office:annotation" or (name == "table:table" and self._cell is not None):
            self._aside += 1
        elif name in LINKS:
            raise links()
        elif name == "style:style":
            self._style = given.get("style:name", "")
        elif name == "style:table-properties" and given.get("table:display") == "false":
            self.hidden.add(self._style)
        elif name == "table:null-date":
            self.since_1904 = given.get("table:date-value", "").startswith("1904")
        elif name == "table:table":
            self.tables.append(_Table(given.get("table:name", ""), given.get("table:style-name", "")))
        elif self.tables and name in ROWS_AND_CELLS:
            ROWS_AND_CELLS[name](self, given)

    def end(self, name: str) -> None:
        """Take in the end of an element."""
        if self._aside:
            self._aside -= 1
        elif name == "table:table-row" and self._row is not None:
            self._close_row(self._row)
        elif name in {"table:table-cell", "table:covered-table-cell"} and self._cell is not None:
            self._close_cell(self._cell)

    def text(self, said: str) -> None:
        """Take in text; only that of cells counts."""
        if self._cell is not None and not self._aside:
            self._length += len(said)
            if self._length <= LONGEST:
                self._said.append(said)

    def column(self, given: Given) -> None:
        """Count columns, to know which are hidden."""
        table, many = self.tables[-1], _many(given, "table:number-columns-repeated")
        if given.get("table:visibility") in {"collapse", "filter"}:
            table.hidden_columns.append((table.columns, table.columns + many - 1))
        table.columns += many

    def row(self, given: Given) -> None:
        """Begin a row."""
        table, many = self.tables[-1], _many(given, "table:number-rows-repeated")
        self._row = _Row(many)
        if given.get("table:visibility") in {"collapse", "filter"}:
            first = len(table.rows) + table.blank + 1
            table.hidden_rows.append((first, first + many - 1))

    def cell(self, given: Given) -> None:
        """Begin a cell."""
        self._cell, self._said, self._length = given, [], 0
        formula = given.get("table:formula", "")
        if reaches_out(formula):
            raise formulas(self.tables[-1].name, formula)

    def paragraph(self, _given: Given) -> None:
        """Begin a line of a cell's text."""
        if self._said:
            self.text("\n")

    def spaces(self, given: Given) -> None:
        """Write what stands for several spaces."""
        self.text(" " * min(_many(given, "text:c"), LONGEST))

    def _close_cell(self, given: Given) -> None:
        self._cell, row = None, self._row
        if row is None:
            return
        said, many = _shown(given, "".join(self._said)), _many(given, "table:number-columns-repeated")
        self._merge(given, len(row.cells) + row.blank)
        if said is None:
            row.blank += many
            return
        if len(row.cells) + row.blank + many > MOST_COLUMNS:
            raise too_many_rows(self.tables[-1].name, self._limits)
        row.cells += [*[None] * row.blank, *[said] * many]
        row.blank = 0

    def _merge(self, given: Given, left: int) -> None:
        down, across = _many(given, "table:number-rows-spanned"), _many(given, "table:number-columns-spanned")
        if down > 1 or across > 1:
            table = self.tables[-1]
            top = len(table.rows) + table.blank
            table.merged.append((top, left, top + down - 1, left + across - 1))
            if len(table.merged) > MOST_AREAS:
                raise too_large_unpacked()

    def _close_row(self, row: _Row) -> None:
        self._row, table = None, self.tables[-1]
        if not row.cells:
            table.blank += row.repeated
            return
        height = len(table.rows) + table.blank + row.repeated
        self._cells += (table.blank + row.repeated) * len(row.cells)
        if height > self._limits.rows or self._cells > self._limits.cells:
            raise too_many_rows(table.name, self._limits)
        table.rows += [*[[]] * table.blank, *[row.cells] * row.repeated]
        table.blank, table.width = 0, max(table.width, len(row.cells))


ROWS_AND_CELLS = {
    "table:table-column": _Content.column,
    "table:table-row": _Content.row,
    "table:table-cell": _Content.cell,
    "table:covered-table-cell": _Content.cell,
    "text:p": _Content.paragraph,
    "text:s": _Content.spaces,
}


def _many(given: Given, name: str) -> int:
    """Return how often something is repeated, or how far it spans."""
    text = given.get(name, "1")
    return max(int(text), 1) if text.isdecimal() and len(text) < 8 else 1  # noqa: PLR2004 - a million rows


def _shown(given: Given, text: str) -> str | None:
    """Return what people see in the cell, as the reader of .xlsx writes it."""
    kind, value = given.get("office:value-type", ""), given.get("office:value", "")
    if given.get("calcext:value-type") == "error" or text.startswith("Err:"):
        return text if text.startswith("#") else "#VALUE!"
    if not kind and given.get("table:formula"):
        return f"={given['table:formula'].partition(':')[2].removeprefix('=') or '…'}"
    said = given.get("office:string-value") or text
    if kind in {"float", "currency"}:
        said = value.removesuffix(".0")
    elif kind == "percentage":
        said = f"{_number(round(float(value) * 100, 9))}%"
    elif kind == "date":
        day, _mark, time = given.get("office:date-value", "").partition("T")
        said = f"{day} {time[:8] or '00:00:00'}"
    elif kind == "boolean":
        said = given.get("office:boolean-value", "").lower()
    return said if said.strip() else None


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() else repr(value)


def _sheet(table: _Table, found: _Content) -> Sheet | None:
    if not table.width:
        return None
    columns = {
        f"column_{n}": pl.Series([row[n] if n < len(row) else None for row in table.rows], dtype=pl.String())
        for n in range(table.width)
    }
    height = len(table.rows)
    hidden = [n for first, last in table.hidden_rows for n in range(first, min(last, height) + 1)]
    return sheet_of(
        table.name,
        pl.DataFrame(columns),
        merged=table.merged,
        hidden_rows=hidden,
        hidden_columns=table.hidden_columns,
        since_1904=found.since_1904,
    )
