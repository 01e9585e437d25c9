"""One community with reasons: inputs with their source, what is missing and where, what would be enough."""

from datetime import date

import pytest
from django.utils import translation

from greenward.assessment import queries
from greenward.assessment.queries import CommunityAssessment
from greenward.survey.sensitivity import EVERYTHING
from tests.assessment.conftest import AS_OF, City
from tests.factories.territories import COMMUNITY


def explained(city: City, as_of: date = AS_OF) -> CommunityAssessment:
    return queries.assessment_of(city.version(COMMUNITY), as_of, sight=EVERYTHING)


def statuses(city: City) -> str:
    return "".join(item.status.letter for item in explained(city).items)


def test_without_survey_sixteen_are_unknown_and_none_unmet(city: City) -> None:
    found = explained(city)
    assert [str(item.status) for item in found.items] == ["unknown"] * 16
    assert found.verdict == "unknown"
    assert [item.id for item in found.items] == [str(number) for number in range(1, 17)]


def test_all_met(city: City) -> None:
    city.meet(COMMUNITY)
    assert (statuses(city), explained(city).verdict) == ("M" * 16, "met")


def test_the_interpreter_and_the_run_agree(city: City) -> None:
    city.meet(COMMUNITY, works_took_place=False, gas_supply=None, life_passage_blocked=2)
    row = queries.verdicts(AS_OF).filter(place=city.places[COMMUNITY].pk).row(0, named=True)
    assert (row["statuses"], row["verdict"]) == (statuses(city), explained(city).verdict)
    assert statuses(city) == "MMM?MNMUMMMMMMMM"


def test_an_item_shows_its_inputs_with_source_and_day(city: City) -> None:
    city.meet(COMMUNITY, compounds_managed=3)
    item = explained(city).items[11]
    assert [(i.fact, i.value, i.text, i.source, i.on) for i in item.inputs] == [
        ("compounds_managed", 3, "3 个", "测试", AS_OF),
        ("compounds_total", 12, "12 个", "测试", AS_OF),
    ]
    assert item.shortfalls == ("有物业管理的小区数：现为 3 个，至少应为 4 个（还差 1 个）",)
    assert (item.clause, item.verified) == ("2.4", False)


def test_a_parameter_is_an_input_that_says_whose_rule_it_is(city: City) -> None:
    city.meet(COMMUNITY)
    [threshold] = [i for i in explained(city).items[1].inputs if i.fact == "deliberations_min"]
    assert (threshold.value, threshold.on) == (1, None)
    assert "未定次数" in threshold.source


def test_what_is_missing_says_where_to_fill_it(city: City) -> None:
    city.meet(COMMUNITY, gas_supply=None)
    city.facts.values[city.places[COMMUNITY].pk].pop("gas_supply")
    item = explained(city).items[3]
    assert str(item.status) == "unknown"
    [missing] = item.missing
    assert (missing.fact, missing.label, missing.value) == ("gas_supply", "供气现状", None)
    assert missing.gap is not None
    assert (missing.gap.form, missing.gap.field) == ("community", "gas_supply")


def test_dates_count_from_the_day_asked_for(city: City) -> None:
    city.meet(COMMUNITY, last_post_on=date(2022, 6, 17))
    assert statuses(city)[13] == "M"  # 90 days
    city.facts.tell(city.places[COMMUNITY], last_post_on=date(2022, 6, 16))
    item = explained(city).items[13]
    assert str(item.status) == "unmet"
    assert item.shortfalls == ("最近一次发布创建信息日期：现为 2022-06-16，至少应为 2022-06-17",)


def test_supplements_are_reported_and_do_not_decide(city: City) -> None:
    city.meet(COMMUNITY, heritage_present=True, heritage_protected=False)
    found = explained(city)
    assert [str(item.status) for item in found.supplements] == ["unmet", "unknown"]
    assert found.verdict == "met"


def test_areas_count_their_items(city: City) -> None:
    city.meet(COMMUNITY, sponge_measures=False, telecom_lines=None, works_took_place=False)
    area = explained(city).areas[1]
    assert (area.met, area.unmet, area.unknown, area.not_applicable) == (0, 1, 1, 1)


@pytest.mark.parametrize("language,text", [("zh-hans", "是"), ("en", "Yes")])
def test_words_follow_the_reader(city: City, language: str, text: str) -> None:
    city.meet(COMMUNITY)
    with translation.override(language):
        assert explained(city).items[10].inputs[0].text == text
