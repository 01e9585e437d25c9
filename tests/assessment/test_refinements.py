"""A district's own rules beside the city's verdict: told, marked, and moving nothing of the city's."""

import json

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import translation

from greenward.assessment import queries, rules
from greenward.assessment.cli import commands
from greenward.assessment.engine.status import Status
from greenward.assessment.queries.reading import OwnReading, Reading, reading_of
from greenward.assessment.reading.document import page_data
from greenward.packs.models import InstalledPack
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.refinement import OwnIndicator, Refinement
from greenward.packs.schema.shape import Bilingual
from greenward.survey.sensitivity import EVERYTHING
from tests.assessment.conftest import AS_OF, City
from tests.factories import accounts, territories
from tests.factories.packs import beijing_pack, example_pack, store
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT, TOWN_COMMUNITY

DAY = AS_OF.isoformat()
WORDS = Bilingual(zh="区里的要求", en="What the district asks")


def refined(**rules_by_effect: str) -> Pack:
    """Return Beijing's pack with rules of the test's district under item 2, by effect."""
    own = tuple(
        OwnIndicator(id=f"D2.{number}", item="2", effect=effect, title=WORDS, rule=rule, verified=True)  # type: ignore[arg-type] # effects by name
        for number, (effect, rule) in enumerate(rules_by_effect.items(), 1)
    )
    here = Refinement(id="here", district=DISTRICT, title=WORDS, verified=True, indicators=own)
    manifest = beijing_pack().manifest.model_copy(update={"edition": "2021.9"})
    return beijing_pack().model_copy(update={"manifest": manifest, "refinements": (here,)})


def read(city: City, under: InstalledPack | None = None, code: str = COMMUNITY) -> Reading:
    return reading_of(queries.assessment_of(city.version(code), AS_OF, sight=EVERYTHING, under=under))


def own_of(found: Reading) -> dict[str, OwnReading]:
    return {item.found.id: item.own for item in found.items if item.own is not None}


@pytest.mark.parametrize(
    "effect, deliberations, own, with_it",
    [
        ("stricter", 3, Status.UNMET, Status.UNMET),
        ("stricter", 4, Status.MET, Status.MET),
        ("stricter", None, Status.UNKNOWN, Status.UNKNOWN),
        ("beside", 3, Status.UNMET, None),
    ],
)
def test_a_district_s_rule_is_told_beside(
    city: City, effect: str, deliberations: int | None, own: Status, with_it: Status | None
) -> None:
    city.meet(COMMUNITY, deliberations_last_year=deliberations)
    found = read(city, store(refined(**{effect: "deliberations_last_year >= 4"})))
    [(item, told)] = own_of(found).items()
    assert (item, [(each.id, each.status) for each in told.indicators]) == ("2", [("D2.1", own)])
    assert (told.status, found.found.own_verdict) == (with_it, with_it)


@pytest.mark.parametrize("deliberations", [0, 3, 4, None])
@pytest.mark.parametrize("rule", ["deliberations_last_year >= 4", "deliberations_last_year >= 0"])
def test_it_moves_nothing_of_the_city_s(city: City, deliberations: int | None, rule: str) -> None:
    city.meet(COMMUNITY, deliberations_last_year=deliberations)
    pack = refined(stricter=rule)
    assert rules.standard_of(pack) is rules.standard_of(beijing_pack())
    plain, found = read(city), read(city, store(pack))
    assert found.found.outcome == plain.found.outcome
    assert [one.words for path in found.paths for one in path.steps] == [
        one.words for path in plain.paths for one in path.steps
    ]


def test_a_district_s_rule_cannot_make_good_what_the_city_finds_unmet(city: City) -> None:
    city.meet(COMMUNITY, deliberations_last_year=0, compounds_managed=3)
    found = read(city, store(refined(stricter="deliberations_last_year >= 0")))
    told = own_of(found)["2"]
    assert [each.status for each in told.indicators] == [Status.MET]
    assert (told.status, found.found.own_verdict) == (Status.UNMET, Status.UNMET)


def test_a_reported_rule_gives_the_district_no_verdict_of_its_own(city: City) -> None:
    city.meet(COMMUNITY, deliberations_last_year=3)
    pack = refined(stricter="deliberations_last_year >= 3", beside="deliberations_last_year >= 9")
    told = own_of(read(city, store(pack)))["2"]
    assert [each.status for each in told.indicators] == [Status.MET, Status.UNMET]
    assert (told.status, told.stricter) == (Status.MET, {"D2.1"})


