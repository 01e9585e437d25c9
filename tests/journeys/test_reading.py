"""One survey value corrected in the browser: the verdict, the rate, the nearest and the notice follow."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from pytest_django import Settings

from greenward.assessment import actions as assessment
from greenward.core import clock
from greenward.packs.models import InstalledPack
from greenward.survey.actions import record_values
from greenward.survey.actions.cases import move
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.assessment import ALL_MET
from tests.factories.packs import example_pack, store
from tests.factories.territories import COMMUNITY, DISTRICT, SECOND
from tests.journeys.visits import official, visit_of, words

FIELD = "life_passage_blocked"
ANSWERS = {
    key: value.isoformat() if isinstance(value, date) else value
    for key, value in {**ALL_MET, "deliberations_last_year": 6, "last_post_on": date(2022, 6, 1)}.items()
    if not key.startswith("compound")
}


@pytest.fixture(autouse=True)
def city(transactional_db: None, settings: Settings) -> None:
    """Make two communities of a district: one lacks a free passage only, the other sponge measures too."""
    settings.GREENWARD_TODAY = make.TODAY
    cache.clear()
    held = make.survey_round()
    for code, more in ((COMMUNITY, {}), (SECOND, {"sponge_measures": False})):
        make.fill(held, code)
        values = {**ANSWERS, FIELD: 2, **more}
        record_values(held, "community", Place.objects.get(code=code), values, by=None, at=make.AT)
    for verb in ("submit", "check", "accept"):
        move(held, Place.objects.get(code=COMMUNITY), verb, by=None, at=clock.now())
    assessment.assess(programme=held.programme, as_of=make.TODAY, by=None, at=clock.now())
    official("lead", "district_lead", DISTRICT)


@pytest.mark.parametrize("width", [1440, 390])
def test_a_correction_is_followed_by_all_that_rests_on_it(page_at: Callable[[int], Any], width: int) -> None:
    visit = visit_of(page_at, width, "lead")
    page = visit.page

    told = words(visit.open(f"/assessment/{COMMUNITY}/"))
    for word in ("达标 15；未达标 1（第 8 项）", "减少 2 处", "占压生命通道处数：2 处 → 0 处"):
        assert word in told
    told = words(visit.open(f"/assessment/gaps/{DISTRICT}/?verdict=unmet"))
    assert told.index("一里社区居委会") < told.index("二里社区居委会")
    assert "全部变化" in words(visit.open("/"))

    visit.open(f"/survey/values/{COMMUNITY}/{FIELD}/")
    page.get_by_text("更正", exact=True).first.click()
    page.get_by_label("更正为（处）").fill("0")
    page.get_by_label("更正理由").fill("现场复核")
    visit.follow("更正", role="button")

    assert "达标 16；未达标 0" in words(visit.open(f"/assessment/{COMMUNITY}/"))
    assert "33.3%" in words(visit.open(f"/definitions/meeting/?place={DISTRICT}"))
    assert "一里社区居委会" not in words(visit.open(f"/assessment/gaps/{DISTRICT}/?verdict=unmet"))
    visit.open("/")
    visit.follow("1 条新变化")
    told = words(page)
    for word in ("一里社区居委会", "2 处 → 0 处", "lead", "1 条您还没看过"):
        assert word in told
    visit.follow("列出的都看过了", role="button")
    assert "0 条您还没看过" in words(page)
    visit.open(f"/assessment/gaps/{COMMUNITY}/")
    visit.open(f"/communities/{SECOND}/?tab=assessment")
    the_districts_own_rules_stand_beside(visit, store(example_pack()))


def the_districts_own_rules_stand_beside(visit: Any, edition: InstalledPack) -> None:
    """Read the community under a standard to which its district adds: two verdicts, side by side."""
    page = visit.open(f"/assessment/{COMMUNITY}/?under={edition.pack_id}@{edition.edition}")
    expect(page.locator("#own-verdict")).to_contain_text("加上本区更严的要求，结论为 ✗ 未达标")
    stricter, beside = page.locator("#item-3"), page.locator("#item-14")
    for item, told in (
        (stricter, ("每月至少议事协商一次", "本区在全市要求之外加的要求", "不低于 12 次")),
        (beside, ("有规划师、设计师或工程师联系社区",)),
    ):
        for word in ("本区细化 · 甲区细化指标（示例）", "本区自定，不影响全市的结论和合计。", *told):
            expect(item).to_contain_text(word)
    expect(page.locator("#title-3")).to_have_text(re.compile(r"✓ 达标\s+3 议事协商 ※文本待核\s+8 / 8 分"))
    expect(stricter.locator(".own")).to_contain_text("这一项： ✗ 未达标")
