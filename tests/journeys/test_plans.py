"""A district's plan and its pilots: drafted, decided by another, filed, followed; ranked, chosen, learnt."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from pytest_django import Settings

from greenward.certification import actions as certification
from greenward.certification.models import Pilot
from greenward.core import audit, clock
from greenward.evidence.models import Use
from greenward.pilots.models import Lesson, Wish
from greenward.plans.models import PlanVersion
from greenward.plans.states import PlanState
from greenward.programmes.models import Delivery
from greenward.territories.models import PlaceVersion
from tests.factories import survey as make
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, SECOND, STREET, appoint, person
from tests.journeys.test_way_up import PASSWORD, press, visit_of, words

PLAN = f"/plans/{DISTRICT}/"
LAST = f"n-{STREET}-2022-12-31-meeting"
pytestmark = pytest.mark.parametrize("width", [1440, 390])


def official(name: str, role: str, place: str) -> None:
    user = person(name)
    user.set_password(PASSWORD)
    user.save()
    appoint(user, role, place)


@pytest.fixture(autouse=True)
def city(transactional_db: None, settings: Settings) -> None:
    """Make two surveyed communities of a street, one of which takes part."""
    settings.GREENWARD_TODAY = make.TODAY
    cache.clear()
    held = make.survey_round()
    for code in (COMMUNITY, SECOND):
        make.fill(held, code)
    certification.enrol(
        programme=held.programme,
        places=[PlaceVersion.objects.select_related("place").get(place__code=COMMUNITY)],
        on=make.TODAY,
        reason="测试",
        by=None,
        at=clock.now(),
    )
    for name, role, place in (
        ("drafter", "district_lead", DISTRICT),
        ("second", "district_lead", DISTRICT),
        ("municipal", "city_lead", CITY),
        ("clerk", "street_clerk", STREET),
        ("worker", "community_worker", SECOND),
    ):
        official(name, role, place)


def test_a_plan_from_figures_to_progress(page_at: Callable[[int], Any], width: int) -> None:
    drafter, second = (visit_of(page_at, width, name) for name in ("drafter", "second"))
    drafter.open(PLAN)
    told = press(drafter, "按现有数据起草")
    for word in ("第1版草案", "建议", "合计与要求"):
        assert word in told
    page = drafter.page
    page.locator(f"[name='{LAST}']").fill("0")
    page.locator(f"[name='{LAST}']").blur()
    expect(page.locator("#sums")).to_contain_text("还差")
    page.locator(f"[name='{LAST}']").fill("2")
    page.get_by_role("textbox", name="总体要求", exact=True).fill("分步推进，量力而行。")
    assert "分步推进" in press(drafter, "保存草案")
    assert "待区内审定" in press(drafter, "提交审定")
    assert "审定通过" not in words(page)

    second.open(f"{PLAN}?version=1")
    second.page.get_by_label("说明（退回时必填）").fill("请写明理由")
    assert "退回修改" in press(second, "退回修改")
    drafter.open(f"{PLAN}edit/")
    drafter.page.get_by_label("东街街道 2022-12-31 参与创建并达到要求的社区 说明").fill("社区有积极性")
    press(drafter, "保存草案")
    press(drafter, "提交审定")
    second.open(f"{PLAN}?version=1")
    assert "区内已审定" in press(second, "审定通过")

    municipal = visit_of(page_at, width, "municipal")
    assert "还没有报送方案" in words(municipal.open(PLAN))
    drafter.open(f"{PLAN}?version=1")
    drafter.page.get_by_label("文号").fill("甲政发〔2022〕1号")
    told = press(drafter, "报送市级")
    for word in ("已报送市级", "进展", "社区有积极性", "全区"):
        assert word in told
    assert Delivery.objects.get().document == "甲政发〔2022〕1号"
    assert "已报送第1版" in words(municipal.open("/plans/"))
    municipal.page.get_by_role("main").get_by_role("link", name="甲区", exact=True).click()
    municipal.check()
    municipal.page.get_by_label("提出意见").fill("请补充资金安排")
    press(municipal, "提交意见")
    assert "请补充资金安排" in words(drafter.open(PLAN))
    press(drafter, "按现有数据起草")
    assert "第2版草案" in words(drafter.page)
    drafter.open(f"{PLAN}changes/?version=2")
    assert [one.state for one in PlanVersion.objects.all()] == [PlanState.FILED, PlanState.DRAFT]
    assert audit.verify() == []


def test_two_editors_lose_nothing(page_at: Callable[[int], Any], width: int) -> None:
    drafter, second = (visit_of(page_at, width, name) for name in ("drafter", "second"))
    drafter.open(PLAN)
    press(drafter, "按现有数据起草")
    second.open(f"{PLAN}edit/")
    drafter.page.get_by_role("textbox", name="总体要求", exact=True).fill("甲的文字")
    press(drafter, "保存草案")
    second.page.get_by_role("textbox", name="总体要求", exact=True).fill("乙的文字")
    second.expected = {409}
    second.page.get_by_role("button", name="保存草案", exact=True).click()
    second.check()
    for word in ("drafter", "您填写的与已保存的不同之处", "甲的文字"):
        assert word in words(second.page)
    assert second.page.get_by_role("textbox", name="总体要求", exact=True).input_value() == "乙的文字"
    press(second, "保存草案")
    assert PlanVersion.objects.get().introduction == "乙的文字"


def test_pilots_from_the_ranking_to_a_lesson(page_at: Callable[[int], Any], width: int) -> None:
    worker, drafter = (visit_of(page_at, width, name) for name in ("worker", "drafter"))
    worker.open("/pilots/")
    page = worker.page
    assert "没有居民会议纪要或签名，按未知处理" in words(page)
    page.get_by_text("登记居民意愿", exact=True).click()
    page.get_by_label("征求数").fill("80")
    page.get_by_label("同意数").fill("72")
    page.get_by_label("纪要或签名的扫描件").set_input_files(
        {"name": "纪要.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
    )
    assert "90.0%" in press(worker, "保存意愿")
    assert (Wish.objects.count(), Use.objects.count()) == (1, 1)

    told = words(drafter.open("/pilots/"))
    for word in ("东街街道", "80中72同意", "只有1个社区"):
        assert word in told
    for name in ("一里社区居委会", "二里社区居委会"):
        drafter.page.get_by_label(f"选择{name}").first.check()
    drafter.page.get_by_label("依据").fill("甲政发〔2022〕2号")
    assert "已启动2个试点" in press(drafter, "启动试点")
    assert Pilot.objects.count() == 2

    worker.open(f"/pilots/communities/{SECOND}/")
    worker.page.get_by_text("登记经验", exact=True).click()
    for label, text in (
        ("标题", "停车共享"),
        ("问题", "车位不足"),
        ("做法", "与单位错时共享"),
        ("成效", "占压消除"),
        ("适用条件", "周边有单位车位"),
    ):
        worker.page.get_by_role("textbox", name=label, exact=True).fill(text)
    assert "停车共享" in press(worker, "保存经验")
    assert Lesson.objects.count() == 1
    clerk = visit_of(page_at, width, "clerk")
    assert "停车共享" in words(clerk.open("/pilots/lessons/?q=车位"))
    drafter.open(f"/pilots/communities/{SECOND}/")
    assert audit.verify() == []
