"""One's own duties in the browser: a to-do followed from the list, cover for a holiday, reminders by mail."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from pytest_django import Settings

from greenward.accounts.models import User
from greenward.accounts.queries import confirmed_address
from greenward.core import audit
from greenward.duties.models import Delegation
from greenward.duties.queries.leaving import unsubscribe_token
from greenward.programmes.models import Delivery
from tests.factories import survey as make
from tests.factories.territories import CITY, DISTRICT, STREET
from tests.journeys.visits import official, press, visit_of, words

pytestmark = pytest.mark.parametrize("width", [1440, 390])
SITE = "https://greenward.example.gov.cn"


@pytest.fixture(autouse=True)
def city(transactional_db: None, settings: Settings) -> None:
    """Make a city with a survey, in which a district owes reports; two people work in its office."""
    settings.GREENWARD_TODAY = make.TODAY
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example.gov.cn", "greenward@example.gov.cn"
    settings.GREENWARD_SITE = SITE
    cache.clear()
    make.survey_round()
    for name, role, place in (
        ("lead", "district_lead", DISTRICT),
        ("colleague", "district_department", DISTRICT),
        ("clerk", "street_clerk", STREET),
        ("municipal", "city_lead", CITY),
    ):
        official(name, role, place)


def test_a_todo_is_done_from_the_list_and_covered_for(page_at: Callable[[int], Any], width: int) -> None:
    lead, colleague = (visit_of(page_at, width, name) for name in ("lead", "colleague"))
    lead.open("/duties/")
    page = lead.page
    page.get_by_label("种类").select_option("duty")
    assert "季度" in press(lead, "筛选")
    page.get_by_role("main").locator("ul.duties a").first.click()
    lead.check()
    page.get_by_label("文号或标题").fill("甲建〔2022〕3号")
    press(lead, "登记")
    assert Delivery.objects.get().document == "甲建〔2022〕3号"

    lead.open("/duties/cover/")
    page.get_by_label("交给").select_option(label="colleague")
    page.get_by_label("最后一天").fill("2022-06-30")
    page.get_by_label("缘由").fill("年休假")
    assert "已交给colleague代办" in press(lead, "交给同事")
    assert Delegation.objects.get().delegate.username == "colleague"
    colleague.open("/duties/")
    assert "代 lead" in words(colleague.page)
    colleague.page.get_by_role("main").locator("ul.duties a").first.click()
    colleague.check()
    municipal = visit_of(page_at, width, "municipal")
    municipal.open("/duties/")
    assert "卡在谁那里" in words(municipal.page)
    lead.open("/duties/cover/")
    assert "已收回" in press(lead, "收回 colleague")
    assert "代 lead" not in words(colleague.open("/duties/"))
    assert audit.verify() == []


def test_reminders_are_chosen_confirmed_and_stopped(page_at: Callable[[int], Any], width: int) -> None:
    clerk = visit_of(page_at, width, "clerk")
    page = clerk.open("/duties/")
    clerk.follow("提醒设置")
    assert "您没有填写电子邮件" in words(page)
    clerk.open("/accounts/settings/")
    page.get_by_label("电子邮件").fill("clerk@example.gov.cn")
    press(clerk, "保存")
    assert "确认邮件已发出" in press(clerk, "发送确认邮件")
    link = re.search(rf"{SITE}(/\S+)", mail.outbox[-1].body)
    assert link
    clerk.open(link[1])
    assert "电子邮件已确认" in press(clerk, "确认是我的")
    clerk.open("/duties/reminders/")
    page.get_by_label("每个工作日").check()
    page.get_by_label("数据质量").uncheck()
    page.get_by_label("邮件的语言").select_option("en")
    assert "clerk@example.gov.cn" in press(clerk, "保存")
    user = User.objects.get(username="clerk")
    choice = user.reminder_choice
    assert (choice.rhythm, choice.without, choice.language) == ("daily", ["survey-doubts"], "en")
    assert confirmed_address(user) == "clerk@example.gov.cn"
    visitor = page_at(width)
    visitor.open(f"/duties/unsubscribe/{unsubscribe_token(user)}/")
    assert "已退订" in press(visitor, "不再接收")
    choice.refresh_from_db()
    assert choice.rhythm == "never"
