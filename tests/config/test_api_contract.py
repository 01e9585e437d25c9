"""The API keeps its own OpenAPI: generated requests meet no fault, and every answer is as described."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from ninja import Schema
from pytest_django import Settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from greenward.core import clock
from tests.factories import survey as make
from tests.factories.accounts import make_token
from tests.factories.territories import CITY, COMMUNITY, appoint, person

LIMITS = ("1900-01-01", "2199-12-31")
NO_DAYS = ("0001-01-01", "9999-12-31", "2022-02-29", "0", "20220915", "2022-9-15", "٢٠٢٢-٠٩-١٥")

schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())


@pytest.fixture(autouse=True)
def kept_connection() -> Iterator[None]:
    """Let requests leave the test's own transaction open, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def token(db: None, settings: Settings) -> Iterator[str]:
    settings.GREENWARD_TODAY = make.TODAY
    held = make.survey_round()
    make.fill(held, COMMUNITY)
    user = person()
    appoint(user, "city_lead", CITY)
    appoint(user, "district_lead", "990101000000")
    return make_token(user, at=clock.now())[1]


@schema.parametrize()
@settings(
    max_examples=12,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_operation_keeps_its_description(case: schemathesis.Case, token: str) -> None:
    with transaction.atomic():
        beyond = [positive_data_acceptance]  # the pack and the calendar say what fits, beyond the schema
        case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, excluded_checks=beyond)
        transaction.set_rollback(True)


def schemas(of: type[Schema]) -> Iterator[type[Schema]]:
    for one in of.__subclasses__():
        yield from (one, *schemas(one))


def test_every_shape_has_a_name_of_its_own() -> None:
    """The description knows shapes by name alone: of two called alike, one would get the other's."""
    ours = {one for one in schemas(Schema) if one.__module__.startswith("greenward.")}
    named = Counter(one.__name__ for one in ours)
    assert len(ours) > 50
    assert [name for name, number in named.items() if number > 1] == []


@pytest.fixture
def program(token: str) -> Client:
    return Client(headers={"authorization": f"Bearer {token}"})


def refused(answer: HttpResponse) -> tuple[int, str, str]:
    return answer.status_code, answer["Content-Type"], json.loads(answer.content)["code"]


@pytest.mark.parametrize(
    "address",
    [
        "places",
        f"places/{COMMUNITY}",
        "duties",
        "duties?horizon_days=400",
        "survey/rounds",
        f"survey/rounds/r2022/coverage?place={CITY}",
        f"survey/values/{COMMUNITY}",
        f"assessment/{COMMUNITY}",
        "attainment",
    ],
)
def test_odd_days_are_answered_or_refused(program: Client, address: str) -> None:
    sign = "&" if "?" in address else "?"
    statuses = {
        day: program.get(f"/api/v1/{address}{sign}as_of={day}").status_code for day in (*LIMITS, *NO_DAYS)
    }
    assert {statuses[day] for day in LIMITS} <= {200, 404}
    assert {statuses[day] for day in NO_DAYS} == {422}


@pytest.mark.parametrize(
    "address",
    [
        "places?q=%00",
        "places?parent=%00",
        "places/%00",
        "packs/x?edition=%00",
        "attainment?under=%00",
        "survey/rounds/%00/coverage?place=1",
        "survey/values/a%00b",
        "assessment/%00",
    ],
)
def test_nul_in_an_address_is_refused(program: Client, address: str) -> None:
    assert refused(program.get(f"/api/v1/{address}")) == (422, "application/problem+json", "invalid_input")


@pytest.mark.parametrize(
    "body",
    [
        '{"round": "\\u0000", "values": {}}',
        '{"round": "r2022", "values": {"\\ud800": 1}}',
        '{"round": "r2022", "values": {"households": "\\u0000"}}',
        '{"round": ',
        "",
    ],
)
def test_bodies_that_cannot_be_kept_are_refused(program: Client, body: str) -> None:
    answer = program.put(f"/api/v1/survey/values/{COMMUNITY}", body, content_type="application/json")
    assert refused(answer) == (422, "application/problem+json", "invalid_input")


@pytest.mark.parametrize("number", [-1, 0, 2**31, 2**63, 10**30])
def test_huge_numbers_name_nothing(program: Client, number: int) -> None:
    address = f"/api/v1/survey/rounds/r2022/imports/{number}/confirm"
    answer = program.post(address, "{}", content_type="application/json")
    assert refused(answer) == (404, "application/problem+json", "not_found")
    sent = json.dumps({"round": "r2022", "values": {"households": 5}, "seen": number})
    assert program.put(
        f"/api/v1/survey/values/{COMMUNITY}", sent, content_type="application/json"
    ).status_code in {200, 409}


def test_every_operation_names_its_refusals(program: Client) -> None:
    described = program.get("/api/v1/openapi.json").json()
    put = described["paths"]["/api/v1/survey/values/{code}"]["put"]["responses"]
    assert set(put) == {"200", "401", "403", "404", "409", "422"}
    assert set(described["paths"]["/api/v1/me"]["get"]["responses"]) == {"200", "401"}
    assert list(put["409"]["content"]) == ["application/problem+json"]
    assert set(described["components"]["schemas"]["Problem"]["required"]) == {
        "type",
        "title",
        "status",
        "detail",
        "code",
        "hint",
    }
