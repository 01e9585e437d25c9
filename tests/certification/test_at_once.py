"""Eight at one case: exactly one decision, everybody else is told, and the trail stays whole."""

import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django import Settings

from greenward.certification.actions import applying, reviewing
from greenward.certification.models import Application, ApplicationMove
from greenward.certification.states import ApplicationState
from greenward.core import audit
from greenward.core.errors import ConflictError, GreenwardError
from tests.factories import certification
from tests.factories.certification import AT, Town, answer_all
from tests.factories.territories import DISTRICT, appoint, person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(settings: Settings) -> Iterator[Town]:
    settings.GREENWARD_TODAY = certification.TODAY
    with certification.town() as made:
        yield made


def hammered(count: int, act: object) -> list[object]:
    """Call ``act`` with 0, 1, … in threads that begin together; return what each gave or raised."""
    found: list[object] = [None] * count
    gate = threading.Barrier(count)

    def run(number: int) -> None:
        gate.wait()
        try:
            found[number] = act(number)  # type: ignore[operator]
        except GreenwardError as error:
            found[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


def test_eight_deciding_one_case_leave_one_decision(town: Town) -> None:
    town.ready()
    made = town.in_review()
    answer_all(made)
    made.refresh_from_db()
    seen, people = made.version, [person(f"lead-{n}", display_name=f"lead-{n}") for n in range(8)]
    for one in people:
        appoint(one, "district_lead", DISTRICT)

    def decide(number: int) -> Application:
        verb = reviewing.approve if number % 2 else reviewing.refuse
        return verb(Application.objects.get(pk=made.pk), by=people[number], at=AT, note="理由", seen=seen)

    found = hammered(8, decide)
    assert sum(isinstance(one, Application) for one in found) == 1
    assert sum(isinstance(one, ConflictError) for one in found) == 7
    assert all("已于" in str(one) for one in found if isinstance(one, ConflictError))
    decisions = ApplicationMove.objects.filter(application=made, verb__in=["approve", "refuse"])
    assert decisions.count() == 1
    made.refresh_from_db()
    assert (made.state, made.version) == (decisions.get().state, seen + 1)
    assert audit.verify() == []


def test_eight_opening_and_handing_in_leave_one_application_and_one_snapshot(town: Town) -> None:
    town.ready()
    found = hammered(8, lambda _n: applying.open_draft(town.programme, town.version(), by=None, at=AT))
    assert {one.pk for one in found if isinstance(one, Application)} == {Application.objects.get().pk}
    worker = town.people["worker"]
    made = town.draft(by=worker)
    handed = hammered(8, lambda _n: applying.submit(made, by=worker, at=AT, signed_name="worker"))
    assert [one for one in handed if not isinstance(one, Application)] == []
    made.refresh_from_db()
    assert (made.state, made.snapshots.count(), made.moves.count()) == (ApplicationState.SUBMITTED, 1, 1)
