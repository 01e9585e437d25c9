"""Reading programmes: the current one, its policy and phase, and the duties within a person's reach."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.core.rows import all_rows, first_row
from greenward.core.workdays import overrides, working_days_between
from greenward.packs import queries as packs
from greenward.packs.models import InstalledPack
from greenward.packs.schema.duties import Duty
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.policy import Phase
from greenward.programmes.calendar import Occurrence, occurrences
from greenward.programmes.models import Delivery, DenominatorFreeze, Programme
from greenward.territories.access import reach_of
from greenward.territories.models import Place, PlaceVersion
from greenward.territories.queries import places_for
from greenward.territories.roles import Permission

KINDS = {"force": Programme, "pack": InstalledPack, "place": Place}
JOINED = """FROM programmes_programme force
    JOIN packs_installedpack pack ON pack.id = force.pack_id
    JOIN territories_place place ON place.id = force.territory_id"""
NUMBERED = f"{JOINED} WHERE force.id = ANY(%(numbers)s)"
IN_FORCE = f"""{JOINED}
    WHERE force.in_force_from <= %(on)s ORDER BY force.in_force_from DESC, force.id DESC"""
CONTENT = {"pack": frozenset({"content"})}
"""Megabytes, read once per edition (``packs.queries.pack``)."""


class DutyState(StrEnum):
    """Where a duty stands on a day."""

    OVERDUE = "overdue"
    OPEN = "open"
    UPCOMING = "upcoming"
    DELIVERED = "delivered"


@dataclass(frozen=True)
class DutyDue:
    """What one place owes for one period, as of a day.

    ``days_left`` and ``working_days_left`` count from the day to ``due_on``; negative when it has passed.
    """

    duty: Duty
    place: PlaceVersion
    label: str
    due_on: date
    state: DutyState
    days_left: int
    working_days_left: int
    delivery: Delivery | None
    may_deliver: bool

    @property
    def clause(self) -> str:
        """The clause that asks for it."""
        return self.duty.clause

    @property
    def own_rule(self) -> bool:
        """True when no clause fixes the day."""
        return self.duty.own_rule

    @property
    def days_late(self) -> int:
        """Days since the last day; 0 when it has not passed."""
        return max(0, -self.days_left)

    @property
    def was_late(self) -> bool:
        """True when it was delivered after its last day."""
        return self.delivery is not None and self.delivery.delivered_on > self.due_on


def current(on: date | None = None) -> Programme:
    """Return the programme in force on ``on`` (today if None); NotFoundError if none has begun."""
    day = on or clock.today()
    row = first_row(KINDS, IN_FORCE, {"on": day}, without=CONTENT)
    if row is None:
        raise NotFoundError(
            _("%(day)s 没有正在施行的创建行动。") % {"day": day.isoformat()},
            hint=_("请先安装方案包并使其施行：greenward pack install，然后 greenward programme start。"),
            on=day.isoformat(),
        )
    return _joined(row)


def numbered(numbers: Collection[int]) -> dict[int, Programme]:
    """Return programmes by their number, as :func:`current` returns one."""
    found = all_rows(KINDS, NUMBERED, {"numbers": list(numbers)}, without=CONTENT)
    return {row["force"].pk: _joined(row) for row in found}


def _joined(row: dict[str, Any]) -> Programme:
    programme: Programme = row["force"]
    programme.pack, programme.territory = row["pack"], row["place"]
    return programme


def policy(programme: Programme) -> Pack:
    """Return everything that the programme's policy decides."""
    return packs.pack(programme.pack)


def phase_on(pack: Pack, day: date) -> Phase | None:
    """Return the phase that ``day`` belongs to; None before the first and after the last."""
    return next((p for p in pack.phases if p.starts_on <= day < p.ends_before), None)


def freeze_of(programme: Programme, target_due: date) -> DenominatorFreeze | None:
    """Return the denominator fixed for the target of that day; None if the live list counts."""
    return programme.freezes.filter(target_due=target_due).first()


