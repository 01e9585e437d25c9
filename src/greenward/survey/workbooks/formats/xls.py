"""Reading .xls, the binary format of Excel until 2003."""

import io
from collections.abc import Sequence
from datetime import datetime

import polars as pl
import xlrd
from django.utils.translation import gettext as _
from xlrd.compdoc import CompDoc

from greenward.survey.workbooks.formats import biff
from greenward.survey.workbooks.formats.cells import sheet_of
from greenward.survey.workbooks.formats.notes import hidden_sheets
from greenward.survey.workbooks.grid import KEY_SHEET, Limits, Sheet, Workbook
from greenward.survey.workbooks.refusals import damaged, encrypted, macros, not_a_workbook, too_many_rows

PROGRAMS = frozenset({"_vba_project_cur", "_vba_project", "vba", "macros"})
STREAMS = ("Workbook", "Book")
WIDEST = 256
EXTRA_PRECISION = 15
"""Digits that Excel keeps; beyond them stands what binary fractions add."""


def read_xls(content: bytes, limits: Limits) -> Workbook:
    """Return the workbook; WorkbookError where it is shut, damaged, too large, or brings a program along."""
    extents = biff.checked(_stream(content))
    if max(extents.columns, default=0) >= WIDEST:
        raise damaged()
    for row, column in zip(extents.rows, extents.columns, strict=True):
        if row + 1 > limits.rows or (row + 1) * (column + 1) > limits.cells:
            raise too_many_rows(_("其中一张"), limits)
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO()
        )
        sheets = [_sheet(book, sheet) for sheet in book.sheets() if sheet.visibility == 0]
    except Exception as error:
        raise damaged() from error
    hidden = [sheet.name for sheet in book.sheets() if sheet.visibility and sheet.name != KEY_SHEET]
    return Workbook(tuple(sheet for sheet in sheets if sheet is not None), {}, tuple(hidden_sheets(hidden)))


def _stream(content: bytes) -> bytes:
    """Return the records of the workbook out of their container."""
    try:
        container = CompDoc(content, logfile=io.StringIO())
        names = {entry.name.lower() for entry in container.dirlist}
        found = next((found for name in STREAMS if (found := container.get_named_stream(name))), None)
    except Exception as error:
        raise damaged() from error
    if "encryptedpackage" in names:
        raise encrypted()
    if names & PROGRAMS:
        raise macros()
    if found is None:
        raise not_a_workbook()
    return bytes(found)


def _sheet(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> Sheet | None:
    percent = _percent(book)
    rows = [_row(book, sheet, number, percent) for number in range(sheet.nrows)]
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((_used(row) for row in rows), default=0)
    if not width:
        return None
    columns = {
        f"column_{n}": pl.Series([row[n] if n < len(row) else None for row in rows], dtype=pl.String())
        for n in range(width)
    }
    hidden = [number for number, info in sheet.colinfo_map.items() if info.hidden]
    return sheet_of(
        sheet.name,
        pl.DataFrame(columns),
        merged=[(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells],
        hidden_rows=[number + 1 for number, info in sheet.rowinfo_map.items() if info.hidden],
        hidden_columns=[(number, number) for number in hidden],
        since_1904=book.datemode == 1,
    )


def _used(row: Sequence[str | None]) -> int:
    return next((n for n in range(len(row), 0, -1) if row[n - 1]), 0)


def _row(book: xlrd.Book, sheet: xlrd.sheet.Sheet, number: int, percent: frozenset[int]) -> list[str | None]:
    cells = zip(sheet.row_types(number), sheet.row_values(number), strict=True)
    return [
        _text(kind, value, bool(percent) and sheet.cell_xf_index(number, n) in percent, book.datemode)
        for n, (kind, value) in enumerate(cells)
    ]


def _percent(book: xlrd.Book) -> frozenset[int]:
    """Return the styles that show percent."""
    shown = {key for key, one in book.format_map.items() if "%" in (one.format_str or "")}
    return frozenset(number for number, style in enumerate(book.xf_list) if style.format_key in shown)


def _text(kind: int, value: object, percent: bool, datemode: int) -> str | None:  # noqa: FBT001 - of a cell
    if kind == xlrd.XL_CELL_TEXT:
        return str(value) if str(value).strip() else None
    if kind == xlrd.XL_CELL_NUMBER and isinstance(value, float):
        return f"{_number(round(value * 100, 9))}%" if percent else _number(value)
    if kind == xlrd.XL_CELL_DATE and isinstance(value, float):
        return _day(value, datemode)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return "true" if value else "false"
    if kind == xlrd.XL_CELL_ERROR and isinstance(value, int):
        return str(xlrd.error_text_from_code.get(value, "#N/A"))
    return None


def _number(value: float) -> str:
    return str(int(value)) if value.is_integer() and abs(value) < 10**EXTRA_PRECISION else repr(value)


def _day(value: float, datemode: int) -> str:
    """Return a day as the reader of .xlsx writes it; what is no day of any calendar stays a number."""
    try:
        day: datetime = xlrd.xldate.xldate_as_datetime(value, 1 if datemode else 0)
    except (xlrd.xldate.XLDateError, OverflowError, ValueError):
        return _number(value)
    return f"{day:%Y-%m-%d %H:%M:%S}"
