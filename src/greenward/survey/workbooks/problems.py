"""What is wrong in a workbook, cell by cell: where, the value, a stable code, and what to do."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field

from django.utils.translation import gettext as _

from greenward.survey.workbooks.communities import Candidate

MOST_DETAILS = 1000


@dataclass(frozen=True)
class Problem:
    """One problem: sheet, row as Excel counts, column letter (empty: the row), value, code, message.

    ``candidates`` are the communities that a row may mean, where that is the question.
    """

    sheet: str
    row: int
    column: str
    value: str
    code: str
    message: str
    candidates: tuple[Candidate, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Return the problem as plain data; ``candidates`` only where there are any."""
        plain = asdict(self)
        if not self.candidates:
            del plain["candidates"]
        return plain


@dataclass
class Problems:
    """All problems counted by code, the first ``most`` of them in full."""

    most: int = MOST_DETAILS
    counts: Counter[str] = field(default_factory=Counter)
    details: list[Problem] = field(default_factory=list)

    def add(self, code: str, count: int, details: Iterable[Problem]) -> None:
        """Count problems of one kind and keep details while there is room."""
        if count:
            self.counts[code] += count
            for problem in details:
                if len(self.details) >= self.most:
                    break
                self.details.append(problem)

    def sorted(self) -> list[Problem]:
        """Return the details in the order of the workbook."""
        return sorted(self.details, key=lambda p: (p.sheet, p.row, len(p.column), p.column))


def sentence(code: str) -> str:
    """Return what is said of a row or a sheet."""
    return {
        "community_missing": _("没有社区代码或名称，请补上。"),
        "community_not_found": _("没有找到这个社区，或者它不在您的管辖范围内；请核对代码或名称。"),
        "community_ambiguous": _("不止一个社区叫这个名称；请填社区代码，或补上街道、区。"),
        "code_and_name_differ": _("代码和名称不是同一个社区；请核对。"),
        "code_rounded": _("代码被显示成了科学计数（如 1.1E+11），后几位已丢失；请把该列设为文本后重新填写。"),
        "row_twice": _("同一对象在前面已有一行；请合并为一行。"),
        "unit_name_missing": _("没有名称或编号，请补上。"),
        "compound_not_found": _("社区里没有这个小区；请核对小区名称，或先在小区表里登记它。"),
        "community_submitted": _("这个社区已经提交，只能改退回的项；请先撤回提交或请上级退回。"),
        "compound_name_missing": _("没有小区名称，请补上。"),
        "no_headings": _("没有找到表头：需要“社区代码”或“社区名称”一列，和至少一个摸底项目。"),
        "heading_twice": _("这一列与前面的列是同一项目，没有读取；请删去一列。"),
        "heading_unclear": _("几个分组下都有这个名称，分不清是哪一项，没有读取；请在“表头对应”里指定。"),
        "unit_unknown": _("表头括号里的不是认识的单位，没有读取；请改成本项的单位，或在“表头对应”里指定。"),
        "unit_other": _("表头的单位与本项的单位对不上，没有读取；请核对是不是这一项，再改单位或指定。"),
        "unit_unclear": _("表上方写了几个不同的单位，分不清用哪一个，没有读取；请在表头里逐列写明。"),
    }[code]


def titles() -> dict[str, str]:
    """Return a short title for every kind of problem, to group them by."""
    return {
        "community_missing": _("没有写社区"),
        "community_not_found": _("社区没有找到"),
        "community_ambiguous": _("社区名称不唯一"),
        "code_and_name_differ": _("代码和名称不一致"),
        "code_rounded": _("代码变成了科学计数"),
        "row_twice": _("同一对象重复"),
        "unit_name_missing": _("没有名称或编号"),
        "compound_not_found": _("小区没有找到"),
        "community_submitted": _("社区已提交"),
        "newer-value": _("系统里有比模板更新的值"),
        "compound_name_missing": _("没有小区名称"),
        "no_headings": _("没有表头"),
        "heading_twice": _("列重复"),
        "heading_unclear": _("表头分不清"),
        "unit_unknown": _("表头的单位不认识"),
        "unit_other": _("表头的单位对不上"),
        "unit_unclear": _("单位分不清"),
        "merged_number": _("几行合并成一个数"),
        "unit_differs": _("格内的单位对不上"),
        "unit_twice": _("单位的倍数写了两次"),
        "not_exact": _("不是确定的数字"),
        "is_a_date": _("数字写成了日期格式"),
        "circle_unclear": _("“○”含义不明"),
        "formula_without_value": _("公式没有结果"),
        "date_unclear": _("日期分不清月份"),
        "not_a_position": _("不是经纬度"),
        "file_in_cell": _("附件写在了格内"),
        "table_in_cell": _("明细表写在了格内"),
        "not_a_bool": _("不是“是/否”"),
        "not_a_number": _("不是数字"),
        "not_whole": _("不是整数"),
        "is_a_percentage": _("写成了百分比"),
        "error_cell": _("公式错误"),
        "out_of_range": _("数字过大"),
        "below_min": _("数值过小"),
        "above_max": _("数值过大"),
        "not_a_choice": _("不在选项内"),
        "not_a_date": _("不是日期"),
        "not_a_year": _("不是年份"),
        "too_long": _("文字过长"),
    }
