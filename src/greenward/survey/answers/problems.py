"""Why an answer is refused: a stable code, and a sentence that says what to write instead."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Column, Field

MOST_CHARACTERS = 2000


@dataclass(frozen=True)
class AnswerProblem:
    """A refusal: ``code`` is stable, ``message`` is in the reader's language."""

    code: str
    message: str


class AnswerError(Exception):
    """An answer does not fit its field; in a table ``row`` and ``column`` say where, ``inner`` why."""

    def __init__(self, code: str, *, column: Column | None = None, inner: str = "", row: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.column = column
        self.inner = inner
        self.row = row


def told(field: Field, error: AnswerError) -> AnswerProblem:
    """Return what is wrong with an answer, with its sentence."""
    if error.column is None:
        return described(field, error.code)
    inside = described(error.column, error.inner)
    where = _("第 %(row)d 行 %(column)s") % {"row": error.row, "column": error.column.label}
    return AnswerProblem(error.code, f"{where}：{inside.message}")


def described(field: Field | Column, code: str) -> AnswerProblem:
    """Return the problem with its sentence."""
    unit = field.unit or ""
    sentences = {
        "not_a_bool": _("应填“是”或“否”；不清楚时留空。"),
        "not_a_number": _("应填数字，例如 1200；没有就填 0，不清楚时留空。"),
        "not_whole": _("应填整数。"),
        "is_a_percentage": _("这里不是百分比，请填%(unit)s数。") % {"unit": unit},
        "is_a_date": _("单元格的格式是日期；请改成数字或常规格式，重新填写。"),
        "not_exact": _("应填确定的数字，不写“约”“左右”或范围；请核实后填写，核实不了就留空。"),
        "unit_differs": _("写的单位与本项的单位（%(unit)s）对不上；请换算后只填数字。")
        % {"unit": unit or _("无")},
        "unit_twice": _("表头的单位已经带“万”等倍数，格内又写了一次；请只写一处。"),
        "merged_number": _("几行合并成一格，只有一个数，分不到每一行；请拆开合并单元格，逐行填写。"),
        "circle_unclear": _("“○”有人当“是”，有人当“否”；请改填“是”或“否”。"),
        "formula_without_value": _("公式没有计算结果；请在 Excel 或 WPS 中打开并保存，再上传。"),
        "error_cell": _("单元格显示的是公式错误；请改正公式，或直接填写。"),
        "out_of_range": _("数字过大，请核对单位和位数。"),
        "below_min": _("不能小于 %(min)s，请核对单位和位数。") % {"min": field.min},
        "above_max": _("不能大于 %(max)s，请核对单位和位数。") % {"max": field.max},
        "not_a_choice": _("应填以下之一：%(choices)s。")
        % {"choices": "、".join(str(choice.label) for choice in field.choices)},
        "not_a_date": _("应填完整日期，例如 2021-09-30 或 2021年9月30日。"),
        "date_unclear": _("“2021.1”分不清是1月还是10月；请写完整日期，例如 2021-10-08。"),
        "not_a_text": _("应填文字。"),
        "not_a_position": _("应填经度和纬度，例如 116.39700,39.90800。"),
        "not_a_file": _("这里应是附件。"),
        "file_in_cell": _("附件不能从表格读取；请在网页的表单里上传。"),
        "table_in_cell": _("这一项是明细表，不能写在一格里；请用模板中它自己的工作表逐行填写。"),
        "not_a_table": _("明细表的每一行应是“列名：值”，且只有表中的列。"),
        "too_many_rows": _("明细表的行数过多。"),
        "not_a_year": _("应填四位年份，例如 1998。"),
        "too_long": _("最多 %(most)d 个字。") % {"most": MOST_CHARACTERS},
        "unknown_field": _("表中没有这一项，请核对栏目名称。"),
    }
    return AnswerProblem(code, sentences[code])
