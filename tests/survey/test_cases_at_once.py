"""Two at the same moment: who submits keeps others from writing, and of two officials one is told."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from greenward.core.errors import ConflictError, GreenwardError
from greenward.survey.actions import record_values
from greenward.survey.actions.cases import move
from greenward.survey.actions.reminders import remind
from greenward.survey.models import Case, Entry, Reminder, Round, Step
from greenward.territories.models import Level, Place
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, SECOND, STREET, appoint, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def held(settings: Settings) -> Round:
    settings.GREENWARD_TODAY = make.TODAY
    made = make.survey_round()
    make.fill(made, COMMUNITY)
    return made


def beside(*acts: Callable[[], Any]) -> list[object]:
    """Run the acts in threads that begin together; return what each gave or raised."""
    found: list[object] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            found[number] = act()
        except GreenwardError as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


def test_a_unit_is_not_written_while_its_community_is_submitted(held: Round) -> None:
    """The recording waits for the submission under way, and is refused once that is done."""
    unit = Place.objects.get(level=Level.COMPOUND)
    community = Place.objects.get(code=COMMUNITY)
    submitted, waiting = threading.Event(), threading.Event()
    found: list[object] = []

    def record() -> None:
        submitted.wait(10)
        waiting.set()
        try:
            found.append(record_values(held, "compound", unit, {"name": "改名院"}, by=None, at=make.AT))
        except ConflictError as error:
            found.append(error)
        finally:
            connection.close()

    before = Entry.objects.count()
    thread = threading.Thread(target=record)
    thread.start()
    with transaction.atomic():
        move(held, community, "submit", by=None, at=make.AT)
        submitted.set()
        waiting.wait(10)
        thread.join(0.5)
        assert (thread.is_alive(), found) == (True, [])
    thread.join(10)
    assert isinstance(found[0], ConflictError)
    assert found[0].data["closed"] == ["name"]
    assert Entry.objects.count() == before


def test_of_two_officials_one_moves_the_case_and_the_other_is_told(held: Round) -> None:
    community = Place.objects.get(code=COMMUNITY)
    move(held, community, "submit", by=None, at=make.AT)
    clerks = [person(name) for name in ("first", "second")]
    for clerk in clerks:
        appoint(clerk, "street_clerk", STREET)
    found = beside(
        *(lambda one=clerk: move(held, community, "check", by=one, at=make.AT) for clerk in clerks)
    )
    assert sorted(type(one).__name__ for one in found) == ["Case", "ConflictError"]
    assert Case.objects.get().state == "checked"
    assert list(Step.objects.values_list("verb", flat=True)) == ["submit", "check"]


def test_two_reminders_at_once_are_one(held: Round) -> None:
    places = [Place.objects.get(code=code) for code in (COMMUNITY, SECOND)]
    beside(*(lambda: remind(held, places, by=None, at=make.AT) for _again in range(2)))
    assert Reminder.objects.count() == 2
