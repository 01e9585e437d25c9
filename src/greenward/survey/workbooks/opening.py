"""Opening what somebody uploaded: only a plain .xlsx of bearable size gets as far as the reader."""

import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePath

import fastexcel
import polars as pl
from django.utils.translation import gettext as _

from greenward.core.errors import InvalidInputError
from greenward.survey.workbooks.errors import error_cells, with_errors

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEGABYTE = 1024 * 1024
MOST_COLUMNS = 500


@dataclass(frozen=True)
class Limits:
    """How large a workbook may be: bytes as uploaded, bytes unpacked, rows of a sheet."""

    packed: int
    unpacked: int
    rows: int


FROM_BROWSER = Limits(packed=20 * MEGABYTE, unpacked=400 * MEGABYTE, rows=50_000)
FROM_COMMAND_LINE = Limits(packed=200 * MEGABYTE, unpacked=3000 * MEGABYTE, rows=300_000)


class WorkbookError(InvalidInputError):
    """The file is no workbook that can be read; ``data["reason"]`` says why."""

    code = "workbook_refused"


@dataclass(frozen=True)
class Sheet:
    """A visible sheet: every cell as text (null if blank, an error as #N/A), and each column's letter."""

    name: str
    cells: pl.DataFrame
    letters: tuple[str, ...]


@dataclass(frozen=True)
class Workbook:
    """What was opened: the visible sheets, and the template's own key (empty in other workbooks)."""

    sheets: tuple[Sheet, ...]
    key: dict[str, str]


KEY_SHEET = "_greenward"


def open_workbook(file_name: str, content: bytes, limits: Limits) -> Workbook:
    """Read the workbook; WorkbookError with the way out when it must be refused."""
    _check_container(file_name, content, limits)
    try:
        reader = fastexcel.read_excel(content)
        key = _key(reader)
        errors = error_cells(content, reader.sheet_names)
        names = [name for name in reader.sheet_names if name != KEY_SHEET]
        sheets = tuple(
            sheet
            for name in names
            if (sheet := _sheet(reader, name, limits, errors.get(name, []))) is not None
        )
    except (fastexcel.FastExcelError, zipfile.BadZipFile, zlib.error) as error:
        raise _damaged() from error
    return Workbook(sheets, key)


def _check_container(file_name: str, content: bytes, limits: Limits) -> None:
    if len(content) > limits.packed:
        raise _refuse(
            "too_large",
            _("文件有 %(size)d MB，超过 %(most)d MB。")
            % {"size": len(content) // MEGABYTE, "most": limits.packed // MEGABYTE},
            _("请分成几个文件，或请管理员在服务器上导入。"),
        )
    if content.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise _refuse("encrypted", _("文件有密码保护。"), _("请取消密码后另存，再上传。"))
        raise _refuse("old_format", _("这是旧格式（.xls）的表格。"), _("请用“另存为”选择 .xlsx，再上传。"))
    if not content.startswith(ZIP):
        raise _refuse("not_a_workbook", _("这不是 Excel 表格。"), _("请上传 .xlsx 文件。"))
    members = _members(content)
    if any(name.lower().endswith("vbaproject.bin") for name in members):
        raise _refuse("macros", _("文件含有宏，不能接收。"), _("请另存为不含宏的 .xlsx，再上传。"))
    if "xl/workbook.xml" not in members:
        raise _refuse("not_a_workbook", _("这不是 Excel 表格。"), _("请上传 .xlsx 文件。"))
    if PurePath(file_name).suffix.lower() != ".xlsx":
        raise _refuse(
            "wrong_extension",
            _("文件名“%(name)s”不是以 .xlsx 结尾。") % {"name": file_name},
            _("请核对文件。"),
        )
    if sum(members.values()) > limits.unpacked:
        raise _refuse("too_large", _("文件解开后过大。"), _("请删去多余的工作表和空行，再上传。"))


def _members(content: bytes) -> dict[str, int]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {info.filename: info.file_size for info in archive.infolist()}
    except zipfile.BadZipFile as error:
        raise _damaged() from error


def _key(reader: fastexcel.ExcelReader) -> dict[str, str]:
    if KEY_SHEET not in reader.sheet_names:
        return {}
    cells = reader.load_sheet(KEY_SHEET, header_row=None, skip_rows=0, n_rows=20, dtypes="string").to_polars()
    if cells.width < 2:  # noqa: PLR2004 - a key and its value
        return {}
    return {str(name): str(value) for name, value in cells.select(cells.columns[:2]).iter_rows() if name}


def _sheet(
    reader: fastexcel.ExcelReader, name: str, limits: Limits, errors: list[tuple[int, str, str]]
) -> Sheet | None:
    loaded = reader.load_sheet(
        name, header_row=None, skip_rows=0, dtypes="string", n_rows=limits.rows + 100, whitespace_as_null=True
    )
    if loaded.visible != "visible" or loaded.width == 0:
        return None
    columns = loaded.available_columns()
    if loaded.height > limits.rows or len(columns) > MOST_COLUMNS:
        raise _refuse(
            "too_many_rows",
            _("工作表“%(sheet)s”超过 %(rows)d 行或 %(columns)d 列。")
            % {"sheet": name, "rows": limits.rows, "columns": MOST_COLUMNS},
            _("请删去空白的行和列，或分成几个文件。"),
        )
    letters = tuple(letter(column.absolute_index) for column in columns)
    return Sheet(name, with_errors(loaded.to_polars(), letters, errors), letters)


def letter(index: int) -> str:
    """Return a column's letter as Excel shows it; 0 is A."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def _damaged() -> WorkbookError:
    return _refuse("damaged", _("文件已损坏，读不出来。"), _("请在 Excel 或 WPS 中打开并重新保存，再上传。"))


def _refuse(reason: str, detail: str, hint: str) -> WorkbookError:
    return WorkbookError(detail, hint=hint, reason=reason)
