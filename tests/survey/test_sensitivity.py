"""Every reader gives single figures of people to who records, verifies or holds them, and to nobody else."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import Any, NamedTuple

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from greenward.accounts.models import User
from greenward.assessment.queries import assessment_for
from greenward.assessment.queries.changes import changes_for
from greenward.core import clock
from greenward.packs.schema.forms import Field
from greenward.survey import sensitivity
from greenward.survey.actions import record_values
from greenward.survey.actions.cases import SentBack, move
from greenward.survey.actions.feeds import take_feed
from greenward.survey.actions.record import correct_values
from greenward.survey.actions.remarks import answer, remark
from greenward.survey.exports.own_file import own_file_for
from greenward.survey.feeds.delivery import Delivery, FeedRow
from greenward.survey.models import Round
from greenward.survey.queries import form_of
from greenward.survey.queries.quality import cross_contradictions
from greenward.survey.queries.surveyed import surveyed
from greenward.survey.sensitivity import EVERYTHING, mark, sight_of
from greenward.survey.states import Way
from greenward.territories.models import Office, Place
from greenward.territories.queries import version_on
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db

WAS, FED, NOW = 45873, 45891, 45487
AGED = 45123
SECRET = (str(WAS), str(FED), str(NOW), f"{WAS:,}", f"{FED:,}", f"{NOW:,}")
"""The population of one community: as it was filled in, fed and corrected; also in words beside it."""
HOLDER, OTHER_HOLDER = "public-security", "civil-affairs"

WITH = {
    "community worker": ("community_worker", COMMUNITY, ""),
    "street clerk": ("street_clerk", STREET, ""),
    "district lead": ("district_lead", DISTRICT, ""),
    "department that holds it": ("city_department", CITY, HOLDER),
}
WITHOUT = {
    "city lead": ("city_lead", CITY, ""),
    "auditor": ("auditor", CITY, ""),
    "other department": ("district_department", DISTRICT, OTHER_HOLDER),
    "department without a name": ("city_department", CITY, ""),
}


class Reader(NamedTuple):
    """An address; whether it tells the figure, or marks it, at all."""

    address: str
    tells: bool = True
    marks: bool = True


R = "/survey/r2022"
API = "/api/v1/survey"
READERS = {
    "file, survey": Reader(f"/communities/{COMMUNITY}/?tab=survey"),
    "file, overview": Reader(f"/communities/{COMMUNITY}/", tells=False, marks=False),
    "file, assessment": Reader(f"/communities/{COMMUNITY}/?tab=assessment", tells=False, marks=False),
    "file, history": Reader(f"/communities/{COMMUNITY}/?tab=history", tells=False, marks=False),
    "home": Reader("/", tells=False, marks=False),
    "form": Reader(f"{R}/{COMMUNITY}/"),
    "form with a field sent back": Reader(f"{R}/{SECOND}/"),
    "value": Reader(f"/survey/values/{COMMUNITY}/population/"),
    "case": Reader(f"{R}/cases/{COMMUNITY}/?all=1"),
    "case sent back": Reader(f"{R}/cases/{SECOND}/?all=1"),
    "quality": Reader(f"{R}/quality/?place={COMMUNITY}&show=all"),
    "quality as CSV": Reader(f"{R}/quality/?place={COMMUNITY}&show=all&export=csv"),
    "remarks": Reader(f"{R}/{COMMUNITY}/remarks/?field=population"),
    "questions": Reader(f"{R}/questions/?show=all"),
    "coverage": Reader(f"{R}/", tells=False, marks=False),
    "coverage as CSV": Reader(f"{R}/coverage.csv", tells=False, marks=False),
    "own file": Reader(f"/survey/export/places/{COMMUNITY}/"),
    "export": Reader(f"/survey/export/file/?place={COMMUNITY}&subject=community&format=csv", marks=False),
    "assessment": Reader(f"/assessment/{COMMUNITY}/", tells=False, marks=False),
    "values by API": Reader(f"{API}/values/{COMMUNITY}", marks=False),
    "asked by API": Reader(f"{API}/rounds/r2022/asked/{COMMUNITY}?units=true", marks=False),
    "asked again by API": Reader(f"{API}/rounds/r2022/asked/{SECOND}"),
    "case by API": Reader(f"{API}/rounds/r2022/cases/{SECOND}"),
    "quality by API": Reader(f"{API}/rounds/r2022/quality?place={COMMUNITY}"),
    "export by API": Reader(f"{API}/export?level=community&under={COMMUNITY}&sources=true", marks=False),
    "sums by API": Reader(f"{API}/export/sums?level=community&under={COMMUNITY}", tells=False, marks=False),
    "assessment by API": Reader(f"/api/v1/assessment/{COMMUNITY}", tells=False, marks=False),
}


@pytest.fixture(autouse=True)
def day(settings: Settings) -> Iterator[None]:
    settings.GREENWARD_TODAY = make.TODAY
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def held() -> Round:
    """Make a community whose population was accepted and corrected, and one that was sent back."""
    made = make.survey_round()
    for code in (COMMUNITY, SECOND):
        make.fill(made, code)
        say(made, code, {"households": 60000, "population": WAS, "population_60": AGED})
        say(made, code, {}, reasons=reasons(made, code, f"派出所数为{WAS}"))
        move(made, Place.objects.get(code=code), "submit", by=None, at=clock.now())
    place = Place.objects.get(code=COMMUNITY)
    worker = person("asker")
    appoint(worker, "community_worker", COMMUNITY)
    asked = remark(made, place, f"是{WAS}吗", by=worker, at=clock.now(), field="population", is_question=True)
    answer(asked, f"不是{FED}", by=worker, at=clock.now())
    for verb in ("check", "accept"):
        move(made, place, verb, by=None, at=clock.now())
    reason = f"原填{WAS}，漏了人"
    correct_values(made, "community", place, {"population": NOW}, by=None, at=clock.now(), reason=reason)
    back = [SentBack(SECOND, "population", f"派出所数为{FED}")]
    move(made, Place.objects.get(code=SECOND), "return", by=None, at=clock.now(), fields=back)
    return made


def reasons(held: Round, code: str, told: str) -> dict[str, str]:
    """Return the same reason for every check that a community breaks."""
    version = version_on(Place.objects.get(code=code), make.TODAY)
    assert version
    warned = [one.broken.check.id for one in surveyed(held, version, make.TODAY)[0].warnings]
    crossed = [one.check.id for one in cross_contradictions(held, version, make.TODAY)]
    return dict.fromkeys([*warned, *crossed], told)


def say(held: Round, code: str, values: dict[str, object], **more: Any) -> None:
    record_values(held, "community", Place.objects.get(code=code), values, by=None, at=clock.now(), **more)


def official(role: str, at: str, department: str = "") -> User:
    made = person(f"{role}-{at}-{department}")
    given = appoint(made, role, at)
    Office.objects.filter(pk=given.office_id).update(department=department)
    return made


def read(client: Client, address: str) -> str:
    page = client.get(address)
    assert page.status_code == 200, address
    if page["Content-Type"].startswith("application/json"):
        return json.dumps(page.json(), ensure_ascii=False)
    return b"".join(page.streaming_content).decode() if page.streaming else page.content.decode()


def test_a_reader_gives_the_figure_to_who_may_see_it_and_to_nobody_else(held: Round) -> None:
    without = {name: signed_in(official(*who)) for name, who in WITHOUT.items()}
    for (reads, reader), (name, client) in product(READERS.items(), without.items()):
        told = read(client, reader.address)
        assert (reads, name, [one for one in SECRET if one in told]) == (reads, name, [])
        assert not reader.marks or mark() in told, (reads, name)
    allowed = {name: signed_in(official(*who)) for name, who in WITH.items()}
    for (reads, reader), (name, client) in product(READERS.items(), allowed.items()):
        if SECOND not in reader.address or WITH[name][1] != COMMUNITY:
            told = read(client, reader.address)
            assert reader.tells is any(one in told for one in SECRET), (reads, name)


@pytest.mark.parametrize("who", WITHOUT.values(), ids=WITHOUT)
def test_the_printed_file_marks_what_is_not_shown(held: Round, who: tuple[str, str, str]) -> None:
    told = str(own_file_for(official(*who), COMMUNITY, as_of=make.TODAY).as_data())
    assert [one for one in SECRET if one in told] == []
    assert mark() in told


def test_a_department_sees_the_fields_that_it_holds_and_no_other(held: Round) -> None:
    holder = signed_in(official("city_department", CITY, HOLDER))
    told = read(holder, f"{R}/{COMMUNITY}/")
    assert (str(NOW) in told, str(AGED) in told) == (True, False)
    known = holder.get(f"{API}/values/{COMMUNITY}").json()
    assert ("population" in {one["field"] for one in known["values"]}, known["withheld"]) == (
        True,
        ["population_60"],
    )
    elsewhere = signed_in(official("district_department", OTHER_DISTRICT, HOLDER))
    assert elsewhere.get(f"{R}/{COMMUNITY}/").status_code == 404


def test_programs_are_told_what_is_withheld(held: Round) -> None:
    lead = signed_in(official("city_lead", CITY))
    fields = lead.get(f"{API}/rounds/r2022/asked/{COMMUNITY}").json()[0]["fields"]
    asked = {one["field"]: one for one in fields}
    assert (asked["population"]["known"], asked["population"]["withheld"]) == (None, True)
    assert asked["households"]["withheld"] is False
    values = lead.get(f"{API}/values/{COMMUNITY}").json()
    assert values["withheld"] == ["population", "population_60"]


def test_what_is_unknown_is_not_marked(held: Round) -> None:
    page = signed_in(official("city_lead", CITY)).get(f"/communities/{COMMUNITY}/?tab=survey")
    lines = {str(line.label): line for one in page.context["answers"].sections for line in one.lines}
    told = [(lines[name].text, lines[name].withheld) for name in ("常住人口", "65岁及以上人口", "常住户数")]
    assert told == [(None, True), (None, False), ("60,000 户", False)]


def test_jumps_outliers_and_differing_sources_are_said_without_figures() -> None:
    held = make.survey_round()
    say(held, COMMUNITY, {"population": WAS})
    feed = {"way": Way.FEED, "origin": "公安局：人口"}
    say(held, COMMUNITY, {"population": FED}, **feed)
    address = f"{R}/quality/?place={COMMUNITY}&show=all"
    told = read(signed_in(official("auditor", CITY)), address)
    assert "常住人口：现为 仅汇总，而填报为 仅汇总。" in told
    assert f"现为 {FED}人" in read(signed_in(official("street_clerk", STREET)), address)


def test_a_departments_feed_is_warned_without_the_figures_of_others() -> None:
    held = make.survey_round()
    say(held, COMMUNITY, {"population": WAS})
    department = official("city_department", CITY, OTHER_HOLDER)
    rows = [FeedRow({"households": 60000}, code=COMMUNITY)]
    made = take_feed(held, Delivery("户数", make.TODAY, rows), by=department, at=clock.now())
    said = [one["message"] for one in made.report["warnings"]]
    assert said == ["常住人口少于常住户数（常住户数 60000户、常住人口 仅汇总）"]


def test_the_rule_reaches_what_an_assessment_rests_on(held: Round, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensitivity, "is_aggregate", _partners)
    say(
        make.survey_round("r2023"),
        OTHER_COMMUNITY,
        {"partners_taking_part": 487, "co_creation_mechanism": False},
    )
    client = signed_in(official("city_lead", CITY))
    for address in (
        f"/assessment/{OTHER_COMMUNITY}/",
        f"/communities/{OTHER_COMMUNITY}/?tab=assessment",
        f"/communities/{OTHER_COMMUNITY}/",
    ):
        told = read(client, address)
        assert "487" not in told
        assert mark() in told
    item = client.get(f"/api/v1/assessment/{OTHER_COMMUNITY}").json()["items"][0]
    inputs = {one["fact"]: (one["value"], one["fact"] in item["withheld"]) for one in item["inputs"]}
    assert inputs["partners_taking_part"] == (None, True)
    assert item["shortfalls"] == ["建立共同缔造工作机制"]
    clerk = official("district_lead", DISTRICT)
    seen = {one.fact: one.value for one in assessment_for(clerk, OTHER_COMMUNITY, make.TODAY).items[0].inputs}
    assert seen["partners_taking_part"] == 487
    assert changes_for(clerk, make.TODAY) == []


def _partners(one: Field) -> bool:
    return one.id == "partners_taking_part"


def test_the_system_sees_everything_and_strangers_nothing(held: Round) -> None:
    population = form_of(held, "community").field("population")
    assert sight_of(None) == EVERYTHING
    assert EVERYTHING.shows(population, "x/")
    assert not sight_of(person("stranger")).shows(population, "x/")


def test_marking_asks_the_database_nothing(held: Round) -> None:
    lead, clerk = official("city_lead", CITY), official("street_clerk", STREET)
    for address in (f"/communities/{COMMUNITY}/?tab=survey", f"{R}/{COMMUNITY}/"):
        counts = []
        for client in (signed_in(lead), signed_in(clerk)):
            client.get(address)
            with CaptureQueriesContext(connection) as asked:
                client.get(address)
            counts.append(len(asked))
        assert counts[0] <= counts[1]


def test_queries_of_the_questions_do_not_grow(held: Round) -> None:
    lead, worker = signed_in(official("city_lead", CITY)), User.objects.get(username="asker")
    lead.get(f"{R}/questions/?show=all")
    with CaptureQueriesContext(connection) as few:
        lead.get(f"{R}/questions/?show=all")
    place = Place.objects.get(code=COMMUNITY)
    for number in range(5):
        at = clock.now() + timedelta(seconds=number)
        remark(held, place, f"问{number}", by=worker, at=at, field="population", is_question=True)
    with CaptureQueriesContext(connection) as many:
        lead.get(f"{R}/questions/?show=all")
    assert len(many) == len(few)
