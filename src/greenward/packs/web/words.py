"""A pack's figures and dates in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from greenward.packs.schema.duties import Duty
from greenward.packs.schema.targets import Target

LEVELS: dict[str, StrOrPromise] = {
    "city": gettext_lazy("全市"),
    "district": gettext_lazy("各区"),
    "subdistrict": gettext_lazy("街道（乡镇）"),
    "community": gettext_lazy("社区"),
    "compound": gettext_lazy("小区"),
    "building": gettext_lazy("楼栋"),
    "facility": gettext_lazy("设施"),
}
KINDS: dict[str, StrOrPromise] = {
    "street": gettext_lazy("街道"),
    "town": gettext_lazy("镇"),
    "township": gettext_lazy("乡"),
    "area": gettext_lazy("地区"),
}
TYPES: dict[str, StrOrPromise] = {
    "bool": gettext_lazy("是/否"),
    "count": gettext_lazy("个数"),
    "number": gettext_lazy("数值"),
    "choice": gettext_lazy("选项"),
    "date": gettext_lazy("日期"),
    "year": gettext_lazy("年份"),
    "text": gettext_lazy("文字"),
    "file": gettext_lazy("文件"),
    "position": gettext_lazy("位置"),
    "table": gettext_lazy("表格"),
}
SENSITIVITIES: dict[str, StrOrPromise] = {
    "public": gettext_lazy("可公开"),
    "internal": gettext_lazy("内部"),
    "aggregate": gettext_lazy("只公布合计"),
}


@dataclass(frozen=True)
class TargetRow:
    """A target with its level and goal in words."""

    target: Target
    level: str
    goal: str


@dataclass(frozen=True)
class DutyRow:
    """A duty with its level and date in words."""

    duty: Duty
    level: str
    when: str


def target_row(target: Target) -> TargetRow:
    """Return a target for a table."""
    owing = "、".join(str(KINDS[kind]) for kind in target.kinds)
    return TargetRow(target, owing or str(LEVELS[target.level]), _goal(target))


def _goal(target: Target) -> str:
    if target.share is not None:
        percent = format((target.share * 100).normalize(), "f")
        return _("不低于 {percent}%").format(percent=percent)
    if target.count_max is None:
        return _("每处至少 {least} 个试点").format(least=target.count_min)
    return _("每处 {least}–{most} 个试点").format(least=target.count_min, most=target.count_max)


def duty_row(duty: Duty) -> DutyRow:
    """Return a duty for a table."""
    return DutyRow(duty, str(LEVELS[duty.who]), _when(duty))


def _when(duty: Duty) -> str:
    schedule = duty.schedule
    if schedule.once is not None:
        return schedule.once.isoformat()
    if schedule.yearly is not None:
        sentence = _("每年 {month} 月 {day} 日之前") if schedule.before else _("每年 {month} 月 {day} 日")
        return sentence.format(month=schedule.yearly.month, day=schedule.yearly.day)
    return _("每季度结束后 {days} 日内").format(days=schedule.days_after)
