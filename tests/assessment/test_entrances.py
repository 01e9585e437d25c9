"""Pages, API and command line: each shows what is within reach and nothing else, and writes nothing."""

import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client

from greenward.accounts.models import User
from greenward.assessment.cli import commands
from greenward.assessment.models import Result, Run
from greenward.core.errors import NotFoundError
from tests.assessment.conftest import City
from tests.factories import accounts, territories
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_DISTRICT,
    SECOND,
    TOWN_COMMUNITY,
    VILLAGE,
)

DAY = "2022-09-15"


@pytest.fixture
def clerk(city: City) -> User:
    user = accounts.make_user("district-lead")
    territories.appoint(user, "district_lead", DISTRICT)
    return user


@pytest.fixture
def browser(clerk: User) -> Client:
    return accounts.signed_in(clerk)


def run(*arguments: str) -> Any:
    [command] = [c for c in commands if c.name == arguments[0]]
    result = CliRunner().invoke(command, [*arguments[1:], "--json"], catch_exceptions=False)
    return json.loads(result.stdout)


def test_the_page_explains_every_item(city: City, browser: Client) -> None:
    city.meet(COMMUNITY, compounds_managed=3)
    page = browser.get(f"/assessment/{COMMUNITY}/", {"as_of": DAY})
    assert page.status_code == 200
    text = page.content.decode()
    assert [f'id="item-{n}"' in text for n in range(1, 17)] == [True] * 16
    assert "12 个中再有 1 个" in text
    assert text.count('class="unverified"') == 18  # supplements too
    assert text.count("（文本待核）") == 1


@pytest.mark.parametrize("code", [TOWN_COMMUNITY, VILLAGE, "000000000000", DISTRICT])
def test_strangers_and_other_places_get_404(city: City, browser: Client, code: str) -> None:
    assert browser.get(f"/assessment/{code}/", {"as_of": DAY}).status_code == 404
    assert browser.get(f"/api/v1/assessment/{code}", {"as_of": DAY}).status_code == 404


def test_the_trail_leads_only_where_the_person_may_go(city: City, browser: Client) -> None:
    above = browser.get(f"/assessment/{COMMUNITY}/", {"as_of": DAY}).context["above"]
    assert [place.place.code for place in above] == [DISTRICT, territories.STREET]


def test_nobody_reads_without_signing_in(city: City) -> None:
    assert Client().get(f"/assessment/{COMMUNITY}/").status_code == 302
    assert Client().get(f"/api/v1/assessment/{COMMUNITY}").status_code == 401
    assert Client().get("/api/v1/attainment").status_code == 401


def test_a_definition_shows_its_number_clause_and_list(city: City, browser: Client) -> None:
    city.meet(COMMUNITY, SECOND)
    city.enrol(COMMUNITY)
    page = browser.get("/definitions/both/", {"place": DISTRICT, "as_of": DAY})
    text = page.content.decode()
    assert page.status_code == 200
    assert page.context["found"].number == 1
    assert COMMUNITY in text
    assert SECOND not in text
    assert "到2022年底，全市各区60%以上的城市社区" in text


def test_a_definition_begins_where_the_person_works(city: City, browser: Client) -> None:
    assert browser.get("/definitions/denominator/", {"as_of": DAY}).context["found"].row.code == DISTRICT


@pytest.mark.parametrize("place", [CITY, OTHER_DISTRICT])
def test_a_definition_outside_reach_is_not_found(city: City, browser: Client, place: str) -> None:
    for address in ("/definitions/both/", "/definitions/both/list.csv"):
        assert browser.get(address, {"place": place, "as_of": DAY}).status_code == 404


def test_the_list_exports_what_it_shows(city: City, browser: Client) -> None:
    city.meet(COMMUNITY)
    answer = browser.get("/definitions/meeting/list.csv", {"place": DISTRICT, "as_of": DAY})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[3:] == [f"{COMMUNITY},一里社区居委会,达标,否"]


def test_api_and_command_line_give_the_same(city: City, browser: Client) -> None:
    city.meet(COMMUNITY)
    told = browser.get(f"/api/v1/assessment/{COMMUNITY}", {"as_of": DAY}).json()
    assert told == run("assess", "--place", COMMUNITY, "--as-of", DAY)
    assert (told["verdict"], len(told["items"]), told["edition"]) == ("met", 16, "beijing-2021 2021.3")
    assert told["items"][10]["inputs"] == [
        {"fact": "smart_security", "value": True, "source": "测试", "on": DAY}
    ]


def test_without_survey_the_command_line_says_sixteen_unknown(city: City) -> None:
    told = run("assess", "--place", COMMUNITY, "--as-of", DAY)
    assert [item["status"] for item in told["items"]] == ["unknown"] * 16
    assert [item["id"] for item in told["items"] if not item["missing"]] == []


def test_the_command_line_stores_a_run(city: City) -> None:
    city.meet(COMMUNITY)
    told = run("assess", "--all", "--as-of", DAY)
    assert (told["communities"], told["met"], told["unmet"], told["unknown"]) == (4, 1, 0, 3)
    assert (Run.objects.count(), Result.objects.count()) == (1, 4)


def test_the_command_line_refuses_a_place_that_does_not_count(city: City) -> None:
    with pytest.raises(NotFoundError):
        run("assess", "--place", VILLAGE, "--as-of", DAY)


def test_attainment_on_the_command_line_has_the_contract(city: City) -> None:
    told = run("attainment", "--as-of", DAY)
    assert told["as_of"] == DAY
    assert {"level", "code", "name", "participating", "meeting", "denominator", "target", "distance",
            "definition", "clause"} <= set(told["rows"][0])  # fmt: skip
    by_level = {
        level: [row for row in told["rows"] if row["level"] == level]
        for level in ("city", "district", "subdistrict")
    }
    [whole] = by_level["city"]
    for name in ("participating", "meeting", "both", "denominator", "target", "distance"):
        assert whole[name] == sum(row[name] for row in by_level["district"])


def test_attainment_over_the_api_stays_within_reach(city: City, browser: Client) -> None:
    rows = browser.get("/api/v1/attainment", {"as_of": DAY}).json()["rows"]
    assert {row["code"] for row in rows} == {DISTRICT, territories.STREET, territories.OTHER_STREET}
    under = browser.get("/api/v1/attainment", {"as_of": DAY, "under": territories.STREET}).json()["rows"]
    assert [row["code"] for row in under] == [territories.STREET]
    stranger = browser.get("/api/v1/attainment", {"as_of": DAY, "under": OTHER_DISTRICT}).json()["rows"]
    assert stranger == []


def test_reading_writes_nothing(city: City, browser: Client) -> None:
    for address in (f"/assessment/{COMMUNITY}/", "/definitions/both/", "/api/v1/attainment"):
        browser.get(address, {"as_of": DAY})
    assert Run.objects.count() == 0
