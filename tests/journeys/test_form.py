"""The survey form in the browser: by keyboard, on a phone and a desk; two people on one form; odd answers."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from greenward.core import audit
from greenward.survey.models import Entry, Remark, Round
from greenward.survey.queries import form_of
from tests.factories.territories import COMMUNITY
from tests.journeys.forms import (
    FORM,
    PATIENCE,
    SAVED,
    entries,
    field,
    merged,
    open_form,
    question,
    says,
    small_city,
    worker,
)
from tests.journeys.visits import let_in

WIDTHS = [390, 1440]


@pytest.fixture(autouse=True)
def held(transactional_db: None, settings: Settings) -> Round:
    made = small_city(settings)
    worker("wang")
    worker("li")
    return made


def arrive(page_at: Callable, width: int, name: str, address: str) -> tuple[object, Page]:
    visit = page_at(width, keeping=True).sign_in(name)
    open_form(visit.page, address)
    visit.check()
    return visit, visit.page


def beat(page: Page) -> None:
    """Let the page hear at once what it would hear within twenty seconds."""
    with page.expect_response("**/presence/"):
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_form_is_filled_in_by_keyboard_alone(
    page_at: Callable, live_server: LiveServer, width: int
) -> None:
    visit, page = arrive(page_at, width, "wang", live_server.url)
    field(page, "households").focus()
    page.keyboard.type("1200")
    page.keyboard.press("Tab")
    says(page, SAVED)
    bool_ = question(page, "co_creation_mechanism")
    bool_.get_by_label("未知").focus()
    page.keyboard.press("ArrowLeft")
    expect(bool_.get_by_label("否")).to_be_checked()
    expect(bool_.locator(".mark-state")).to_have_text(SAVED, timeout=PATIENCE)
    assert merged() == {"households": 1200, "co_creation_mechanism": False}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.check()
    assert audit.verify() == []


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_wrong_is_said_at_the_field_and_mended(
    page_at: Callable, live_server: LiveServer, width: int
) -> None:
    visit, page = arrive(page_at, width, "wang", live_server.url)
    visit.expected = {422}
    households = question(page, "households")
    field(page, "households").fill("很多")
    expect(households.locator(".error")).to_contain_text("应填数字")
    field(page, "households").press("Tab")
    expect(households.get_by_role("button", name="不存这一项")).to_be_visible(timeout=PATIENCE)
    says(page, re.compile("1 项未存"))
    visit.check()
    page.reload()
    expect(field(page, "households")).to_have_value("很多")
    field(page, "households").fill("30")
    field(page, "households").press("Tab")
    says(page, SAVED)
    assert entries() == [{"households": 30}]
    expect(households.locator(".error")).to_have_count(0)


def test_answers_that_contradict_each_other_are_taken_once_they_agree(
    page_at: Callable, live_server: LiveServer
) -> None:
    visit, page = arrive(page_at, 1440, "wang", live_server.url)
    visit.expected = {422}
    field(page, "population").fill("5")
    field(page, "population").press("Tab")
    says(page, SAVED)
    field(page, "population_60").fill("6")
    field(page, "population_60").press("Tab")
    expect(question(page, "population_60").locator(".error")).to_contain_text(
        "多于常住人口", timeout=PATIENCE
    )
    assert entries() == [{"population": 5}]
    field(page, "population").fill("60")
    field(page, "population").press("Tab")
    says(page, SAVED)
    assert merged() == {"population": 60, "population_60": 6}
    visit.check()


def test_a_warning_wants_a_reason_which_goes_along(page_at: Callable, live_server: LiveServer) -> None:
    visit, page = arrive(page_at, 390, "wang", live_server.url)
    field(page, "households").fill("9")
    field(page, "population").fill("5")
    field(page, "population").press("Tab")
    reason = page.locator('[data-check="people-and-households"] input')
    expect(reason).to_be_visible(timeout=PATIENCE)
    visit.check()
    with page.expect_response("**/save/"):
        reason.fill("空置较多")
        reason.press("Tab")
    expect(page.locator('[data-check="people-and-households"].reasoned')).to_be_visible(timeout=PATIENCE)
    assert Entry.objects.latest("id").reasons == {"people-and-households": "空置较多"}


def test_two_people_fill_in_one_form_and_nothing_is_lost(page_at: Callable, live_server: LiveServer) -> None:
    first, wang = arrive(page_at, 1440, "wang", live_server.url)
    second, li = arrive(page_at, 1440, "li", live_server.url)
    beat(wang)
    expect(wang.locator("#company")).to_have_text("li 正在填写", timeout=PATIENCE)
    field(wang, "households").fill("100")
    field(wang, "households").press("Tab")
    says(wang, SAVED)
    field(li, "population").fill("260")
    field(li, "population").press("Tab")
    says(li, SAVED)
    expect(field(li, "households")).to_have_value("100")
    expect(question(li, "households").locator(".mark-news")).to_contain_text("wang")
    beat(wang)
    expect(field(wang, "population")).to_have_value("260", timeout=PATIENCE)
    assert entries() == [{"households": 100}, {"population": 260}]
    for visit in (first, second):
        visit.check()


@pytest.mark.parametrize("chosen", ["用我的", "用对方的"])
def test_a_field_that_two_people_changed_shows_both_and_asks(
    page_at: Callable, live_server: LiveServer, chosen: str
) -> None:
    mine = chosen == "用我的"
    _first, wang = arrive(page_at, 1440, "wang", live_server.url)
    second, li = arrive(page_at, 390, "li", live_server.url)
    second.expected = {409}
    li.context.set_offline(True)
    field(li, "households").fill("90")
    field(li, "population").fill("200")
    field(li, "population").press("Tab")
    field(wang, "households").fill("100")
    field(wang, "households").press("Tab")
    says(wang, SAVED)
    li.context.set_offline(False)
    conflict = question(li, "households").locator(".conflict")
    expect(conflict).to_contain_text("90", timeout=PATIENCE)
    expect(conflict).to_contain_text("100户")
    expect(conflict).to_contain_text("wang")
    expect(question(li, "population").locator(".mark-state")).to_have_text(SAVED, timeout=PATIENCE)
    second.faults.clear()
    second.check()
    li.reload()
    expect(conflict).to_contain_text("90", timeout=PATIENCE)
    assert merged() == {"households": 100, "population": 200}
    conflict.get_by_role("button", name=chosen).click()
    expect(conflict).to_have_count(0)
    if mine:
        expect(question(li, "households").locator(".mark-state")).to_have_text(SAVED, timeout=PATIENCE)
    expect(field(li, "households")).to_have_value("90" if mine else "100")
    assert merged() == {"households": 90 if mine else 100, "population": 200}
    assert [list(one.values()) for one in entries()] == [[100], [200], *([[90]] if mine else [])]


def test_a_question_is_asked_without_leaving_the_form(page_at: Callable, live_server: LiveServer) -> None:
    visit, page = arrive(page_at, 390, "wang", live_server.url)
    box = question(page, "households")
    box.get_by_role("link", name="留言").click()
    box.get_by_label("留言或向上级提问").fill("按户籍还是常住？")
    box.get_by_role("button", name="提问").click()
    expect(box.get_by_text("待答复")).to_be_visible(timeout=PATIENCE)
    remark = Remark.objects.get()
    assert (remark.field, remark.is_question, remark.place.code) == ("households", True, COMMUNITY)
    visit.check()
    visit.open("/survey/r2022/questions/").get_by_text("按户籍还是常住？").wait_for()


def test_rows_are_added_and_removed_on_a_phone(
    page_at: Callable, live_server: LiveServer, held: Round
) -> None:
    table = next(one for one in form_of(held, "community").fields if one.type == "table" and one.when is None)
    column = next(one for one in table.columns if one.type == "text")
    visit, page = arrive(page_at, 390, "wang", live_server.url)
    box = question(page, table.id)
    box.get_by_label(str(column.label)).first.fill("甲")
    box.get_by_role("button", name="添加一行").click()
    box.get_by_label(str(column.label)).last.fill("乙")
    box.get_by_label(str(column.label)).last.press("Tab")
    expect(box.locator(".mark-state")).to_have_text(SAVED, timeout=PATIENCE)
    box.get_by_role("button", name="删除").first.click()
    page.wait_for_timeout(500)
    expect(box.locator(".mark-state")).to_have_text(SAVED, timeout=PATIENCE)
    assert merged() == {table.id: [{column.id: "乙"}]}
    visit.check()


def test_conditions_show_and_hide_at_once(page_at: Callable, live_server: LiveServer) -> None:
    _visit, page = arrive(page_at, 1440, "wang", live_server.url)
    box = page.locator("[data-when]").first
    conditions = page.evaluate("box => JSON.parse(box.dataset.when)", box.element_handle())
    name, sign, value = conditions[0]
    expect(box).to_be_visible()
    opposite = question(page, name)
    if opposite.get_attribute("data-type") == "bool":
        opposite.get_by_label("否" if (value is True) == (sign == "==") else "是", exact=True).check()
    else:
        opposite.locator("[data-value]").fill("0")
    expect(box).to_be_hidden()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_form_works_without_javascript(
    page_at: Callable, live_server: LiveServer, width: int, tmp_path: Path
) -> None:
    browser = page_at(width).page.context.browser
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": width, "height": 900}, locale="zh-CN"
    )
    page = context.new_page()
    let_in(context, live_server.url, "wang")
    page.goto(f"{live_server.url}{FORM}")
    field(page, "households").fill("30")
    page.locator('[data-section]:has(#q-households) button[type="submit"]').last.click()
    expect(page.get_by_text("已保存。")).to_be_visible()
    assert merged() == {"households": 30}
    context.close()
