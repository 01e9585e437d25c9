"""Recheck plans as everybody may see them: the seed at once, what was drawn from what once all were seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.certification.models import Chosen, Recheck, RecheckMove, RecheckPlan, Title
from greenward.certification.queries.rechecks import drawn, held_below
from greenward.certification.queries.route import route_of
from greenward.certification.states import OPEN_RECHECKS, RecheckState
from greenward.core.errors import NotFoundError
from greenward.core.months import after_months
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import version_on, versions_on

LAST = 20
"""So many plans are published, the newest."""


@dataclass(frozen=True)
class Published:
    """A plan: how many titles by drift and by lot, and once every community was looked at, which.

    Before, ``by_risk`` and ``by_lot`` are empty, so that a visit surprises.
    """

    plan: RecheckPlan
    territory: str
    risky: int
    lots: int
    is_open: bool
    by_risk: Sequence[str] = ()
    by_lot: Sequence[str] = ()


@dataclass(frozen=True)
class Redrawn:
    """The numbers that took part, and what the seed draws of them now: the same as then, if all is well."""

    pool: Sequence[str]
    again: Sequence[str]


def published_plans(on: date) -> list[Published]:
    """Return the plans made by a day, the newest first; public. Four queries."""
    plans = list(_plans(on)[:LAST])
    named = versions_on(on).filter(place__in=[one.territory_id for one in plans])
    names = dict(named.values_list("place_id", "name"))
    return [_published(one, names.get(one.territory_id, one.territory.code)) for one in plans]


def published_plan(number: int, on: date) -> tuple[Published, Redrawn | None]:
    """Return one plan with its draw, None while a community waits; NotFoundError for none."""
    plan = _plans(on).filter(pk=number).first()
    if plan is None:
        raise NotFoundError(_("没有这个复查计划。"), hint=_("请从复查计划列表打开。"))
    place = version_on(plan.territory, plan.as_of)
    found = _published(plan, place.name if place is not None else plan.territory.code)
    rows = list(plan.rechecks.all())
    if found.is_open or place is None or not rows:
        return found, None
    first = min(one.pk for one in rows)
    pool = _pool(plan, place, before=first, risky=set(found.by_risk))
    return found, Redrawn(pool, drawn(pool, plan.seed, found.lots))


def _plans(on: date) -> QuerySet[RecheckPlan]:
    rows = RecheckPlan.objects.filter(as_of__lte=on).select_related("programme", "territory")
    return rows.prefetch_related("rechecks__title")


def _published(plan: RecheckPlan, territory: str) -> Published:
    rows = sorted(plan.rechecks.all(), key=lambda one: one.pk)
    by_risk, by_lot = (
        [one.title.number for one in rows if one.why == why] for why in (Chosen.RISK, Chosen.RANDOM)
    )
    if any(one.state == RecheckState.PLANNED for one in rows):
        return Published(plan, territory, len(by_risk), len(by_lot), is_open=True)
    return Published(
        plan, territory, len(by_risk), len(by_lot), is_open=False, by_risk=by_risk, by_lot=by_lot
    )


def _pool(plan: RecheckPlan, place: PlaceVersion, *, before: int, risky: set[str]) -> list[str]:
    """Return the numbers that took part: held, not taken for their drift, not rechecked shortly before."""
    busy = _busy(plan, before)
    held = held_below(plan.programme, place.path, plan.as_of)
    return [title.number for title, _where in held if title.pk not in busy and title.number not in risky]


def _busy(plan: RecheckPlan, before: int) -> set[int]:
    """Return the titles that were being rechecked when the plan was made, or had been within the interval."""
    rule = route_of(plan.programme).recheck
    earlier = Recheck.objects.filter(pk__lt=before, title__in=Title.objects.filter(programme=plan.programme))
    last: dict[int, tuple[str, date]] = {}
    for one in RecheckMove.objects.filter(recheck__in=earlier, at__lte=plan.at).order_by("pk"):
        last[one.recheck_id] = one.state, timezone.localdate(one.at)
    since = after_months(plan.as_of, -rule.every_months) if rule is not None else plan.as_of
    found = set()
    for key, title in earlier.values_list("pk", "title"):
        state, day = last.get(key, (RecheckState.PLANNED, plan.as_of))
        if state in OPEN_RECHECKS or day > since:
            found.add(title)
    return found