def test_it_is_told_in_its_district_alone(city: City) -> None:
    edition = store(refined(stricter="deliberations_last_year >= 4"))
    city.meet(COMMUNITY, TOWN_COMMUNITY)
    assert list(own_of(read(city, edition))) == ["2"]
    elsewhere = read(city, edition, TOWN_COMMUNITY)
    assert (own_of(elsewhere), elsewhere.found.own_verdict) == ({}, None)


def test_a_standard_of_points_keeps_its_level_and_total(city: City) -> None:
    city.meet(COMMUNITY, life_passage_blocked=0, compounds_managed=3, deliberations_last_year=6)
    found = read(city, store(example_pack()))
    bare = example_pack().model_copy(update={"refinements": ()})
    bare = bare.model_copy(update={"manifest": bare.manifest.model_copy(update={"edition": "2025.9"})})
    assert found.found.outcome == read(city, store(bare)).found.outcome
    assert {item: own.status for item, own in own_of(found).items()} == {
        "3": Status.UNMET, "5": Status.UNMET, "14": None,
    }  # fmt: skip
    assert found.found.own_verdict is Status.UNMET


def page_of(code: str, edition: InstalledPack, place: str, day: str = DAY) -> tuple[int, str]:
    clerk = accounts.make_user(f"lead-{place}")
    territories.appoint(clerk, "district_lead", place)
    browser: Client = accounts.signed_in(clerk)
    answer = browser.get(f"/assessment/{code}/", {"as_of": day, "under": str(edition).replace(" ", "@")})
    return answer.status_code, answer.content.decode()


def test_the_page_shows_it_under_its_item_as_the_district_s_own(city: City) -> None:
    city.meet(COMMUNITY, deliberations_last_year=3)
    edition = store(refined(stricter="deliberations_last_year >= 4"))
    status, page = page_of(COMMUNITY, edition, DISTRICT)
    assert status == 200
    item = page[page.index('id="item-2"') : page.index('id="item-3"')]
    assert "本区细化 · 区里的要求" in item
    assert "本区自定，不影响全市的结论和合计。" in item
    assert "本区在全市要求之外加的要求" in item
    assert "不低于 4 次" in item
    head = page[page.index('id="own-verdict"') :]
    assert "未达标" in head[: head.index("</p>")]
    assert page_of(COMMUNITY, edition, OTHER_DISTRICT)[0] == 404


def test_print_and_terminal_name_it(city: City) -> None:
    city.meet(COMMUNITY, deliberations_last_year=3)
    edition = store(refined(stricter="deliberations_last_year >= 4"))
    assert page_data(read(city, edition))["notes"] == [
        *page_data(read(city))["notes"],  # type: ignore[misc] # a list of texts
        "本区细化 · 区里的要求：未达标（本区自定，不影响全市的结论和合计。）",
    ]
    with translation.override("en"):
        assert "What the district asks" in str(page_data(read(city, edition))["notes"])


def test_the_proof_has_it_apart_with_rule_facts_and_clause(city: City) -> None:
    city.meet(COMMUNITY, deliberations_last_year=3)
    edition = store(refined(stricter="deliberations_last_year >= 4", beside="professionals_assigned"))
    clerk = accounts.make_user("district-lead")
    territories.appoint(clerk, "district_lead", DISTRICT)
    asked = {"as_of": DAY, "under": str(edition).replace(" ", "@")}
    told = accounts.signed_in(clerk).get(f"/api/v1/assessment/{COMMUNITY}/proof", asked).json()
    [group] = [command for command in commands if command.name == "assessment"]
    arguments = ["explain", COMMUNITY, "--as-of", DAY, "--under", asked["under"], "--json"]
    assert told == json.loads(CliRunner().invoke(group, arguments, catch_exceptions=False).stdout)
    assert (told["verdict"], told["own"]["verdict"]) == ("met", "unmet")
    [item] = told["own"]["items"]
    assert (item["item"], item["status"]) == ("2", "unmet")
    first, second = item["indicators"]
    assert (first["id"], first["status"], first["stricter"], second["stricter"]) == (
        "D2.1", "unmet", True, False,
    )  # fmt: skip
    assert first["rule"]["needs"][0]["needed"] == [4]
    assert first["conditions"][0]["asked"] == "不低于 4 次"
    assert first["clause"] in told["clauses"]
    assert told["facts"]["deliberations_last_year"]["value"] == 3
