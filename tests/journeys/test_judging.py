"""A judging from the list of to-dos to the community's page: two reviewers apart, one decision, and why."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from pytest_django import Settings

from greenward.assessment.models import Decision, Judging
from greenward.core import audit
from tests.factories import survey as make
from tests.factories.judging import GRADED
from tests.factories.territories import COMMUNITY, DISTRICT, SECOND, STREET
from tests.journeys.visits import official, press, visit_of, words

DAY = make.TODAY
GOOD, BAD = "中心绿地长势好，一处裸土", "三处裸土没有补种，枯枝未清"
WORD = "两位看的是不同日子，以后一次为准"


@pytest.fixture(autouse=True)
def city(transactional_db: None, settings: Settings) -> None:
    """Make two surveyed communities of a street, a lead and two reviewers of the district."""
    settings.GREENWARD_TODAY = DAY
    cache.clear()
    held = make.survey_round()
    for code in (COMMUNITY, SECOND):
        make.fill(held, code)
    official("lead", "district_lead", DISTRICT)
    official("reviewer", "reviewer", DISTRICT)
    official("reviewer-b", "reviewer", DISTRICT)
    official("worker", "community_worker", COMMUNITY)


@pytest.mark.parametrize("width", [1440, 390])
def test_from_the_question_to_the_communitys_page(page_at: Callable[[int], Any], width: int) -> None:
    lead, first, second, worker = (
        visit_of(page_at, width, name) for name in ("lead", "reviewer", "reviewer-b", "worker")
    )

    page = lead.open("/judging/ask/")
    page.get_by_label("评议哪一项").select_option(GRADED)
    page.get_by_label("范围", exact=True).select_option(STREET)
    page.get_by_label("只评这些社区").fill(COMMUNITY)
    page.get_by_label("截止日").fill((DAY + timedelta(days=7)).isoformat())
    page.get_by_label("需要几份意见").fill("2")
    assert "已请评议 1 个社区" in press(lead, "发出")
    judging = Judging.objects.get()

    page = first.open("/duties/")
    assert "一里社区" in words(page)
    first.follow(f"评议 {GRADED}：提出意见")
    assert "提交之前看不到别人的意见" in words(page)
    page.get_by_label("分值").fill("-1")
    page.get_by_label("理由").fill(GOOD)
    told = press(first, "提交意见")
    assert "意见已提交" in page.locator("body").inner_text()
    assert "意见 1 / 2" in told
    assert f"评议 {GRADED}：提出意见" not in words(first.open("/duties/"))

    page = second.open("/duties/")
    second.follow(f"评议 {GRADED}：提出意见")
    assert GOOD not in words(page)
    page.get_by_label("分值").fill("-9")
    page.get_by_label("理由").fill(BAD)
    second.expected = {422}
    assert "分值应在 -5 和 0 之间" in press(second, "提交意见")
    expect(page.get_by_label("理由")).to_have_value(BAD)
    page.get_by_label("分值").fill("-4")
    told = press(second, "提交意见")
    for each in ("从 -4 到 -1，平均 -2.5", "意见不一", GOOD, BAD):
        assert each in told
    expect(page.get_by_label("分值")).to_have_value("-4")

    page = lead.open("/duties/")
    lead.follow(f"评议 {GRADED}：作出裁定")
    told = words(page)
    assert "从 -4 到 -1，平均 -2.5" in told
    panel = page.get_by_role("region", name="作出裁定")
    panel.get_by_label("分值").fill("-3")
    panel.get_by_label("理由").first.fill(WORD)  # the other is in the closed form of withdrawing
    panel.get_by_label("从哪一天起属实").fill(DAY.isoformat())
    assert WORD in press(lead, "裁定")
    decision = Decision.objects.get()
    assert (decision.points, decision.judging) == (-3, judging)

    told = words(worker.open(f"/assessment/{COMMUNITY}/"))
    for each in (WORD, decision.office, f"{DAY.year}-{DAY.month:02}-{DAY.day:02}"):
        assert each in told
    assert audit.verify() == []
