"""Why a whole file is refused, and what to do instead."""

from django.utils.translation import gettext as _

from greenward.core.errors import InvalidInputError
from greenward.survey.workbooks.grid import MEGABYTE, MOST_COLUMNS, Limits


class WorkbookError(InvalidInputError):
    """The file is no workbook that can be read; ``data["reason"]`` says why."""

    code = "workbook_refused"


def refuse(reason: str, detail: str, hint: str) -> WorkbookError:
    """Return the error of a refusal."""
    return WorkbookError(detail, hint=hint, reason=reason)


def damaged() -> WorkbookError:
    """Say that the file is cut off, or not what its first bytes promise."""
    return refuse("damaged", _("文件已损坏，读不出来。"), _("请在 Excel 或 WPS 中打开并重新保存，再上传。"))


def not_a_workbook() -> WorkbookError:
    """Say that the file is something else: a picture, a document, a program."""
    return refuse("not_a_workbook", _("这不是表格文件。"), _("请上传 .xlsx、.xls、.ods 或 .csv 文件。"))


def empty() -> WorkbookError:
    """Say that there is nothing in it."""
    return refuse("empty", _("文件是空的，没有任何数据。"), _("请核对是否选错了文件，或保存时是否出错。"))


def too_large(size: int, most: int) -> WorkbookError:
    """Say that there are more bytes than the upload may have."""
    return refuse(
        "too_large",
        _("文件有 %(size)d MB，超过 %(most)d MB。")
        % {"size": -(-size // MEGABYTE), "most": most // MEGABYTE},
        _("请分成几个文件，或请管理员在服务器上导入。"),
    )


def too_large_unpacked() -> WorkbookError:
    """Say that the file is small as it came, but more than bearable inside: perhaps a bomb."""
    return refuse("too_large", _("文件解开后过大。"), _("请删去多余的工作表和空行，再上传。"))


def too_many_rows(sheet: str, limits: Limits) -> WorkbookError:
    """Say that a sheet reaches further down or to the right than is bearable."""
    return refuse(
        "too_many_rows",
        _("工作表“%(sheet)s”超过 %(rows)d 行、%(columns)d 列或 %(cells)d 格。")
        % {"sheet": sheet, "rows": limits.rows, "columns": MOST_COLUMNS, "cells": limits.cells},
        _("请删去数据以外的行和列，或分成几个文件。"),
    )


def encrypted() -> WorkbookError:
    """Say that a password keeps the file shut."""
    return refuse("encrypted", _("文件有密码保护。"), _("请取消密码后另存，再上传。"))


def macros() -> WorkbookError:
    """Say that the file brings a program along."""
    return refuse("macros", _("文件含有宏，不能接收。"), _("请另存为不含宏的 .xlsx，再上传。"))


def links() -> WorkbookError:
    """Say that the file takes values from elsewhere: other workbooks, programs, the network."""
    return refuse(
        "external_links",
        _("文件引用了其他文件、程序或网络数据，不能接收。"),
        _("请在 Excel 的“数据—编辑链接”中断开链接，或把公式粘贴为数值，再上传。"),
    )


def formulas(sheet: str, formula: str) -> WorkbookError:
    """Say that a formula reaches out of the workbook."""
    return refuse(
        "formulas",
        _("工作表“%(sheet)s”的公式“%(formula)s”会访问表格以外的程序或网络，不能接收。")
        % {"sheet": sheet, "formula": formula[:60]},
        _("请把这些公式粘贴为数值，再上传。"),
    )


def entities() -> WorkbookError:
    """Say that XML declares entities: no office program writes it."""
    return refuse(
        "entities", _("文件里有表格文件不应有的内容（DTD）。"), _("请在 Excel 或 WPS 中重新保存，再上传。")
    )
