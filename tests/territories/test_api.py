"""The API shows the places within the caller's reach, and the OpenAPI description names them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from greenward.territories.models import Place
from tests.factories import territories as make


@pytest.fixture
def tree(db: None) -> dict[str, Place]:
    return make.place_tree()


@pytest.fixture
def clerk(tree: dict[str, Place], client: Client) -> Client:
    user = make.person()
    make.appoint(user, "street_clerk", tree[make.STREET])
    client.force_login(user)
    return client


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200
    return [item["code"] for item in answer.json()["items"]]


def test_list_holds_the_reach_and_nothing_else(clerk: Client) -> None:
    answer = clerk.get("/api/v1/places?as_of=2022-09-15")
    assert codes(answer) == [make.STREET, make.COMMUNITY, make.SECOND]
    assert (answer.json()["count"], answer.json()["as_of"]) == (3, "2022-09-15")


@pytest.mark.parametrize(
    "query, expected",
    [
        ("level=community", [make.COMMUNITY, make.SECOND]),
        (f"parent={make.STREET}", [make.COMMUNITY, make.SECOND]),
        ("level=district", []),
        ("q=二里", [make.SECOND]),
        (f"q={make.SECOND}", [make.SECOND]),
        ("limit=1&offset=1", [make.COMMUNITY]),
    ],
)
def test_list_is_narrowed_and_paged(clerk: Client, query: str, expected: list[str]) -> None:
    assert codes(clerk.get(f"/api/v1/places?{query}")) == expected


@pytest.mark.parametrize("query", ["level=planet", "limit=0", "limit=501", "offset=-1", "as_of=tomorrow"])
def test_wrong_parameters_are_problems(clerk: Client, query: str) -> None:
    answer = clerk.get(f"/api/v1/places?{query}")
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_input"


def test_place_with_its_history(clerk: Client) -> None:
    body = clerk.get(f"/api/v1/places/{make.SECOND}").json()
    assert body["place"]["parent"] == make.STREET
    assert body["urban_status"] == [{"counts": True, "reason": "测试", "valid_from": None, "valid_to": None}]
    assert [event["kind"] for event in body["events"]] == ["import"]


@pytest.mark.parametrize("code", [make.DISTRICT, make.OTHER_COMMUNITY, "nothing"])
def test_place_beyond_reach_is_not_found(clerk: Client, code: str) -> None:
    answer = clerk.get(f"/api/v1/places/{code}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_anonymous_is_refused(client: Client, tree: dict[str, Place]) -> None:
    assert client.get("/api/v1/places").status_code == 401


def test_list_costs_the_same_however_long(clerk: Client, tree: dict[str, Place]) -> None:
    clerk.get("/api/v1/places")  # the first call of a session writes it
    costs = []
    for limit in (1, 500):
        with CaptureQueriesContext(connection) as queries:
            assert len(codes(clerk.get(f"/api/v1/places?limit={limit}"))) == min(limit, 3)
        costs.append(len(queries))
    assert costs[0] == costs[1]
