"""Reminders: whom, once a day, and who may."""

from datetime import timedelta

import pytest
from pytest_django import Settings

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.survey.actions import close_round
from greenward.survey.actions.cases import move
from greenward.survey.actions.reminders import remind
from greenward.survey.models import Reminder, Round
from greenward.survey.queries.notices import notices_for
from greenward.survey.queries.reminders import reminded_today, reminders_for
from greenward.territories.models import Place
from greenward.territories.roles import ROLES
from tests.factories import survey as make
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_STREET,
    SECOND,
    STREET,
    VILLAGE,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def day(settings: Settings) -> None:
    settings.GREENWARD_TODAY = make.TODAY


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def official(role: str, code: str) -> User:
    user = person(f"{role}-{code}")
    appoint(user, role, code)
    return user


def places(*codes: str) -> list[Place]:
    return [Place.objects.get(code=code) for code in codes]


def codes(found: tuple[Place, ...]) -> list[str]:
    return [one.code for one in found]


def test_a_community_is_reminded_once_a_day_whoever_reminds(held: Round) -> None:
    clerk, lead = official("street_clerk", STREET), official("district_lead", DISTRICT)
    first = remind(held, places(COMMUNITY), by=clerk, at=clock.now(), note="周五前交")
    again = remind(held, places(COMMUNITY, SECOND), by=lead, at=clock.now())
    assert (codes(first.reminded), codes(again.reminded), codes(again.before)) == (
        [COMMUNITY],
        [SECOND],
        [COMMUNITY],
    )
    assert reminded_today(held, [one.pk for one in places(COMMUNITY, SECOND)]) == {
        one.pk for one in places(COMMUNITY, SECOND)
    }
    tomorrow = remind(held, places(COMMUNITY), by=clerk, at=clock.now() + timedelta(days=1))
    assert codes(tomorrow.reminded) == [COMMUNITY]
    assert [one.note for one in reminders_for(clerk, held)] == ["", "", "周五前交"]
    assert list(reminders_for(official("street_clerk", OTHER_STREET), held)) == []


def test_only_who_owes_something_is_reminded(held: Round) -> None:
    make.fill(held, COMMUNITY)
    move(held, places(COMMUNITY)[0], "submit", by=None, at=clock.now())
    done = remind(held, places(COMMUNITY, SECOND, VILLAGE), by=None, at=clock.now())
    assert (codes(done.reminded), codes(done.nothing_missing)) == ([SECOND], [COMMUNITY, VILLAGE])


@pytest.mark.parametrize("role,seat", [("community_worker", COMMUNITY), ("street_clerk", OTHER_STREET),
                                       ("city_lead", CITY), ("auditor", CITY)])  # fmt: skip
def test_who_does_not_check_there_reminds_nobody(held: Round, role: str, seat: str) -> None:
    assert ROLES[role]
    before = AuditEntry.objects.count()
    with pytest.raises(NotAllowedError):
        remind(held, places(COMMUNITY, OTHER_COMMUNITY), by=official(role, seat), at=clock.now())
    assert (Reminder.objects.count(), AuditEntry.objects.count()) == (0, before)


def test_a_closed_round_and_a_long_note_are_refused(held: Round) -> None:
    with pytest.raises(InvalidInputError):
        remind(held, places(COMMUNITY), by=None, at=clock.now(), note="长" * 301)
    close_round(held, by=None, at=clock.now())
    with pytest.raises(ConflictError):
        remind(held, places(COMMUNITY), by=None, at=clock.now())


@pytest.mark.parametrize(
    "role, seat, number",
    [
        ("city_lead", CITY, 4),
        ("street_clerk", STREET, 2),
        ("community_worker", COMMUNITY, 0),
        ("auditor", CITY, 0),
    ],
)
def test_after_the_last_day_those_above_are_told_who_is_late(
    held: Round, settings: Settings, role: str, seat: str, number: int
) -> None:
    above = official(role, seat)
    told = notices_for(above)
    assert told
    assert told.late == 0
    settings.GREENWARD_TODAY = held.closes_on + timedelta(days=1)
    told = notices_for(above)
    assert told
    assert told.late == number


def test_a_reminder_is_gone_from_the_work_once_submitted(held: Round) -> None:
    make.fill(held, COMMUNITY)
    worker = official("community_worker", COMMUNITY)
    remind(held, places(COMMUNITY), by=None, at=clock.now())
    told = notices_for(worker)
    assert told
    assert [one.place.code for one in told.reminders] == [COMMUNITY]
    move(held, places(COMMUNITY)[0], "submit", by=worker, at=clock.now())
    told = notices_for(worker)
    assert told
    assert told.anything is False
    assert notices_for(person("stranger")) is None
