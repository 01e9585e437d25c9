"""The API of applications: within reach, with limits, and moves with the version that the caller saw."""

import json
from typing import Any

import pytest
from django.test import Client

from greenward.certification.models import Application, ApplicationMove
from greenward.core import clock
from tests.factories.accounts import make_token
from tests.factories.certification import Town
from tests.factories.territories import OTHER_STREET, appoint, person

BASE = "/api/v1/certification/applications"


def caller(user: Any) -> Client:
    return Client(headers={"authorization": f"Bearer {make_token(user, at=clock.now())[1]}"})


def move(client: Client, made: Application, **sent: object) -> Any:
    path, body = f"{BASE}/{made.pk}/moves", json.dumps(sent)
    return client.post(path, body, content_type="application/json")


@pytest.fixture
def made(town: Town) -> Application:
    town.ready()
    return town.recommended()


def test_the_list_holds_the_reach_by_state(made: Application, town: Town) -> None:
    district = caller(town.people["district"])
    answer = district.get(f"{BASE}?state=recommended&show=mine").json()
    assert [(one["number"], one["state"], one["version"]) for one in answer["items"]] == [
        (made.pk, "recommended", made.version)
    ]
    assert (answer["count"], district.get(f"{BASE}?state=draft").json()["count"]) == (1, 0)


@pytest.mark.parametrize(
    "query", ["offset=-1", "offset=1000001", f"offset={2**64}", "state=none", "show=all", "offset=x"]
)
def test_what_is_out_of_bounds_is_refused(made: Application, town: Town, query: str) -> None:
    assert caller(town.people["district"]).get(f"{BASE}?{query}").status_code == 422


@pytest.mark.parametrize("number, status", [("0", 422), (str(2**63), 422), ("999999", 404)])
def test_numbers_that_nothing_has(made: Application, town: Town, number: str, status: int) -> None:
    assert caller(town.people["district"]).get(f"{BASE}/{number}").status_code == status


def test_strangers_find_nothing_and_move_nothing(made: Application) -> None:
    stranger = person("stranger")
    appoint(stranger, "street_clerk", OTHER_STREET)
    client = caller(stranger)
    assert client.get(BASE).json() == {"count": 0, "items": []}
    assert client.get(f"{BASE}/{made.pk}").status_code == 404
    assert move(client, made, verb="take_up").status_code == 404
    assert Client().get(f"{BASE}/{made.pk}").status_code == 401
    assert Application.objects.get(pk=made.pk).state == "recommended"


def test_a_move_says_what_was_seen_and_a_late_one_is_told(made: Application, town: Town) -> None:
    client = caller(town.people["district"])
    late = move(client, made, verb="take_up", seen=made.version - 1)
    assert (late.status_code, Application.objects.get(pk=made.pk).state) == (409, "recommended")
    answer = move(client, made, verb="take_up", seen=made.version)
    assert (answer.status_code, answer.json()["application"]["state"]) == (200, "in_review")
    assert [one["verb"] for one in answer.json()["moves"]] == ["submit", "recommend", "take_up"]


def test_signing_and_returning_happen_on_the_page(made: Application, town: Town) -> None:
    client, before = caller(town.people["district"]), ApplicationMove.objects.count()
    assert [move(client, made, verb=verb).status_code for verb in ("send_back", "none")] == [422, 404]
    assert ApplicationMove.objects.count() == before
