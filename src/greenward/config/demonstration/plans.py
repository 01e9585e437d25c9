"""The demonstration's district plans: one filed, one filed with its second version in draft; all made up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from django.utils import timezone

from greenward.accounts.models import User
from greenward.config.demonstration.people import HAIDIAN, PINGGU
from greenward.config.demonstration.story import AS_OF
from greenward.plans import actions, queries
from greenward.plans.models import PlanVersion
from greenward.plans.states import Measure
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import versions_on

INTRODUCTION = (
    "（演示数据）按照统筹规划、分步推进、尽力而为、量力而行的原则，在摸清底数的基础上安排创建目标和时序，"
    "优先安排居民创建意愿强、积极性高、有工作基础的社区。"
)
FIRST = (date(2021, 11, 12), date(2021, 11, 19), date(2021, 11, 24), date(2021, 11, 30))
"""Days on which a first version was begun, submitted, approved and filed."""
AGAIN = date(2022, 9, 14)
REASON = "（演示数据）按二季度进展调增"


def write(programme: Programme) -> None:
    """Write the plans of two districts through the actions, in the names of their people."""
    for code, name in ((HAIDIAN, "haidian"), (PINGGU, "pinggu")):
        place = versions_on(AS_OF).get(place__code=code)
        people = [User.objects.get(username=one) for one in (name, f"{name}-second")]
        _first(programme, place, people)
        if code == HAIDIAN:
            _second(programme, place, people[0])


def _first(programme: Programme, place: PlaceVersion, people: Sequence[User]) -> None:
    lead, second = people
    begun, submitted, approved, filed = (_nine(day) for day in FIRST)
    version = actions.begin(programme=programme, place=place, figures_on=FIRST[0], by=lead, at=begun)
    content = replace(queries.content_of(version), introduction=INTRODUCTION)
    version = actions.write(version, place, content, seen=version.edit, by=lead, at=begun)
    version = actions.move(version, place, "submit", seen=_seen(version), by=lead, at=submitted)
    version = actions.move(version, place, "approve", seen=_seen(version), by=second, at=approved)
    actions.file(
        version,
        place,
        document=f"演示〔2021〕{place.place.code[4:6]}号",
        filed_on=FIRST[3],
        seen=_seen(version),
        by=lead,
        at=filed,
    )


def _second(programme: Programme, place: PlaceVersion, lead: User) -> None:
    """Begin a second version and raise one street's last number where there is room."""
    version = actions.begin(programme=programme, place=place, figures_on=AGAIN, by=lead, at=_nine(AGAIN))
    content = queries.content_of(version)
    room = {
        (one.code, one.due, one.measure): one.communities
        for one in map(queries.Proposed.of, version.figures)
        if one.measure == Measure.MEETING
    }
    last = max(due for _code, due, _measure in room)
    key = next(
        key for key, all_there in room.items() if key[1] == last and content.targets[key].number < all_there
    )
    raised = queries.TargetLine(content.targets[key].number + 1, REASON)
    content = replace(content, targets={**content.targets, key: raised})
    actions.write(version, place, content, seen=version.edit, by=lead, at=_nine(AGAIN))


def _seen(version: PlanVersion) -> int:
    return version.steps.latest("id").pk


def _nine(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(9)))