def duties_for(
    user: User | AnonymousUser, on: date | None = None, *, horizon_days: int = 60
) -> list[DutyDue]:
    """Return what the places within reach owe: all overdue, and what falls due within the horizon.

    Delivered ones show as long as their last day is within the horizon on either side. Most urgent first.
    """
    day = on or clock.today()
    programme = current(day)
    horizon = timedelta(days=horizon_days)
    asked = [one for one in occurrences(policy(programme)) if one.due_on <= day + horizon]
    levels = {one.duty.who for one in asked}
    places = list(places_for(user, on=day).filter(place__level__in=levels).order_by("path"))
    delivered = _deliveries(programme, places, day)
    reach, left = reach_of(user), _working_days_from(day, {one.due_on for one in asked})
    owed = (
        _due(one, place, delivered.get((one.duty.id, place.place_id, one.due_on)), day, left, may_deliver=may)
        for place in places
        for may in [reach.covers(place.path, Permission.DELIVER_DUTIES)]
        for one in asked
        if one.duty.who == place.place.level
    )
    order = list(DutyState)
    shown = (d for d in owed if d.state != DutyState.DELIVERED or d.due_on >= day - horizon)
    return sorted(shown, key=lambda d: (order.index(d.state), d.due_on, d.place.path, d.duty.id))


def get_owed(programme: Programme, duty: str, place: PlaceVersion, due_on: date) -> Occurrence:
    """Return the period of a duty that a place owes; NotFoundError where the calendar has none."""
    for one in occurrences(policy(programme)):
        if (one.duty.id, one.duty.who, one.due_on) == (duty, place.place.level, due_on):
            return one
    raise NotFoundError(
        _("%(place)s 没有 %(day)s 到期的任务“%(duty)s”。")
        % {"place": place.name, "day": due_on.isoformat(), "duty": duty},
        hint=_("请从任务清单中选择。"),
        duty=duty,
    )


def deliveries_for_period(
    programme: Programme, duty: str, place: PlaceVersion, due_on: date
) -> list[Delivery]:
    """Return what the place delivered of a duty for one period, the newest first: that one counts."""
    rows = Delivery.objects.filter(programme=programme, duty=duty, place=place.place_id, due_on=due_on)
    return list(rows.select_related("by").order_by("-id"))


def deliveries_of(place: PlaceVersion, on: date | None = None) -> list[Delivery]:
    """Return what the place has delivered until ``on``, newest first, corrections included."""
    day = on or clock.today()
    rows = Delivery.objects.filter(place=place.place_id, delivered_on__lte=day)
    return list(rows.order_by("-delivered_on", "-id"))


def _working_days_from(day: date, ends: Iterable[date]) -> dict[date, int]:
    known = overrides()
    return {end: working_days_between(day, end, known=known) for end in ends}


def _deliveries(
    programme: Programme, places: Iterable[PlaceVersion], day: date
) -> dict[tuple[str, int, date], Delivery]:
    rows = Delivery.objects.filter(
        programme=programme, place__in=[p.place_id for p in places], delivered_on__lte=day
    ).order_by("id")
    return {(d.duty, d.place_id, d.due_on): d for d in rows}


def _due(
    one: Occurrence,
    place: PlaceVersion,
    delivery: Delivery | None,
    day: date,
    working_days: dict[date, int],
    *,
    may_deliver: bool,
) -> DutyDue:
    if delivery is not None:
        state = DutyState.DELIVERED
    elif one.due_on < day:
        state = DutyState.OVERDUE
    else:
        state = DutyState.OPEN if one.opens_on <= day else DutyState.UPCOMING
    return DutyDue(
        duty=one.duty,
        place=place,
        label=one.label,
        due_on=one.due_on,
        state=state,
        days_left=(one.due_on - day).days,
        working_days_left=working_days[one.due_on],
        delivery=delivery,
        may_deliver=may_deliver,
    )
