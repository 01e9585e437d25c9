"""Why an answer is refused: a stable code, and a sentence that says what to write instead."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Field

MOST_CHARACTERS = 2000


@dataclass(frozen=True)
class AnswerProblem:
    """A refusal: ``code`` is stable, ``message`` is in the reader's language."""

    code: str
    message: str


class AnswerError(Exception):
    """An answer does not fit its field."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def described(field: Field, code: str) -> AnswerProblem:
    """Return the problem with its sentence."""
    sentences = {
        "not_a_bool": _("应填“是”或“否”；不清楚时留空。"),
        "not_a_number": _("应填数字，例如 1200；没有就填 0，不清楚时留空。"),
        "not_whole": _("应填整数。"),
        "is_a_percentage": _("这里不是百分比，请填%(unit)s数。") % {"unit": field.unit or ""},
        "error_cell": _("单元格显示的是公式错误；请改正公式，或直接填写。"),
        "out_of_range": _("数字过大，请核对单位和位数。"),
        "below_min": _("不能小于 %(min)s，请核对单位和位数。") % {"min": field.min},
        "above_max": _("不能大于 %(max)s，请核对单位和位数。") % {"max": field.max},
        "not_a_choice": _("应填以下之一：%(choices)s。")
        % {"choices": "、".join(str(choice.label) for choice in field.choices)},
        "not_a_date": _("应填完整日期，例如 2021-09-30 或 2021年9月30日。"),
        "not_a_year": _("应填四位年份，例如 1998。"),
        "too_long": _("最多 %(most)d 个字。") % {"most": MOST_CHARACTERS},
        "unknown_field": _("表中没有这一项，请核对栏目名称。"),
    }
    return AnswerProblem(code, sentences[code])
