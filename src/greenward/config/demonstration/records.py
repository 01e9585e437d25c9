"""The demonstration's survey entries, participation, pilots and deliveries, written in bulk."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from django.utils import timezone

from greenward.certification.models import Participation, Pilot
from greenward.config.demonstration.places import Community
from greenward.config.demonstration.story import AS_OF
from greenward.core.bulk import analyse, copy_rows
from greenward.programmes import queries as programmes
from greenward.programmes.calendar import occurrences
from greenward.programmes.models import Delivery, Programme
from greenward.survey.models import Entry, Round
from greenward.territories.models import Level
from greenward.territories.queries import versions_on

ENTRY_COLUMNS = ("round_id", "form", "level", "place_id", "values", "at")
EntryRow = tuple[int, str, str, int, str, datetime]
TAKING_PART_COLUMNS = ("programme_id", "place_id", "during", "reason", "ended_because", "at")
REASON = "演示数据"
PILOTS_FROM = date(2021, 11, 8)


def write_entries(
    communities: Sequence[Community], rounds: Sequence[Round], *, since: date, until: date
) -> list[int]:
    """Write what was answered on the days ``[since, until)``, each in the round of its day.

    Returns the ids of the places.
    """
    first, last = _morning(since), _morning(until)
    rows = [row for row in _entries(communities, rounds) if first <= row[5] < last]
    rows.sort(key=_moment)
    copy_rows(Entry, ENTRY_COLUMNS, rows)
    analyse(Entry)
    return sorted({row[3] for row in rows})


def _moment(row: EntryRow) -> datetime:
    return row[5]


def _entries(communities: Sequence[Community], rounds: Sequence[Round]) -> Iterator[EntryRow]:
    first, second = rounds
    for community in communities:
        for day, values in community.story.answers:
            held = second if day >= second.opens_on else first
            yield held.pk, "community", "community", community.pk, json.dumps(values), _morning(day)
        if not community.story.answers:
            continue
        day = community.story.answers[0][0]
        for pk, compound in zip(community.compounds, community.story.compounds, strict=True):
            values = {"name": compound.name, **compound.values}
            yield first.pk, "compound", "compound", pk, json.dumps(values, ensure_ascii=False), _morning(day)


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(10)))


def write_participation(communities: Sequence[Community], programme: Programme) -> None:
    """Write who takes part from when, and two or three pilots a street (a few have fewer)."""
    copy_rows(
        Participation,
        TAKING_PART_COLUMNS,
        [
            (programme.pk, c.pk, f"[{day},)", REASON, "", _morning(day))
            for c in communities
            if (day := c.story.takes_part_from)
        ],
    )
    copy_rows(
        Pilot,
        TAKING_PART_COLUMNS,
        [
            (programme.pk, pk, f"[{PILOTS_FROM},)", REASON, "", _morning(PILOTS_FROM))
            for pk in _pilots(communities)
        ],
    )


def _pilots(communities: Sequence[Community]) -> Iterator[int]:
    streets: dict[str, list[Community]] = defaultdict(list)
    for community in communities:
        if int(community.street[6:9]) < 100 and community.story.takes_part_from:  # noqa: PLR2004 — 街道 codes
            streets[community.street].append(community)
    for street, candidates in streets.items():
        dice = Random(f"pilots {street}")  # noqa: S311 — made-up data, not a secret
        willing = sorted(candidates, key=lambda c: not c.story.is_willing)
        for community in willing[: dice.choice((1, 2, 2, 2, 3, 3, 3, 3))]:
            yield community.pk


def write_deliveries(programme: Programme) -> None:
    """Record that most districts delivered most of what fell due; some late, some not at all."""
    districts = list(versions_on(AS_OF).filter(place__level=Level.DISTRICT).order_by("place__code"))
    rows = []
    for due in occurrences(programmes.policy(programme)):
        for district in districts:
            dice = Random(f"delivery {due.duty.id} {due.due_on} {district.place.code}")  # noqa: S311 — made-up data
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
                        at=_morning(day),
                    )
                )
    Delivery.objects.bulk_create(rows)
