"""The API: rounds, values with sources, recording with conflicts, workbooks in two steps; within reach."""

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from greenward.core import clock
from greenward.survey import actions
from greenward.survey.models import Entry, Round
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import make_token
from tests.factories.territories import COMMUNITY, OTHER_STREET, SECOND, STREET, appoint, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Round:
    return make.survey_round()


class Caller:
    """A program with a token."""

    def __init__(self, role: str | None, place: str = STREET) -> None:
        user = person(f"{role}-{place}")
        if role:
            appoint(user, role, place)
        token = make_token(user, at=clock.now())[1]
        self.client = Client(headers={"authorization": f"Bearer {token}"})

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/survey/{path}")

    def put(self, path: str, data: dict[str, object], **more: Any) -> Any:
        sent = json.dumps(data, default=str)
        return self.client.put(f"/api/v1/survey/{path}", sent, content_type="application/json", **more)

    def send(self, path: str, data: dict[str, object], **more: Any) -> Any:
        sent = json.dumps(data, default=str)
        return self.client.post(f"/api/v1/survey/{path}", sent, content_type="application/json", **more)

    def post(self, path: str, data: Any, **more: Any) -> Any:
        return self.client.post(f"/api/v1/survey/{path}", data, **more)


def test_rounds_count_the_callers_own_communities(held: Round) -> None:
    make.fill(held, COMMUNITY)
    (row,) = Caller("street_clerk").get("rounds").json()
    assert (row["code"], row["due"], row["done"], row["is_closed"]) == ("r2022", 2, 1, False)
    (row,) = Caller(None).get("rounds").json()
    assert (row["due"], row["done"]) == (0, 0)


def test_values_are_recorded_and_read_with_their_source(held: Round) -> None:
    clerk = Caller("street_clerk")
    sent = {"round": "r2022", "values": {"households": 12, "water_supply": "好"}}
    answer = clerk.put(f"values/{COMMUNITY}", sent)
    assert (answer.status_code, answer.json()["entry"]) == (200, Entry.objects.get().pk)
    again = {"entry": None, "warnings": [], "seen": Entry.objects.get().pk, "news": {}}
    assert clerk.put(f"values/{COMMUNITY}", sent).json() == again
    told = clerk.get(f"values/{COMMUNITY}").json()
    assert {v["field"]: (v["value"], v["source"]) for v in told["values"]} == {
        "households": (12, f"street_clerk-{STREET} 填报"),
        "water_supply": ("good", f"street_clerk-{STREET} 填报"),
    }


def test_wrong_values_are_named_field_by_field(held: Round) -> None:
    answer = Caller("street_clerk").put(
        f"values/{COMMUNITY}", {"round": "r2022", "values": {"households": "x", "nothing": 1}}
    )
    fields = answer.json()["data"]["fields"]
    assert (answer.status_code, {name: p["code"] for name, p in fields.items()}) == (
        422,
        {"households": "not_a_number", "nothing": "unknown_field"},
    )


def test_a_clash_is_409_with_both_values(held: Round) -> None:
    place = Place.objects.get(code=COMMUNITY)
    actions.record_values(held, "community", place, {"households": 1}, by=None, at=make.AT)
    answer = Caller("street_clerk").put(
        f"values/{COMMUNITY}", {"round": "r2022", "values": {"households": 2}, "seen": 0}
    )
    clash = answer.json()["data"]["fields"]["households"]
    assert (answer.status_code, clash["yours"], clash["theirs"]) == (409, 2, 1)


@pytest.mark.parametrize(
    "role,place,status", [("street_clerk", OTHER_STREET, 404), (None, STREET, 404), ("auditor", STREET, 403)]
)
def test_others_change_nothing(held: Round, role: str | None, place: str, status: int) -> None:
    answer = Caller(role, place).put(f"values/{COMMUNITY}", {"round": "r2022", "values": {"households": 1}})
    assert (answer.status_code, Entry.objects.count()) == (status, 0)


def test_coverage_below_a_place(held: Round) -> None:
    make.fill(held, SECOND)
    clerk = Caller("street_clerk")
    rows = clerk.get(f"rounds/r2022/coverage?place={STREET}").json()
    assert [(row["code"], row["due"], row["done"]) for row in rows] == [
        (STREET, 2, 1),
        (COMMUNITY, 1, 0),
        (SECOND, 1, 1),
    ]
    assert clerk.get(f"rounds/r2022/coverage?place={OTHER_STREET}").status_code == 404


def test_a_workbook_comes_in_two_steps(held: Round) -> None:
    clerk = Caller("street_clerk")
    content = make.workbook([["社区代码", "常住户数"], [COMMUNITY, 5], [SECOND, "x"]])
    upload = SimpleUploadedFile("台账.xlsx", content)
    answer = clerk.post("rounds/r2022/imports", {"file": upload, "form": "community"})
    told = answer.json()
    assert (answer.status_code, told["accepted"], told["rejected"], told["state"]) == (201, 1, 1, "previewed")
    address = f"rounds/r2022/imports/{told['number']}/confirm"
    refused = clerk.post(address, "{}", content_type="application/json")
    assert (refused.status_code, Entry.objects.count()) == (422, 0)
    assert Caller("district_lead").post(address, "{}", content_type="application/json").status_code == 404
    done = clerk.post(address, '{"only_valid": true}', content_type="application/json")
    assert (done.status_code, done.json()["state"], Entry.objects.count()) == (200, "confirmed", 1)


def test_contradictions_are_refused_and_doubts_come_back(held: Round) -> None:
    clerk = Caller("street_clerk")
    doubtful = {"round": "r2022", "values": {"households": 9, "population": 5}}
    answer = clerk.put(f"values/{COMMUNITY}", doubtful)
    assert (answer.status_code, answer.json()["warnings"]) == (
        200,
        [
            {
                "code": "people-and-households",
                "fields": ["households", "population"],
                "message": "常住人口少于常住户数（常住户数 9户、常住人口 5人）",
            }
        ],
    )
    wrong = {"round": "r2022", "values": {"population_60": 6}}
    answer = clerk.put(f"values/{COMMUNITY}", wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "contradiction")
    assert answer.json()["data"]["checks"] == {"older-residents": ["population", "population_60"]}
    assert Entry.objects.count() == 1
