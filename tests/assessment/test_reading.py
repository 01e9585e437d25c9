"""A result in words: conditions with numbers in place, what is lacking, points, levels, ways; as data too."""

import json
import re
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import translation

from greenward.assessment import queries
from greenward.assessment.cli import commands
from greenward.assessment.queries.explanation import Input
from greenward.assessment.queries.reading import ItemReading, Reading, reading_of
from greenward.assessment.reading.ages import Ages, ages_of
from greenward.assessment.reading.document import page_data, page_pdf
from greenward.assessment.reading.proof import proof_json
from greenward.packs.models import InstalledPack
from greenward.survey.sensitivity import EVERYTHING
from tests.assessment.conftest import AS_OF, City
from tests.factories import accounts, territories
from tests.factories.packs import example_pack, store
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT

DAY = AS_OF.isoformat()


def read(city: City, under: InstalledPack | None = None) -> Reading:
    return reading_of(queries.assessment_of(city.version(COMMUNITY), AS_OF, sight=EVERYTHING, under=under))


def item(city: City, number: str) -> ItemReading:
    return next(one for one in read(city).items if one.found.id == number)


def cells(one: ItemReading) -> list[tuple[bool | None, str, str, str, str]]:
    return [(c.holds, c.subject, c.now, c.asked, c.lacking) for c in one.singles]


def test_a_ratio_shows_its_numbers_as_percent_and_says_how_many_more(city: City) -> None:
    city.meet(COMMUNITY, compounds_managed=3)
    assert cells(item(city, "12")) == [
        (False, "有物业管理的小区数 ÷ 小区数", "3 ÷ 12 = 25%", "不低于 30%", "12 个中再有 1 个")
    ]


def test_in_english_counts_have_no_unit(city: City) -> None:
    city.meet(COMMUNITY, compounds_managed=3)
    with translation.override("en"):
        assert cells(item(city, "12")) == [
            (
                False,
                "Compounds with property management ÷ Compounds",
                "3 ÷ 12 = 25%",
                "at least 30%",
                "1 more of the 12",
            )
        ]


def test_what_is_not_known_is_named_with_the_place_to_fill_it(city: City) -> None:
    city.meet(COMMUNITY)
    city.facts.values[city.places[COMMUNITY].pk].pop("gas_supply")
    [gas] = item(city, "4").lacking
    assert (gas.holds, gas.subject, gas.now, gas.lacking) == (None, "供气现状", "", "")
    assert [(m.label, m.gap and m.gap.field) for m in gas.missing] == [("供气现状", "gas_supply")]
    assert gas.asked == "应为：好、老化、不需要"


@pytest.mark.parametrize(
    "number,facts,expected",
    [
        ("1", {"co_creation_mechanism": False},
         (False, "建立共同缔造工作机制", "否", "应为“是”", "")),
        ("2", {"deliberations_last_year": 0},
         (False, "近12个月议事协商次数", "0 次", "不低于 1 次", "再增加 1 次")),
        ("8", {"life_passage_blocked": 2}, (False, "被占用的生命通道数", "2 处", "应为 0 处", "减少 2 处")),
        ("10", {"noise_complaints": 5, "noise_complaints_closed": 3},
         (False, "其中已办结数", "3 件", "不低于 近12个月噪声投诉件数（5 件）", "再增加 2 件")),
    ],
)  # fmt: skip
def test_each_kind_of_condition_in_words(
    city: City, number: str, facts: dict[str, Any], expected: tuple[bool | None, str, str, str, str]
) -> None:
    city.meet(COMMUNITY, **facts)
    [one] = [c for c in cells(item(city, number)) if not c[0]]
    assert one[0] is expected[0]
    assert one[2:] == expected[2:]


def test_days_since_a_day_name_the_day_and_the_first_that_would_do(city: City) -> None:
    city.meet(COMMUNITY, last_training_on="2021-09-14")
    city.facts.tell(city.places[COMMUNITY], last_training_on=AS_OF.replace(year=2021, day=14))
    [one] = cells(item(city, "15"))
    assert one[2:] == ("366 天（2021-09-14）", "不超过 365 天", "须在 2021-09-15 或以后")


