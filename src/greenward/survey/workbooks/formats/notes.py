"""What is said of a workbook as a whole."""

from django.utils.translation import gettext as _

MOST_NAMES = 20


def hidden_sheets(names: list[str]) -> list[str]:
    """Return the note that hidden sheets were left aside, if there are any."""
    if not names:
        return []
    shown = "、".join(names[:MOST_NAMES])
    return [_("隐藏的工作表没有读取：%(sheets)s。") % {"sheets": shown}]


def stale_formulas(sheet: str) -> str:
    """Return the note that nobody knows whether the formulas' values were ever reckoned."""
    return _(
        "“%(sheet)s”的公式没有在 Excel 里算过，读到的是文件里存的结果；请核对，或打开并保存后重新上传。"
    ) % {"sheet": sheet}
