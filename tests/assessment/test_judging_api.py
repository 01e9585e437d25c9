"""Judgings over the API: asked, judged blind, decided, taken back; what is refused changes nothing."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from greenward.accounts.models import User
from greenward.assessment.models import Decision, Judging, Opinion
from greenward.core import clock
from tests.assessment.conftest import AS_OF, City
from tests.factories import judging as judge
from tests.factories import territories
from tests.factories.accounts import make_token
from tests.factories.territories import (
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
)

ALL = "/api/v1/judgings"


@pytest.fixture(autouse=True)
def _today(settings: Settings) -> None:
    settings.GREENWARD_TODAY = AS_OF


def program(name: str, role: str, at: str = DISTRICT) -> Client:
    """Return a program that acts for a person with a role."""
    user = User.objects.filter(username=name).first() or territories.person(name)
    territories.appoint(user, role, at)
    return Client(headers={"authorization": f"Bearer {make_token(user, at=clock.now())[1]}"})


def send(client: Client, path: str, **sent: object) -> Any:
    return client.post(f"{ALL}{path}", json.dumps(sent), content_type="application/json")


def test_the_whole_way(city: City) -> None:
    lead, first, second = (
        program("lead", "district_lead"),
        program("reviewer", "reviewer"),
        program("reviewer-b", "reviewer"),
    )
    asked = send(
        lead, "", number="B2.2", under=STREET, codes=[COMMUNITY], due_on="2022-09-30", needed=2, note="看现场"
    )
    assert (asked.status_code, asked.json()["known"]) == (201, 0)
    (number,) = asked.json()["made"]
    again = send(lead, "", number="B2.2", under=STREET, codes=[COMMUNITY], due_on="2022-09-30")
    assert again.json() == {"made": [], "known": 1}

    said = send(first, f"/{number}/opinions", points=-1, reason="长势好", seen=0)
    assert said.status_code == 201
    assert (said.json()["seen"], said.json()["spread"]["given"]) == (1, 1)
    blind = second.get(f"{ALL}/{number}").json()
    assert (blind["given"], blind["opinions"], blind["spread"]) == (1, None, None)
    assert (blind["least"], blind["most"], blind["fact"]) == (-5, 0, "green_care")
    assert second.get(f"{ALL}?mine=true").json()["count"] == 1
    told = send(second, f"/{number}/opinions", points=-4, reason="缺株多", seen=0).json()
    assert told["spread"] == {"given": 2, "agreed": False, "met": None, "least": -4, "most": -1, "mean": -2.5}
    assert second.get(f"{ALL}?mine=true").json()["count"] == 0

    ready = lead.get(f"{ALL}?ready=true&number=B2.2&place={STREET}").json()
    assert [(one["id"], one["place"], one["given"]) for one in ready["items"]] == [(number, COMMUNITY, 2)]
    decided = send(
        lead, f"/{number}/decisions", points=-2, reason="折中", observed_on="2022-09-10", seen=2
    ).json()
    assert (decided["state"], decided["decisions"][0]["points"]) == ("decided", -2)
    assert decided["decisions"][0]["by"] == "lead"
    back = send(lead, f"/{number}/reopening", reason="又有材料", seen=3).json()
    assert (back["state"], back["decisions"][0]["taken_back"]["reason"]) == ("open", "又有材料")
    gone = send(lead, f"/{number}/withdrawal", reason="不再评", seen=4).json()
    assert (gone["state"], gone["withdrawn_because"]) == ("withdrawn", "不再评")
    assert lead.get(f"{ALL}?state=all").json()["count"] == 1


def test_what_does_not_fit_is_refused_and_changes_nothing(city: City) -> None:
    lead, reviewer = program("lead", "district_lead"), program("reviewer", "reviewer")
    judging = judge.asked(city.version(COMMUNITY), city.programme.pack)
    opinion = f"/{judging.pk}/opinions"
    refused = [
        send(reviewer, opinion, points=1, reason="好", seen=0),
        send(reviewer, opinion, met=True, reason="好", seen=0),
        send(reviewer, opinion, points=-1, reason=" ", seen=0),
        send(reviewer, opinion, points=-1, reason="好", seen=0, evidence=[999]),
        send(reviewer, opinion, points=-1, reason="好", seen=1),
        send(lead, opinion, points=-1, reason="好", seen=0),
        send(reviewer, f"/{judging.pk}/decisions", points=-1, reason="好", observed_on="2022-09-01", seen=0),
        send(lead, f"/{judging.pk}/decisions", points=-1, reason="好", observed_on="2022-09-01", seen=0),
        send(reviewer, "", number="1.1", under=DISTRICT, due_on="2022-09-30"),
        send(lead, "", number="1.1", under=STREET, codes=[TOWN_COMMUNITY], due_on="2022-09-30"),
        send(lead, "", number="99", under=STREET, due_on="2022-09-30"),
        send(lead, "", number="1.1", under=STREET, due_on="2022-09-01"),
        send(lead, f"/{judging.pk}/reopening", reason="错", seen=0),
    ]
    statuses = [422, 422, 422, 422, 409, 403, 403, 409, 403, 422, 404, 422, 409]
    assert [one.status_code for one in refused] == statuses
    assert (Opinion.objects.count(), Decision.objects.count(), Judging.objects.count()) == (0, 0, 1)


def test_strangers_find_nothing(city: City) -> None:
    far = program("far", "reviewer", OTHER_DISTRICT)
    judging = judge.asked(city.version(COMMUNITY), city.programme.pack)
    assert far.get(f"{ALL}?state=all").json() == {"count": 0, "items": []}
    assert far.get(f"{ALL}?place={COMMUNITY}").status_code == 404
    assert far.get(f"{ALL}/{judging.pk}").status_code == 404
    assert send(far, f"/{judging.pk}/opinions", points=-1, reason="好", seen=0).status_code == 404
    assert Client().get(ALL).status_code == 401


def test_the_list_asks_as_much_for_many_as_for_one(
    city: City, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lead = program("lead", "district_lead")
    judge.asked(city.version(COMMUNITY), city.programme.pack)
    lead.get(ALL)
    with django_assert_max_num_queries(12) as first:
        assert lead.get(ALL).json()["count"] == 1
    judge.asked(city.version(SECOND), city.programme.pack)
    judge.asked(city.version(OTHER_COMMUNITY), city.programme.pack)
    with django_assert_max_num_queries(len(first)):
        assert lead.get(ALL).json()["count"] == 3
