"""Which districts have filed their plan, when, and which are late."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from greenward.accounts.models import User
from greenward.packs.schema.pack import Pack
from greenward.plans import access
from greenward.plans.models import PlanTarget, PlanVersion
from greenward.plans.states import Measure, PlanState
from greenward.programmes import queries as programmes
from greenward.programmes.calendar import occurrences
from greenward.programmes.models import Delivery, Programme
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import places_for


@dataclass(frozen=True)
class DistrictLine:
    """A district and its plan as a person may see it.

    ``filed``: the version in force; ``first_filed_on``: when the first was; ``delivery``: the duty's first
    delivery, which may be a paper of which no text is here; ``under_way``: the version being written, only
    for the district itself. ``planned``: communities by day.
    """

    place: PlaceVersion
    due_on: date | None
    filed: PlanVersion | None
    first_filed_on: date | None
    delivery: Delivery | None
    under_way: PlanVersion | None
    planned: Mapping[date, int]
    as_of: date

    @property
    def delivered_on(self) -> date | None:
        """The day on which the plan reached the city first, on paper or here."""
        days = [self.first_filed_on, self.delivery.delivered_on if self.delivery else None]
        return min((day for day in days if day), default=None)

    @property
    def days_late(self) -> int:
        """Days after the last day on which it came, or for which it has been missing; 0 when in time."""
        if self.due_on is None:
            return 0
        return max(0, ((self.delivered_on or self.as_of) - self.due_on).days)


def due_on(pack: Pack, on: date) -> date | None:
    """Return the last day of the plan's duty: the next one, after the last the last; None without a duty."""
    duty = pack.plan.duty if pack.plan else ""
    days = [one.due_on for one in occurrences(pack) if one.duty.id == duty]
    return next((day for day in days if day >= on), days[-1] if days else None)


def overview_for(user: User | AnonymousUser, on: date) -> list[DistrictLine]:
    """Return the districts within reach with their plans; a fixed number of queries."""
    programme = programmes.current(on)
    pack = programmes.policy(programme)
    places = list(places_for(user, on=on).filter(place__level=Level.DISTRICT).order_by("path"))
    ids = [place.place_id for place in places]
    versions = _versions(programme, ids)
    deliveries = _deliveries(programme, pack, ids, on)
    planned = _planned([one.pk for own in versions.values() for one in own if one.state == PlanState.FILED])
    return [
        _line(
            user, place, versions.get(place.place_id, []), deliveries.get(place.place_id), planned, pack, on
        )
        for place in places
    ]


def _line(  # noqa: PLR0917 - what three queries brought
    user: User | AnonymousUser,
    place: PlaceVersion,
    versions: list[PlanVersion],
    delivery: Delivery | None,
    planned: Mapping[int, Mapping[date, int]],
    pack: Pack,
    on: date,
) -> DistrictLine:
    filed = [one for one in versions if one.state == PlanState.FILED and one.filed_on and one.filed_on <= on]
    open_ones = [one for one in versions if one.state != PlanState.FILED]
    return DistrictLine(
        place=place,
        due_on=due_on(pack, on),
        filed=filed[-1] if filed else None,
        first_filed_on=filed[0].filed_on if filed else None,
        delivery=delivery,
        under_way=open_ones[-1] if open_ones and access.sees_drafts(user, place.path) else None,
        planned=planned.get(filed[-1].pk, {}) if filed else {},
        as_of=on,
    )


def _versions(programme: Programme, ids: list[int]) -> dict[int, list[PlanVersion]]:
    found: dict[int, list[PlanVersion]] = {}
    for one in PlanVersion.objects.filter(programme=programme, place__in=ids).defer(
        "figures", "introduction"
    ):
        found.setdefault(one.place_id, []).append(one)
    return found


def _deliveries(programme: Programme, pack: Pack, ids: list[int], on: date) -> dict[int, Delivery]:
    """Return each district's first delivery of the plan's duty."""
    duty = pack.plan.duty if pack.plan else ""
    rows = Delivery.objects.filter(programme=programme, duty=duty, place__in=ids, delivered_on__lte=on)
    found: dict[int, Delivery] = {}
    for row in rows.order_by("delivered_on", "id"):
        found.setdefault(row.place_id, row)
    return found


def _planned(versions: list[int]) -> dict[int, dict[date, int]]:
    found: dict[int, dict[date, int]] = {}
    for target in PlanTarget.objects.filter(version__in=versions, measure=Measure.MEETING):
        days = found.setdefault(target.version_id, {})
        days[target.due] = days.get(target.due, 0) + target.number
    return found
