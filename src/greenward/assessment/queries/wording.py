"""Values and shortfalls in words."""

from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from greenward.assessment.engine.shortfall import Sense, Shortfall
from greenward.packs.schema.facts import FromField
from greenward.packs.schema.pack import Pack

UNITS = {
    "天": _lazy("天"),
    "平方米": _lazy("平方米"),
    "米": _lazy("米"),
    "户": _lazy("户"),
    "分": _lazy("分"),
    "元": _lazy("元"),
}
"""Units that both languages have a word for."""


def label_of(pack: Pack, fact: str) -> str:
    """Return the name of a fact or parameter in the reader's language; its id if the pack has none."""
    if fact in pack.fact_by_id:
        return str(pack.fact_by_id[fact].label)
    return next((str(p.label) for p in pack.parameters if p.id == fact), fact)


def printed(pack: Pack, fact: str, value: object) -> str:
    """Return a known value for people: yes or no, a number with its unit, a date, a choice's label."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return f"{value:,} {_unit_of(pack, fact)}".strip()
    return _choice(pack, fact, str(value))


def _unit_of(pack: Pack, fact: str) -> str:
    known = pack.fact_by_id.get(fact) or next((p for p in pack.parameters if p.id == fact), None)
    return unit_in_words((known.unit if known else None) or "")


def unit_in_words(unit: str) -> str:
    """Return a unit in the reader's language; English has no word for what Chinese counts things with."""
    if unit in UNITS:
        return str(UNITS[unit])
    english = (get_language() or "").startswith("en")
    return "" if english and not unit.isascii() else unit


def _choice(pack: Pack, fact: str, value: str) -> str:
    known = pack.fact_by_id.get(fact)
    origin = pack.behind(known).origin if known is not None and known.type == "choice" else None
    if not isinstance(origin, FromField):
        return value
    field = pack.form_by_id[origin.form].field(origin.field)
    return next((str(choice.label) for choice in field.choices if choice.value == value), value)


def in_words(pack: Pack, shortfall: Shortfall) -> str:
    """Return what would have to change, such as “小区数：现为 3 个，至少应为 4 个（还差 1 个）”."""
    needed = [printed(pack, shortfall.fact, value) for value in shortfall.needed]
    wanted = {
        Sense.EXACTLY: _("应为 %(needed)s"),
        Sense.OTHER_THAN: _("不应为 %(needed)s"),
        Sense.AT_LEAST: _("至少应为 %(needed)s"),
        Sense.AT_MOST: _("至多应为 %(needed)s"),
        Sense.MORE_THAN: _("应大于 %(needed)s"),
        Sense.LESS_THAN: _("应小于 %(needed)s"),
        Sense.ONE_OF: _("应为下列之一：%(needed)s"),
    }[shortfall.sense] % {"needed": "、".join(needed)}
    label = label_of(pack, shortfall.fact)
    if shortfall.current is None:
        return _("%(label)s：%(wanted)s") % {"label": label, "wanted": wanted}
    now = _("%(label)s：现为 %(current)s，%(wanted)s") % {
        "label": label,
        "current": printed(pack, shortfall.fact, shortfall.current),
        "wanted": wanted,
    }
    change = shortfall.change
    if change is None or change == 0:
        return now
    amount = printed(pack, shortfall.fact, abs(change))
    return now + (_("（还差 %(amount)s）") if change > 0 else _("（应减少 %(amount)s）")) % {"amount": amount}
