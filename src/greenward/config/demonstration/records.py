"""The demonstration's participation, pilots and deliveries, written in bulk."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from greenward.certification.models import Participation, Pilot
from greenward.config.demonstration.chance import dice_of
from greenward.config.demonstration.entries import morning
from greenward.config.demonstration.people import HAIDIAN, PINGGU
from greenward.config.demonstration.places import Community
from greenward.config.demonstration.story import AS_OF
from greenward.core.bulk import copy_rows
from greenward.programmes import queries as programmes
from greenward.programmes.calendar import occurrences
from greenward.programmes.models import Delivery, Programme
from greenward.territories.models import Level
from greenward.territories.queries import versions_on

TAKING_PART_COLUMNS = ("programme_id", "place_id", "during", "reason", "ended_because", "at")
REASON = "演示数据"
PLAN = "district-plan"
PILOTS_FROM = date(2021, 11, 8)


def write_participation(communities: Sequence[Community], programme: Programme) -> None:
    """Write who takes part from when, and two or three pilots a street (a few have fewer)."""
    copy_rows(
        Participation,
        TAKING_PART_COLUMNS,
        [
            (programme.pk, c.pk, f"[{day},)", REASON, "", morning(day))
            for c in communities
            if (day := c.story.takes_part_from)
        ],
    )
    copy_rows(
        Pilot,
        TAKING_PART_COLUMNS,
        [
            (programme.pk, pk, f"[{PILOTS_FROM},)", REASON, "", morning(PILOTS_FROM))
            for pk in _pilots(communities)
        ],
    )


def _pilots(communities: Sequence[Community]) -> Iterator[int]:
    streets: dict[str, list[Community]] = defaultdict(list)
    for community in communities:
        if int(community.street[6:9]) < 100 and community.story.takes_part_from:  # noqa: PLR2004 — 街道 codes
            streets[community.street].append(community)
    for street, candidates in streets.items():
        dice = dice_of(f"pilots {street}")
        willing = sorted(candidates, key=lambda c: not c.story.is_willing)
        for community in willing[: dice.choice((1, 2, 2, 2, 3, 3, 3, 3))]:
            yield community.pk


def write_deliveries(programme: Programme) -> None:
    """Record that most districts delivered most of what fell due; some late, some not at all."""
    districts = list(versions_on(AS_OF).filter(place__level=Level.DISTRICT).order_by("place__code"))
    rows = []
    for due in occurrences(programmes.policy(programme)):
        for district in districts:
            if due.duty.id == PLAN and district.place.code in {HAIDIAN, PINGGU}:
                continue  # filed with its text: demonstration.plans
            dice = dice_of(f"delivery {due.duty.id} {due.due_on} {district.place.code}")
            day = due.due_on + timedelta(days=dice.randrange(-6, 3))
            if dice.randrange(12) and day <= AS_OF:
                rows.append(
                    Delivery(
                        programme=programme,
                        duty=due.duty.id,
                        place=district.place,
                        due_on=due.due_on,
                        delivered_on=day,
                        document=f"演示〔{day.year}〕{dice.randrange(1, 90)}号",
                        at=morning(day),
                    )
                )
    Delivery.objects.bulk_create(rows)
