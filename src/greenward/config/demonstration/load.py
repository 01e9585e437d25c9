"""Filling an empty database with the demonstration, and emptying a demonstration again."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment import actions as assessment
from greenward.assessment.models import Run
from greenward.config.demonstration import (
    applications,
    cases,
    entries,
    feeds,
    judgings,
    materials,
    people,
    pilots,
    places,
    plans,
    records,
    staff,
    talk,
    titles,
    units,
    way,
)
from greenward.config.demonstration.story import AS_OF
from greenward.config.simulation.clock import moving_clock
from greenward.core import audit
from greenward.core.errors import ConflictError
from greenward.core.models import Demonstration
from greenward.packs import actions as packs
from greenward.programmes import actions as programmes
from greenward.programmes import queries
from greenward.programmes.models import Programme
from greenward.survey import actions as survey
from greenward.territories import actions as territories

PACK = "beijing-2021"
IN_FORCE_FROM = date(2021, 9, 27)


@dataclass(frozen=True)
class Planned:
    """A survey round to open."""

    code: str
    title: str
    reference_on: date
    opens_on: date
    closes_on: date


ROUNDS = (
    Planned("baseline-2021", "2021年摸底", date(2021, 10, 31), date(2021, 10, 15), date(2021, 12, 31)),
    Planned("baseline-2022", "2022年更新摸底", date(2022, 6, 30), date(2022, 3, 1), date(2022, 8, 31)),
)
FREEZES = (date(2021, 12, 31), date(2022, 12, 31))
MONTH_ENDS = tuple(
    date(2021 + (month // 12), month % 12 + 1, 1) - timedelta(days=1) for month in range(10, 21)
)  # 2021-10-31 … 2022-08-31
EVE = AS_OF - timedelta(days=1)  # before anything that a visitor does on the demonstration's day
LAST_DAYS = date(
    2022, 9, 6
)  # what comes from then on moves the last run: "recent changes" has something to say


def at_noon(day: date) -> datetime:
    """Return noon of ``day``, local time."""
    return timezone.make_aware(datetime.combine(day, time(12)))


def is_loaded() -> bool:
    """Tell whether this database is a demonstration."""
    return Demonstration.objects.exists()


@transaction.atomic
def load() -> None:
    """Fill an empty database; on a demonstration nothing happens, on any other a ConflictError."""
    if is_loaded():
        return
    if User.objects.exists():
        raise ConflictError(
            _("数据库里已有账户，演示数据只能载入空库。"),
            hint=_("请为演示另用一个数据库。"),
        )
    _keep_history_quickly()
    Demonstration.objects.create(pk=1, loaded_at=timezone.now(), as_of=AS_OF)
    territories.import_places(by=None, at=at_noon(IN_FORCE_FROM))
    programme = _start_programme()
    communities = places.read_communities(AS_OF)
    people.make_offices(queries.policy(programme), AS_OF)
    people.make_people(at=at_noon(IN_FORCE_FROM))
    places.write_compounds(communities, at=at_noon(IN_FORCE_FROM))
    survey_of = _open_rounds(programme)
    records.write_participation(communities, programme)
    records.write_deliveries(programme)
    said, walked = _surveyed(communities, survey_of)
    entries.write(said, since=IN_FORCE_FROM, until=LAST_DAYS)
    runs = [
        assessment.assess(programme=programme, as_of=day, by=None, at=at_noon(min(day, LAST_DAYS)))
        for day in (*MONTH_ENDS, AS_OF)
    ]
    touched = entries.write(said, since=LAST_DAYS, until=AS_OF)
    cases.write(walked)
    talk.write_remarks(communities, survey_of)
    talk.write_reminders(communities, walked, survey_of)
    materials.write(communities, survey_of)
    touched += judgings.write(programme)
    assessment.refresh(run=runs[-1], places=touched, by=None, at=at_noon(EVE))
    people.make_people((*people.SECONDS, *people.REVIEWERS), at=at_noon(IN_FORCE_FROM))
    plans.write(programme)
    pilots.write(programme)
    _certified(programme, runs)
    audit.record("demonstration.load", "config.demonstration", by=None, at=at_noon(EVE), as_of=AS_OF)


def _keep_history_quickly() -> None:
    """Say that no trigger is to be ignored: unsaid, each row of a tracked table raises an error inside.

    PostgreSQL then walks through every check that it put off until commit, for each row anew.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")


def _open_rounds(programme: Programme) -> entries.Survey:
    """Open the two rounds; everybody who works in them has an account by then."""
    first, second = (
        survey.open_round(programme=programme, **asdict(row), by=None, at=at_noon(row.opens_on))
        for row in ROUNDS
    )
    return entries.Survey(first, second, staff.make_staff(AS_OF, at=at_noon(IN_FORCE_FROM)))


def _surveyed(
    communities: Sequence[places.Community], survey_of: entries.Survey
) -> tuple[list[entries.Said], list[way.Journey]]:
    """Return all that is said in the two rounds, and how every case went its way."""
    said = list(entries.answers(communities, survey_of))
    said += units.write_units(communities, survey_of, at=at_noon(IN_FORCE_FROM))
    said += feeds.take(communities, survey_of)
    walked = list(way.journeys(communities, survey_of))
    return said + [one for journey in walked for one in journey.said], walked


def _certified(programme: Programme, runs: Sequence[Run]) -> None:
    """Play applications, notices, titles and rechecks on the days on which they happened.

    Titles are facts: what was calculated before is told of them, or every first look would count anew.
    """
    with moving_clock():
        noticed = applications.write(programme)
        titles.write_first(programme, noticed[applications.FIRST])
        titles.write_second(programme, noticed[applications.SECOND])
    for run in runs:
        assessment.refresh(run=run, by=None, at=at_noon(EVE))


def _start_programme() -> Programme:
    folder: Path = settings.PACKS / PACK
    installed = packs.install(folder, by=None, at=at_noon(IN_FORCE_FROM))
    programme = programmes.bring_into_force(
        pack=installed, in_force_from=IN_FORCE_FROM, by=None, at=at_noon(IN_FORCE_FROM)
    )
    for due in FREEZES:
        programmes.freeze_denominator(
            programme=programme,
            target_due=due,
            boundaries_on=IN_FORCE_FROM,
            by=None,
            at=at_noon(IN_FORCE_FROM),
        )
    return programme


def clear() -> None:
    """Empty a demonstration database as a whole; ConflictError on any other."""
    if not is_loaded():
        raise ConflictError(
            _("这个数据库不是演示库，不能清空。"),
            hint=_("只有用 greenward demo load 载入的数据库可以这样清空。"),
        )
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0, interactive=False)
