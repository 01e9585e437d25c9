"""The field dictionary as a table: what each field means, who holds it, how it is checked, who needs it."""

from collections.abc import Mapping

import polars as pl
from django.utils.translation import gettext as _

from greenward.packs import queries as packs
from greenward.packs import rules
from greenward.packs.queries import FieldEntry, GroupEntry
from greenward.packs.schema.forms import Column, Field
from greenward.packs.schema.pack import Pack
from greenward.territories.models import Level

TEXTS = (
    "code", "name_zh", "name_en", "aliases", "group", "level", "type", "unit", "decimals", "choices",
    "columns", "min", "max", "holder", "sensitivity", "valid_months", "usual_change", "compare_by",
    "checks", "asked_by", "used_by", "help",
)  # fmt: skip
"""The columns, in order."""
BETWEEN = "；"


def headings() -> dict[str, str]:
    """Return a heading for every column."""
    titles = (
        _("字段代码"), _("名称"), _("英文名称"), _("别名"), _("分组"), _("层级"), _("类型"), _("计量单位"),
        _("小数位"), _("选项"), _("表内各列"), _("最小值"), _("最大值"), _("掌握部门"), _("公开程度"),
        _("有效期（月）"), _("通常变化幅度"), _("比较时除以"), _("校验"), _("由哪些表询问"),
        _("用于哪些条目"), _("说明"),
    )  # fmt: skip
    return dict(zip(TEXTS, titles, strict=True))


def dictionary_rows(pack: Pack) -> list[dict[str, str]]:
    """Return a row per field in the reader's language, with the columns :data:`TEXTS`; empty where none."""
    checks = _checks(pack)
    return [_row(group, entry, checks) for group in packs.dictionary_of(pack) for entry in group.fields]


def dictionary_frame(pack: Pack) -> pl.DataFrame:
    """Return the same as columns of text."""
    return pl.DataFrame(dictionary_rows(pack), schema=dict.fromkeys(TEXTS, pl.String()))


def type_in_words(one: Field | Column) -> str:
    """Return what kind of answer a field takes, in words."""
    return {
        "bool": _("是否"),
        "count": _("整数"),
        "number": _("数字"),
        "choice": _("单选"),
        "date": _("日期"),
        "year": _("年份"),
        "text": _("文字"),
        "file": _("文件"),
        "position": _("位置（经度、纬度）"),
        "table": _("表格"),
    }[one.type]


def sensitivity_in_words(field: Field) -> str:
    """Return how far a field may be shown, in words."""
    return {"public": _("可公开"), "internal": _("内部"), "aggregate": _("仅汇总")}[field.sensitivity]


def _row(
    group: GroupEntry, entry: FieldEntry, checks: Mapping[str, list[tuple[str, frozenset[str]]]]
) -> dict[str, str]:
    field = entry.field
    said = [text for form, _one in entry.asked for text, names in checks[form.id] if field.id in names]
    return {
        "code": field.id,
        "name_zh": field.label.zh,
        "name_en": field.label.en,
        "aliases": BETWEEN.join(field.aliases),
        "group": str(group.title),
        "level": str(Level(group.level).label),
        "type": type_in_words(field),
        "unit": field.unit or "",
        "decimals": _text(field.decimals),
        "choices": BETWEEN.join(f"{one.value}={one.label}" for one in field.choices),
        "columns": BETWEEN.join(_column(one) for one in field.columns),
        "min": _text(field.min),
        "max": _text(field.max),
        "holder": str(entry.holder.name) if entry.holder else "",
        "sensitivity": sensitivity_in_words(field),
        "valid_months": _text(field.valid_months),
        "usual_change": _text(field.usual_change),
        "compare_by": field.compare_by or "",
        "checks": BETWEEN.join(dict.fromkeys(said)),
        "asked_by": BETWEEN.join(_asked(str(form.title), one) for form, one in entry.asked),
        "used_by": BETWEEN.join(f"{item.id} {item.short}" for item in entry.used_by),
        "help": str(field.help or ""),
    }


def _column(one: Column) -> str:
    unit = f"（{one.unit}）" if one.unit else ""
    choices = "：" + "/".join(str(choice.label) for choice in one.choices) if one.choices else ""
    return f"{one.id}={one.label}{unit}{choices}"


def _asked(title: str, one: Field) -> str:
    notes = [_("必填")] if one.required else []
    notes += [_("条件 %(rule)s") % {"rule": one.when}] if one.when else []
    return f"{title}（{'，'.join(notes)}）" if notes else title


def _checks(pack: Pack) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Return by form the checks' messages with the fields that each names."""
    reader = rules.reader()
    return {
        form.id: [(str(check.message), reader.names(check.rule)) for check in form.checks]
        for form in pack.forms
    }


def _text(value: object) -> str:
    return "" if value is None else str(value)
