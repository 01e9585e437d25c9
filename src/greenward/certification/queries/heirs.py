"""What becomes of titles when communities merge or split, in words."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.core.errors import NotFoundError
from greenward.packs.schema.route import Heirs
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceEvent, PlaceVersion

MERGED = {
    "all_held": gettext_lazy("合并的社区都有称号的，合并后保留最早的一个，其余终止；有一个没有的，都终止"),
    "any_held": gettext_lazy("合并的社区有一个有称号的，合并后保留最早的一个，其余终止"),
    "lapses": gettext_lazy("合并后称号终止"),
}
SPLIT = {
    "all_keep": gettext_lazy("拆分后的社区都保留称号"),
    "recheck": gettext_lazy("拆分后的社区都保留称号，并先复查"),
    "lapses": gettext_lazy("拆分后称号终止"),
}


def heirs_in_words(rule: Heirs | None) -> str:
    """Return the rule as a sentence, with its clause or that it is a local one."""
    if rule is None:
        return _("方案没有规定社区合并、拆分后的称号，称号随社区终止。")
    source = _("本地规定，文件未规定") if rule.own_rule else _("第 %(clause)s 条") % {"clause": rule.clause}
    return _("%(merged)s。%(split)s。（%(source)s）") % {
        "merged": MERGED[rule.merged],
        "split": SPLIT[rule.split],
        "source": source,
    }


def rule_of(programme: Programme) -> Heirs | None:
    """Return what the programme's route says of heirs; None where it says nothing."""
    route = programmes.policy(programme).route
    return route.heirs if route is not None else None


def rule_in_force() -> str:
    """Return today's rule as a sentence; empty where no programme has begun."""
    try:
        return heirs_in_words(rule_of(programmes.current()))
    except NotFoundError:
        return ""


def adjustment_in_words(event: PlaceEvent, old: Sequence[PlaceVersion], new: Sequence[PlaceVersion]) -> str:
    """Say which communities became which, and why."""
    return _("%(old)s调整为%(new)s：%(reason)s") % {
        "old": "、".join(one.name for one in old),
        "new": "、".join(one.name for one in new),
        "reason": event.reason,
    }


def passes_on(during: DateRange, on: date) -> date:
    """Return the day from which others have it: the event's, but never before it was had for a day."""
    lower: date = during.lower
    return max(on, lower + timedelta(days=1))
