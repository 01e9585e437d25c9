"""Titles, plans and rechecks over the API: open data for everybody, moves for those who may, by the table."""

import json
from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from greenward.certification.models import Recheck, RecheckPlan
from greenward.certification.records import Signed
from greenward.core import clock
from greenward.core.signing import published_keys
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from tests.factories import recognition as make
from tests.factories.accounts import make_token
from tests.factories.territories import (
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_DISTRICT,
    SECOND,
    appoint,
    person,
)

BASE = "/api/v1/certification"
PLAN = {"territory": DISTRICT, "title": "年度复查", "seed": "0915", "due_on": "2022-12-01"}


@pytest.fixture
def programme(db: None, settings: Settings) -> Programme:
    settings.GREENWARD_TODAY = date(2022, 9, 15)
    return make.scene()


def caller(role: str, code: str) -> Client:
    user = person(f"{role}-{code}")
    appoint(user, role, code)
    return Client(headers={"authorization": f"Bearer {make_token(user, at=clock.now())[1]}"})


def post(client: Client, path: str, **sent: object) -> Any:
    return client.post(f"{BASE}/{path}", json.dumps(sent), content_type="application/json")


def looked(programme: Programme, **but: str) -> dict[str, dict[str, str]]:
    items = [item.id for item in programmes.policy(programme).standard.items]
    return {item: {"found": but.get(f"item{item}", "holds")} for item in items}


def test_anybody_reads_the_register_and_checks_the_record(programme: Programme) -> None:
    first, second = make.recognised(programme)
    found = Client().get(f"{BASE}/titles?district={DISTRICT}").json()
    assert (found["count"], [one["number"] for one in found["items"]]) == (2, [first.number, second.number])
    assert Client().get(f"{BASE}/titles?as_of=2022-08-01").json()["count"] == 0
    told = Client().get(f"{BASE}/titles/{first.code}").json()
    assert Signed(told["record"], told["signature"]).holds(published_keys())
    assert [(one["what"], one["place"]) for one in told["history"]] == [("given", COMMUNITY)]
    assert Client().get(f"{BASE}/titles/none").status_code == 404
    assert Client().get(f"{BASE}/rechecks").status_code == 401


def test_from_the_plan_to_the_withdrawal(programme: Programme) -> None:
    (title,) = make.recognised(programme, COMMUNITY)
    district, community = caller("district_lead", DISTRICT), caller("community_worker", COMMUNITY)
    (drifted,) = district.get(f"{BASE}/drift?place={DISTRICT}").json()
    assert (drifted["title"], drifted["unmet"], len(drifted["unknown"])) == (title.number, [], 16)
    assert community.get(f"{BASE}/drift?place={COMMUNITY}").status_code == 403
    assert post(district, "recheck-plans", **{**PLAN, "due_on": "2022-09-01"}).status_code == 422
    made = post(district, "recheck-plans", **PLAN)
    assert (made.status_code, made.json()["seed"]) == (201, "0915")
    (number,) = made.json()["rechecks"]
    path = f"rechecks/{number}"
    opened = district.get(f"{BASE}/{path}").json()
    assert (opened["recheck"]["state"], opened["open"]) == ("planned", ["pass", "rectify"])
    fails = looked(programme, item5="fails")
    refused = post(district, f"{path}/moves", verb="pass", findings=fails, seen=1)
    assert (refused.status_code, refused.json()["data"]["field"]) == (422, "findings")
    assert post(district, f"{path}/moves", verb="lapse", note="x").status_code == 404
    sent = [
        (district, {"verb": "rectify", "findings": fails, "note": "第5项未达到"}, "rectifying"),
        (community, {"verb": "report", "note": "已增设"}, "reported"),
        (district, {"verb": "hear", "note": "请陈述"}, "hearing"),
        (district, {"verb": "revoke", "note": "逾期未改", "document": "示例〔2022〕9号"}, "revoked"),
    ]
    for seen, (client, move, state) in enumerate(sent, 1):
        done = post(client, f"{path}/moves", **move, seen=seen)
        assert (done.status_code, done.json()["recheck"]["state"]) == (200, state)
        assert post(client, f"{path}/moves", **move, seen=seen).status_code == 409
    told = district.get(f"{BASE}/{path}").json()
    assert [one["verb"] for one in told["moves"]] == ["rectify", "report", "hear", "revoke"]
    assert (told["moves"][0]["findings"]["5"]["found"], told["open"]) == ("fails", [])
    assert Client().get(f"{BASE}/titles").json()["count"] == 0


def test_strangers_learn_nothing_and_change_nothing(programme: Programme) -> None:
    make.recognised(programme, COMMUNITY)
    (number,) = post(caller("district_lead", DISTRICT), "recheck-plans", **PLAN).json()["rechecks"]
    for stranger in (caller("district_lead", OTHER_DISTRICT), caller("community_worker", OTHER_COMMUNITY)):
        assert stranger.get(f"{BASE}/rechecks").json() == {"count": 0, "items": []}
        assert stranger.get(f"{BASE}/recheck-plans").json() == []
        assert stranger.get(f"{BASE}/rechecks/{number}").status_code == 404
        moved = post(stranger, f"rechecks/{number}/moves", verb="pass", findings=looked(programme))
        assert moved.status_code == 404
        assert stranger.get(f"{BASE}/drift?place={DISTRICT}").status_code == 404
        assert post(stranger, "recheck-plans", **PLAN).status_code == 404
    community = caller("community_worker", COMMUNITY)
    moved = post(community, f"rechecks/{number}/moves", verb="pass", findings=looked(programme))
    assert moved.status_code == 403
    assert (Recheck.objects.get().state, RecheckPlan.objects.count()) == ("planned", 1)


@pytest.mark.parametrize("path", ["titles", "rechecks"])
def test_lists_read_each_further_line_with_no_query(
    programme: Programme, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    district = caller("district_lead", DISTRICT)
    titles = make.recognised(programme, COMMUNITY, SECOND)
    for title in titles[:1]:
        Recheck.objects.create(title=title, place=title.place, why="risk", moved_at=make.OVER)
    district.get(f"{BASE}/{path}?q={titles[0].number}")
    with django_assert_max_num_queries(20) as one:
        district.get(f"{BASE}/{path}?q={titles[0].number}")
    Recheck.objects.create(title=titles[1], place=titles[1].place, why="risk", moved_at=make.OVER)
    with django_assert_max_num_queries(len(one)):
        assert district.get(f"{BASE}/{path}").json()["count"] == 2