@pytest.mark.parametrize("day,until", [("2021-09-29", "2022-09-29"), ("2021-09-15", "2022-09-15")])
def test_what_time_alone_will_break_says_until_when_it_holds(city: City, day: str, until: str) -> None:
    city.meet(COMMUNITY)
    city.facts.tell(city.places[COMMUNITY], last_training_on=date.fromisoformat(day))
    read = item(city, "15")
    [one] = read.singles
    assert (one.holds, str(one.until)) == (True, until)
    whole = reading_of(queries.assessment_of(city.version(COMMUNITY), AS_OF, sight=EVERYTHING))
    assert f"有效至 {until}" in str(page_data(whole)["rows"])
    assert f'"until": "{until}"' in json.dumps(proof_json(whole))
    city.facts.tell(city.places[COMMUNITY], last_training_on=date(2021, 9, 14))
    [lapsed] = item(city, "15").singles
    assert (lapsed.holds, lapsed.until) == (False, None)


def test_the_sentence_counts_and_says_why(city: City) -> None:
    city.meet(COMMUNITY, compounds_managed=3, works_took_place=False)
    assert read(city).sentence == (
        "共 16 项：达标 14；未达标 1（第 12 项）；资料不全 0；不适用 1。"
        "适用的各项都达标才算达标，有一项确定未达标，结论就是未达标。"
    )


def test_the_smallest_change_is_tried_and_enough(city: City) -> None:
    city.meet(COMMUNITY, compounds_managed=3)
    [path] = read(city).paths
    assert [(step.words, step.items) for step in path.steps] == [("有物业管理的小区数：3 个 → 4 个", ("12",))]
    assert (path.has_cost, path.without_cost) == (False, 1)
    city.facts.tell(city.places[COMMUNITY], compounds_managed=4)
    assert read(city).found.verdict == "met"
    assert read(city).paths == []


def test_the_ages_of_figures_leave_out_what_is_unknown() -> None:
    """A year ago to the day is not older than a year; a figure without a day is counted as such."""
    days = [date(2021, 9, 15), date(2021, 9, 14), None, date(2022, 9, 1)]
    inputs = [Input(str(n), "", 1, "", "", day) for n, day in enumerate(days)]
    found = ages_of(inputs, date(2022, 9, 15))
    assert found == Ages(known=4, oldest=date(2021, 9, 14), over_a_year=1, undated=1)
    assert found.sentence == "所用 4 个数据，最早的 2021-09-14；超过一年的 1 个，未注明日期的 1 个。"
    assert (ages_of([], AS_OF).sentence, ages_of(inputs[2:3], AS_OF).oldest) == ("", None)


def test_points_levels_and_what_bars_are_told(city: City) -> None:
    under = store(example_pack())
    city.meet(COMMUNITY, life_passage_blocked=1, compounds_managed=3)
    found = read(city, under)
    assert found.sentence.startswith("触发一票否决，不论得分，不达标。")
    assert [level.title for level in found.levels] == ["AAA级", "AA级", "A级"]
    first = found.items[0]
    assert [c.asked for c in first.singles] == ["不超过 0 处"]
    assert (first.indicators[0].barred, first.points) == (True, "")
    partners = next(i for i in found.items if i.found.id == "2").indicators[1]
    assert (partners.points, partners.out_of) == ("4", "6")
    assert [part.points for part in partners.parts] == ["2", "2"]
    assert partners.parts[0].bands[0].counts
    assert [part.short for part in partners.parts] == [
        "参与共建的主体数 不低于 1 个：得 2 分",
        "参与共建的主体数：3 个，得 2 分",
    ]
    rows = page_data(found)["rows"]
    assert isinstance(rows, list)
    assert rows[8]["lacking"] == ["缺：现场评分"]
    assert [next(level.needs.singles).now for level in found.levels] == ["85 至 95（未定）"] * 3


def test_costs_put_the_cheapest_way_first_and_say_what_has_none(city: City) -> None:
    under = store(example_pack())
    city.meet(COMMUNITY, life_passage_blocked=0, compounds_managed=3, convention_published=False,
              smart_security=False, sponge_measures=False, age_friendly_space=False,
              barrier_free_facilities=False)  # fmt: skip
    found = read(city, under)
    assert found.has_costs
    paths = found.paths
    assert [(p.without_cost, p.cost) for p in paths] == sorted((p.without_cost, p.cost) for p in paths)


