"""Recheck plans as everybody may see them: the seed at once, what was drawn from what once all were seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from greenward.certification.models import Chosen, Recheck, RecheckMove, RecheckPlan, Title
from greenward.certification.queries.rechecks import drawn, held_below
from greenward.certification.queries.route import route_of
from greenward.certification.states import OPEN_RECHECKS, RecheckState
from greenward.core.months import after_months
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import version_on

LAST = 20
"""So many plans are published, the newest."""


@dataclass(frozen=True)
class Published:
    """A plan: how many titles by drift and by lot, and once every community was looked at, which.

    ``pool`` are the numbers that took part in the draw, ``again`` what the seed draws of them now: the same
    as ``by_lot``, or the plan was not drawn by its seed. Before, all are empty, so that a visit surprises.
    """

    plan: RecheckPlan
    territory: str
    risky: int
    lots: int
    is_open: bool
    by_risk: Sequence[str] = ()
    by_lot: Sequence[str] = ()
    pool: Sequence[str] = ()
    again: Sequence[str] = ()


def published_plans(on: date) -> list[Published]:
    """Return the plans made by a day, the newest first; public."""
    plans = RecheckPlan.objects.filter(as_of__lte=on).select_related("programme", "territory")
    return [_published(one) for one in plans[:LAST]]


def _published(plan: RecheckPlan) -> Published:
    rows = list(plan.rechecks.select_related("title").order_by("pk"))
    by = {why: [one.title.number for one in rows if one.why == why] for why in (Chosen.RISK, Chosen.RANDOM)}
    place = version_on(plan.territory, plan.as_of)
    counts = len(by[Chosen.RISK]), len(by[Chosen.RANDOM])
    is_open = any(one.state == RecheckState.PLANNED for one in rows)
    name = place.name if place is not None else plan.territory.code
    if is_open or place is None or not rows:
        return Published(plan, name, *counts, is_open=is_open)
    pool = _pool(plan, place, before=rows[0].pk, risky=set(by[Chosen.RISK]))
    again = drawn(pool, plan.seed, counts[1])
    return Published(plan, name, *counts, False, by[Chosen.RISK], by[Chosen.RANDOM], pool, again)


def _pool(plan: RecheckPlan, place: PlaceVersion, *, before: int, risky: set[str]) -> list[str]:
    """Return the numbers that took part: held, not taken for their drift, not rechecked shortly before."""
    busy = _busy(plan, before)
    held = held_below(plan.programme, place.path, plan.as_of)
    return [title.number for title, _place in held if title.pk not in busy and title.number not in risky]


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
