"""The way up the tree: submitted, two fields back, answered, checked, accepted, corrected, and told."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import expect
from pytest_django import Settings

from greenward.assessment import actions as assessment
from greenward.core import audit, clock
from greenward.survey.actions import record_values
from greenward.survey.models import Case, Entry, ReturnedField
from greenward.survey.states import CaseState
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, DISTRICT, SECOND, STREET
from tests.journeys.visits import official, press, visit_of, words

DAY = make.TODAY + timedelta(days=5)
LATER = DAY + timedelta(days=2)
CASE = f"/survey/r2022/cases/{COMMUNITY}/"
FORM = f"/survey/r2022/{COMMUNITY}/"
FIELD = "life_passage_blocked"


@pytest.fixture(autouse=True)
def city(transactional_db: None, settings: Settings) -> None:
    """Make two communities of a street, surveyed five days ago."""
    settings.GREENWARD_TODAY = DAY
    cache.clear()
    held = make.survey_round()
    for code in (COMMUNITY, SECOND):
        make.fill(held, code)
    place = Place.objects.get(code=COMMUNITY)
    record_values(held, "community", place, {FIELD: 12}, by=None, at=make.AT)
    official("worker", "community_worker", COMMUNITY)
    official("clerk", "street_clerk", STREET)
    official("district", "district_lead", DISTRICT)


@pytest.mark.parametrize("width", [1440, 390])
def test_from_the_community_to_the_district_and_on(
    page_at: Callable[[int], Any], settings: Settings, width: int
) -> None:
    worker, clerk, district = (visit_of(page_at, width, name) for name in ("worker", "clerk", "district"))

    worker.open(FORM)
    assert "待街道核对" in press(worker, "提交")
    assert "核对摸底" in words(clerk.open("/"))

    assert "一里社区居委会" in words(clerk.open("/survey/r2022/cases/"))
    clerk.follow("一里社区居委会")
    clerk.page.get_by_label("退回“占压生命通道处数”的理由").fill("与消防台账不符")
    clerk.page.get_by_label("退回“常住户数”的理由").fill("与派出所数不符")
    assert "退回补正" in press(clerk, "退回写了理由的项")
    assert ReturnedField.objects.filter(settled_at=None).count() == 2

    assert "补正被退回的摸底数据 2 项" in words(worker.open("/"))
    page = worker.open(FORM)
    page.locator(f"[name={FIELD}]").fill("3")
    page.locator(f"[name={FIELD}]").blur()
    expect(page.locator("#autosave")).to_contain_text("已存", timeout=15_000)
    worker.check()
    worker.open(CASE)
    worker.page.get_by_label("数据属实，理由").fill("新楼交付入住")
    press(worker, "答复")
    assert ReturnedField.objects.filter(settled_at=None).count() == 0
    assert "待街道核对" in press(worker, "提交")

    clerk.open(CASE)
    assert "待区核验" in press(clerk, "核对通过")
    page = district.open("/survey/r2022/cases/")
    page.get_by_label("选择一里社区居委会").check()
    assert "能办 1 个社区" in press(district, "选中的核验通过…")
    press(district, "核验通过 1 个社区")
    case = Case.objects.get()
    assert case.state == CaseState.ACCEPTED

    programme = case.round.programme
    assessment.assess(programme=programme, as_of=DAY, by=None, at=clock.now())
    settings.GREENWARD_TODAY = LATER
    district.open(f"/survey/values/{COMMUNITY}/{FIELD}/")
    district.page.get_by_text("更正", exact=True).first.click()
    district.page.get_by_label("更正为（处）").fill("0")
    district.page.get_by_label("更正理由").fill("现场复核")
    told = press(district, "更正")
    for word in ("0处", "现场复核", "district", "3处", "12处"):
        assert word in told
    assert Entry.objects.latest("id").values == {FIELD: 0}

    then = words(district.open(f"/assessment/{COMMUNITY}/?as_of={DAY}"))
    for word in ("数据已更正，评定待更新", "3处 → 0处", "现场复核", "district"):
        assert word in then
    now = words(district.open(f"/assessment/{COMMUNITY}/"))
    assert "数据已更正，此前的评定待更新" in now
    assert str(DAY) in now
    assert "数据已更正" not in words(district.open(f"/assessment/{COMMUNITY}/?as_of={make.TODAY}"))
    assert "看看您核对或核验之后的更正" in words(clerk.open("/"))
    assert audit.verify() == []


@pytest.mark.parametrize("width", [1440, 390])
def test_reminders_and_completeness(page_at: Callable[[int], Any], width: int) -> None:
    clerk, worker = (visit_of(page_at, width, name) for name in ("clerk", "worker"))
    page = clerk.open("/survey/r2022/cases/?state=filling")
    page.get_by_label("附一句话（可不填）").fill("周五前交")
    assert "已提醒 2 个社区" in press(clerk, "提醒列表中全部 2 个")
    assert "周五前交" in words(clerk.open("/survey/r2022/cases/reminders/"))
    assert "周五前交" in words(worker.open("/"))
    assert "周五前交" in words(worker.open(FORM))
    assert "还不能出具" not in words(clerk.open("/survey/r2022/completeness/"))
    district = visit_of(page_at, width, "district")
    assert "还不能出具" in words(district.open("/survey/r2022/completeness/"))
