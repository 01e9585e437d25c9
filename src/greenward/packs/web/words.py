"""A pack's figures and dates in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from greenward.packs.diff import Change
from greenward.packs.schema.duties import Duty
from greenward.packs.schema.pack import Pack
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
    "judgement": gettext_lazy("评议分"),
}
SENSITIVITIES: dict[str, StrOrPromise] = {
    "public": gettext_lazy("可公开"),
    "internal": gettext_lazy("内部"),
    "aggregate": gettext_lazy("只公布合计"),
}
FOUND: dict[str, StrOrPromise] = {
    "met": gettext_lazy("达标"),
    "unmet": gettext_lazy("未达标"),
    "unknown": gettext_lazy("资料不全"),
    "not_applicable": gettext_lazy("不适用"),
    "none": gettext_lazy("没有等级"),
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


@dataclass(frozen=True)
class ChangeRow:
    """A change with its place in words, such as 第12项 物业管理覆盖 · 规则."""

    change: Change
    about: str


def told(change: Change, pack: Pack | None) -> ChangeRow:
    """Return a change with its place in words; parts that have none stay as the files call them."""
    words: list[str] = []
    for before, name in zip(("", *change.path), change.path, strict=False):
        words.append(_part(before, name, pack))
    return ChangeRow(change, " · ".join(word for word in words if word))


def _part(above: str, name: str, pack: Pack | None) -> str:
    if above in ("items", "indicators", "supplements"):
        item = pack.item_by_id.get(name) if pack else None
        return _("第{item}项").format(item=name) + (f" {item.short}" if item else "")
    if above == "areas" and pack and name in pack.area_by_id:
        return str(pack.area_by_id[name].title)
    if above == "facts" and pack and name in pack.fact_by_id:
        return str(pack.fact_by_id[name].label)
    return str(PARTS.get(name, name))


PARTS: dict[str, StrOrPromise] = {
    "manifest": gettext_lazy("方案"),
    "edition": gettext_lazy("版次"),
    "standard": gettext_lazy("标准"),
    "items": "",
    "indicators": "",
    "supplements": "",
    "areas": gettext_lazy("领域"),
    "facts": gettext_lazy("事实"),
    "cases": gettext_lazy("案例"),
    "refinements": gettext_lazy("区级细化"),
    "parameters": gettext_lazy("规则里的数字"),
    "dictionary": gettext_lazy("字段字典"),
    "forms": gettext_lazy("摸底表"),
    "targets": gettext_lazy("目标"),
    "duties": gettext_lazy("职责与期限"),
    "clauses": gettext_lazy("条款"),
    "departments": gettext_lazy("部门"),
    "rule": gettext_lazy("规则"),
    "applies": gettext_lazy("仅当"),
    "barred_if": gettext_lazy("一票否决"),
    "points": gettext_lazy("分值"),
    "deducts": gettext_lazy("最多扣分"),
    "score": gettext_lazy("给分"),
    "title": gettext_lazy("文字"),
    "how_to": gettext_lazy("怎么做"),
    "evidence": gettext_lazy("评定依据"),
    "verified": gettext_lazy("文字已核对"),
    "note": gettext_lazy("说明"),
    "reading": gettext_lazy("按哪个理解"),
    "value": gettext_lazy("数值"),
    "expect": gettext_lazy("应得"),
}
