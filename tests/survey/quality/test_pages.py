"""Suspicions of the small city: found, read, settled with a reason, and open again when values move."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from pytest_django import DjangoAssertNumQueries

from greenward.core.errors import NotFoundError
from greenward.survey import actions
from greenward.survey.actions.suspicions import settle_suspicion
from greenward.survey.models import Entry, Round
from greenward.survey.queries.quality import count_contradictions, cross_contradictions, findings
from greenward.survey.queries.rounds import standing
from greenward.survey.queries.suspicions import read
from greenward.survey.sensitivity import EVERYTHING
from greenward.survey.states import Suspect, Way
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import (
    COMMUNITY,
    DISTRICT,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    TOWN,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db
PEOPLE = "people-and-households"


@pytest.fixture(autouse=True)
def today() -> Any:
    with override_settings(GREENWARD_TODAY=make.TODAY):
        yield


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def record(held: Round, code: str, **values: object) -> Entry | None:
    place = Place.objects.get(code=code)
    return actions.record_values(held, "community", place, values, by=None, at=make.AT)


def codes(held: Round, code: str = DISTRICT) -> list[tuple[str, str]]:
    path = standing(Place.objects.get(code=code), make.TODAY).path
    return [(row["code"], row["reason"]) for row in findings(held, path).rows.iter_rows(named=True)]


def settle(held: Round, reason: str, code: str = PEOPLE) -> Entry | None:
    place = Place.objects.get(code=COMMUNITY)
    return settle_suspicion(held, place, code, reason, by=None, at=make.AT)


def test_a_reason_settles_a_suspicion_until_the_value_moves(held: Round) -> None:
    record(held, COMMUNITY, households=100, population=80)
    assert codes(held) == [(PEOPLE, "")]
    settle(held, "空置房多，按户籍统计")
    assert codes(held) == [(PEOPLE, "空置房多，按户籍统计")]
    record(held, COMMUNITY, deliberations_last_year=3)
    assert codes(held) == [(PEOPLE, "空置房多，按户籍统计")]
    record(held, COMMUNITY, population=70)
    assert codes(held) == [(PEOPLE, "")]


def test_nothing_is_settled_where_nothing_is_suspicious(held: Round) -> None:
    record(held, COMMUNITY, households=100, population=180)
    with pytest.raises(NotFoundError):
        settle(held, "属实")
    assert Entry.objects.count() == 1


def test_sums_over_compounds_are_held_against_the_community(held: Round) -> None:
    record(held, COMMUNITY, households=1000)
    place = Place.objects.get(code=COMMUNITY)
    actions.add_unit(held, "compound", place, {"name": "一号院", "households": 400}, by=None, at=make.AT)
    assert ("compound-households", "") in codes(held)
    district = standing(Place.objects.get(code=DISTRICT), make.TODAY)
    assert count_contradictions(held, district, make.TODAY) == 1
    (one,) = cross_contradictions(held, standing(place, make.TODAY), make.TODAY)
    assert one.sentence.endswith("（常住户数 1000户、各小区户数之和 400户）")
    settle(held, "另有平房区", "compound-households")
    assert count_contradictions(held, district, make.TODAY) == 0
    compound = Place.objects.get(code=f"{COMMUNITY}-001")
    actions.record_values(held, "compound", compound, {"households": 420}, by=None, at=make.AT)
    assert count_contradictions(held, district, make.TODAY) == 1


def test_a_jump_is_held_against_the_round_before() -> None:
    before = make.survey_round(
        "r2021", reference_on=date(2021, 5, 31), opens_on=date(2021, 6, 1), closes_on=date(2021, 6, 30)
    )
    place = Place.objects.get(code=COMMUNITY)
    long_ago = make.AT - timedelta(days=365)
    actions.record_values(before, "community", place, {"households": 1000}, by=None, at=long_ago)
    held = make.survey_round()
    record(held, COMMUNITY, households=4000)
    assert codes(held) == [("jump:households", "")]
    path = standing(place, make.TODAY).path
    (one,) = read(held, list(findings(held, path).rows.iter_rows(named=True)), make.TODAY, sight=EVERYTHING)
    assert (one.kind, one.who) == (Suspect.JUMP, "社区")
    assert "1000户" in one.sentence
    assert "4000户" in one.sentence


def test_a_department_that_says_otherwise_is_named(held: Round) -> None:
    record(held, COMMUNITY, green_area_m2=900)
    place = Place.objects.get(code=COMMUNITY)
    feed = {"way": Way.FEED, "origin": "园林绿化局：绿地台账"}
    actions.record_values(held, "community", place, {"green_area_m2": 1200}, by=None, at=make.AT, **feed)
    path = standing(place, make.TODAY).path
    (one,) = read(held, list(findings(held, path).rows.iter_rows(named=True)), make.TODAY, sight=EVERYTHING)
    assert one.code == "disagreement:green_area_m2"
    assert "900" in one.sentence
    assert "1200" in one.sentence


def test_the_page_shows_settles_and_exports(held: Round) -> None:
    record(held, COMMUNITY, households=100, population=80)
    worker = person("worker")
    appoint(worker, "community_worker", COMMUNITY)
    client, address = signed_in(worker), f"/survey/{held.code}/quality/"
    page = client.get(address)
    assert page.status_code == 200
    assert "常住人口少于常住户数" in page.content.decode()
    assert "（常住户数 100户、常住人口 80人）" in page.content.decode()
    sent = {"code": PEOPLE, "reason": "属实", "place": COMMUNITY, "show": "all"}
    assert client.post(f"{address}{COMMUNITY}/", sent).status_code == 302
    assert "属实" in client.get(f"{address}?show=settled").content.decode()
    assert "属实" in client.get(f"{address}?show=all&export=csv").content.decode()
    assert "没有疑点" in client.get(address).content.decode()


def test_a_neighbour_sees_and_settles_nothing(held: Round) -> None:
    record(held, COMMUNITY, households=100, population=80)
    clerk = person("clerk")
    appoint(clerk, "street_clerk", TOWN)
    client: Client = signed_in(clerk)
    assert client.get(f"/survey/{held.code}/quality/?place={STREET}").status_code == 404
    sent = {"code": PEOPLE, "reason": "属实"}
    assert client.post(f"/survey/{held.code}/quality/{COMMUNITY}/", sent).status_code == 404
    assert codes(held) == [(PEOPLE, "")]
    assert codes(held, OTHER_DISTRICT) == []


def test_queries_do_not_grow_with_suspicions(
    held: Round, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    path = standing(Place.objects.get(code=DISTRICT), make.TODAY).path
    for code in (COMMUNITY, SECOND):
        record(held, code, households=100, population=80)
        with django_assert_max_num_queries(60) as asked:
            rows = findings(held, path).rows
        number = len(asked)
        if code == COMMUNITY:
            first = number
    assert rows.height == 2
    assert number == first
