"""What a file is by its content; its name must agree."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import PurePath

from django.utils.translation import gettext as _

from greenward.survey.workbooks.formats.csv import read_csv
from greenward.survey.workbooks.formats.ods import MIMETYPE, read_ods
from greenward.survey.workbooks.formats.xls import read_xls
from greenward.survey.workbooks.formats.xlsx import read_xlsx
from greenward.survey.workbooks.grid import Limits, Workbook
from greenward.survey.workbooks.refusals import damaged, empty, encrypted, macros, not_a_workbook, refuse

ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = "EncryptedPackage".encode("utf-16-le")
"""What an .xlsx with a password is, inside the container of the old format."""
READERS: dict[str, Callable[[bytes, Limits], Workbook]] = {
    ".xlsx": read_xlsx,
    ".xls": read_xls,
    ".ods": read_ods,
    ".csv": read_csv,
}
"""By kind, which is the ending of the file's name."""
MARKUP = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)*<(\?xml|!doctype|html|head|body|table|workbook|\w+:workbook)",
    re.IGNORECASE | re.DOTALL,
)
OLD_BIFF = (b"\x09\x00", b"\x09\x02", b"\x09\x04", b"\x09\x08")
"""Tables of Excel before 1993, without the container of later ones."""
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*", b"%PDF")
TEXTS = (".csv", ".txt", ".tsv")


def kind_of(file_name: str, content: bytes) -> str:
    """Return the kind of the file: a key of :data:`READERS`. WorkbookError where it is none, or misnamed."""
    if not content.strip(b"\x00 \r\n\t"):
        raise empty()
    ending = PurePath(file_name).suffix.lower()
    kind = _by_content(content, ending)
    if ending != kind and not (kind == ".csv" and ending in TEXTS):
        if ending == ".xlsm":
            raise macros()
        raise refuse(
            "wrong_extension",
            _("文件“%(name)s”的内容是 %(kind)s，文件名的结尾与它不符。") % {"name": file_name, "kind": kind},
            _("请核对是否选错了文件；没有错就把文件名的结尾改成 %(kind)s，再上传。") % {"kind": kind},
        )
    return kind


def _by_content(content: bytes, ending: str) -> str:
    if content.startswith(ZIP):
        return _in_zip(content)
    if content.startswith(OLE):
        if LOCKED in content:
            raise encrypted()
        return ".xls"
    if content.startswith(PICTURES):
        raise refuse(
            "not_a_workbook",
            _("这是图片或 PDF，不是表格。"),
            _("请向填报人要表格文件，或把数据填进模板。"),
        )
    if content.startswith(OLD_BIFF) and ending == ".xls":
        raise refuse("old_format", _("这是很旧的表格格式。"), _("请用“另存为”选择 .xlsx，再上传。"))
    if MARKUP.match(content.removeprefix(b"\xef\xbb\xbf")[:4096]):
        raise refuse(
            "markup",
            _("这是网页或 XML 文件，只是改了文件名的结尾（有的系统导出的“Excel”就是这样）。"),
            _("请在 Excel 或 WPS 中打开，用“另存为”选择 .xlsx，再上传。"),
        )
    if ending in TEXTS:
        return ".csv"
    raise not_a_workbook()


def _in_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.lower() for name in archive.namelist()}
    except (zipfile.BadZipFile, RuntimeError, ValueError, OverflowError) as error:
        raise damaged() from error
    if "xl/workbook.xml" in names:
        return ".xlsx"
    if "xl/workbook.bin" in names:
        raise refuse("old_format", _("这是二进制的 .xlsb 表格。"), _("请用“另存为”选择 .xlsx，再上传。"))
    if "mimetype" in names and MIMETYPE in content[:200]:
        return ".ods"
    raise not_a_workbook()