def test_the_proof_is_the_same_over_api_and_command_line(city: City) -> None:
    city.meet(COMMUNITY, compounds_managed=3)
    clerk = accounts.make_user("district-lead")
    territories.appoint(clerk, "district_lead", DISTRICT)
    told = accounts.signed_in(clerk).get(f"/api/v1/assessment/{COMMUNITY}/proof", {"as_of": DAY}).json()
    [group] = [c for c in commands if c.name == "assessment"]
    result = CliRunner().invoke(
        group, ["explain", COMMUNITY, "--as-of", DAY, "--json"], catch_exceptions=False
    )
    assert told == json.loads(result.stdout)
    areas = {area["id"]: area for area in told["proof"]["children"]}
    [property_item] = [i for i in areas["smart"]["children"] if i["id"] == "12"]
    [indicator] = property_item["children"]
    assert indicator["rule"]["needs"][0]["needed"] == [4]
    assert told["facts"]["compounds_managed"] | {"entry": 0} == {
        "label": "有物业管理的小区数", "value": 3, "withheld": False, "source": "测试", "on": DAY,
        "form": None, "field": None, "entry": 0, "expired_on": None, "fill_in": None,
    }  # fmt: skip
    assert told["clauses"][property_item["clause"]]
    assert told["ways"][0]["steps"][0]["words"] == "有物业管理的小区数：3 个 → 4 个"


def test_the_command_line_says_it_in_lines(city: City) -> None:
    city.meet(COMMUNITY, compounds_managed=3)
    [group] = [c for c in commands if c.name == "assessment"]
    result = CliRunner().invoke(group, ["explain", COMMUNITY, "--as-of", DAY], catch_exceptions=False)
    assert "有物业管理的小区数 ÷ 小区数 3 ÷ 12 = 25%：不低于 30%，12 个中再有 1 个" in result.stdout


def test_strangers_get_no_proof(city: City) -> None:
    clerk = accounts.make_user("other-lead")
    territories.appoint(clerk, "district_lead", OTHER_DISTRICT)
    answer = accounts.signed_in(clerk).get(f"/api/v1/assessment/{COMMUNITY}/proof", {"as_of": DAY})
    assert answer.status_code == 404


def test_an_edition_that_is_not_installed_is_not_found(city: City) -> None:
    clerk = accounts.make_user("district-lead")
    territories.appoint(clerk, "district_lead", DISTRICT)
    browser: Client = accounts.signed_in(clerk)
    address = f"/assessment/{COMMUNITY}/"
    assert browser.get(address, {"as_of": DAY, "under": "beijing-2021@1900.1"}).status_code == 404
    page = browser.get(address, {"as_of": DAY, "under": "beijing-2021@2021.3"})
    assert "不是当日施行的版次" in page.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("known", [True, False])
def test_the_printed_page_is_one_page_whatever_is_known(city: City, language: str, *, known: bool) -> None:
    if known:
        city.meet(COMMUNITY, compounds_managed=3, sponge_measures=False)
    with translation.override(language):
        made = page_pdf(read(city))
    assert made.startswith(b"%PDF-")
    assert re.findall(rb"/Type\s*/Pages[^>]*?/Count (\d+)|/Count (\d+)[^>]*?/Type\s*/Pages", made) in (
        [(b"1", b"")],
        [(b"", b"1")],
    )


def test_the_printed_page_says_what_is_lacking_and_whose_it_is(city: City) -> None:
    city.meet(COMMUNITY, compounds_managed=3)
    data = page_data(read(city))
    rows = data["rows"]
    assert isinstance(rows, list)
    assert rows[11] == {
        "status": "unmet",
        "name": "12 物业管理覆盖",
        "points": "",
        "now": ["有物业管理的小区数 ÷ 小区数：3 ÷ 12 = 25%（不低于 30%）"],
        "lacking": ["12 个中再有 1 个"],
        "who": "市住房城乡建设委",
    }
    assert data["ways"] == ["第12项：有物业管理的小区数：3 个 → 4 个"]


def test_the_page_is_served_within_reach_only(city: City) -> None:
    for place, status in ((DISTRICT, 200), (OTHER_DISTRICT, 404)):
        clerk = accounts.make_user(f"lead-{place}")
        territories.appoint(clerk, "district_lead", place)
        answer = accounts.signed_in(clerk).get(f"/assessment/{COMMUNITY}/page.pdf", {"as_of": DAY})
        assert answer.status_code == status
