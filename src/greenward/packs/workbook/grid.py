"""Opening a workbook: its sheets as rows of texts with their cells' names, within limits."""

import io
import logging
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

import fastexcel
from django.utils.translation import gettext as _

from greenward.core.errors import InvalidInputError
from greenward.packs.workbook.cells import folded

logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it warns of every blank column
MOST_BYTES, MOST_UNPACKED = 5_000_000, 60_000_000
MOST_ROWS, MOST_COLUMNS = 2_000, 120


class WorkbookError(InvalidInputError):
    """The file cannot be read as a workbook."""

    code = "workbook_unreadable"


@dataclass(frozen=True)
class Row:
    """A row: its number from 1, and the texts that are not blank, by column from 0."""

    number: int
    cells: dict[int, str]


@dataclass(frozen=True)
class Sheet:
    """A sheet by name, with its rows that are not blank."""

    name: str
    rows: tuple[Row, ...]

    def cell(self, row: int, column: int) -> str:
        """Return a cell's name, such as ``指标!R7``."""
        return f"{self.name}!{letters(column)}{row}"


def opened(content: bytes) -> list[Sheet]:
    """Return the sheets of an .xlsx; WorkbookError where it is none, damaged or too large."""
    _check_size(content)
    try:
        reader = fastexcel.read_excel(content)
        return [Sheet(name, tuple(_rows(reader, name))) for name in reader.sheet_names]
    except fastexcel.FastExcelError as error:
        raise _unreadable() from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # raised by Rust, and not an Exception
            raise _unreadable() from error
        raise


def letters(column: int) -> str:
    """Return a column's letters: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _check_size(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise _unreadable() from error
    if len(content) > MOST_BYTES or unpacked > MOST_UNPACKED:
        raise WorkbookError(_("工作簿太大了。"), hint=_("请只留标准的工作表，另存后再上传。"))


def _rows(reader: fastexcel.ExcelReader, name: str) -> Iterator[Row]:
    sheet = reader.load_sheet(
        name, header_row=None, skip_rows=0, dtypes="string", n_rows=MOST_ROWS + 1, whitespace_as_null=True
    )
    if sheet.width == 0 or sheet.height == 0:
        return
    columns = sheet.available_columns()
    if sheet.height > MOST_ROWS or len(columns) > MOST_COLUMNS:
        raise WorkbookError(
            _("工作表“{name}”超过 {rows} 行或 {columns} 列。").format(
                name=name, rows=MOST_ROWS, columns=MOST_COLUMNS
            ),
            hint=_("请删去空行、空列后另存。"),
        )
    first = columns[0].absolute_index
    for number, row in enumerate(sheet.to_polars().iter_rows(), 1):
        cells = {first + place: text for place, text in enumerate(row) if text and folded(text)}
        if cells:
            yield Row(number, cells)


def _unreadable() -> WorkbookError:
    return WorkbookError(_("这个文件不是可读的 .xlsx 工作簿。"), hint=_("请在 Excel 里另存为 .xlsx 再试。"))
