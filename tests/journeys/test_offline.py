"""What was typed survives a lost network, a reload, a lost session, a restart, and arrives exactly once."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import BrowserType, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from greenward.core import audit
from greenward.survey.models import Entry
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
    sign_in,
    small_city,
    worker,
)


@pytest.fixture(autouse=True)
def city(transactional_db: None, settings: Settings) -> None:
    small_city(settings)
    worker("wang")
    worker("li")


@pytest.fixture
def page(page_at: Callable, live_server: LiveServer) -> Page:
    return page_at(390, keeping=True).page


def kept(page: Page) -> dict[str, Any]:
    """Return what this machine keeps: databases, caches, workers."""
    return page.evaluate(
        """async () => ({
            databases: (await indexedDB.databases()).map(one => one.name),
            caches: await caches.keys(),
            workers: (await navigator.serviceWorker.getRegistrations()).length,
            local: [...Object.values(localStorage), ...Object.values(sessionStorage)]
                .filter(one => one !== "/public/").length,
        })"""
    )


NOTHING = {"databases": [], "caches": [], "workers": 0, "local": 0}


def offline(page: Page, *, on: bool) -> None:
    page.context.set_offline(on)


def fill_offline(page: Page, address: str) -> None:
    """Type a number, a word and a choice with no network."""
    sign_in(page, address, "wang")
    open_form(page, address)
    offline(page, on=True)
    field(page, "households").fill("1,200")
    field(page, "population").fill("2600")
    field(page, "population").press("Tab")
    says(page, "离线：待发送 2 项，已存在本机")


def test_typed_without_a_network_it_survives_reload_and_sign_in_and_arrives_once(
    page: Page, live_server: LiveServer
) -> None:
    fill_offline(page, live_server.url)
    page.reload()
    expect(field(page, "households")).to_have_value("1,200")
    expect(field(page, "population")).to_have_value("2600")
    says(page, "离线：待发送 2 项，已存在本机")
    assert Entry.objects.count() == 0

    Session.objects.all().delete()
    offline(page, on=False)
    says(page, "请重新登录，已填内容仍在本机")
    assert Entry.objects.count() == 0
    page.get_by_role("link", name="重新登录").click()
    sign_in(page, live_server.url, "wang", at="")
    page.wait_for_selector("html[data-ready]")
    says(page, SAVED)
    assert entries() == [{"households": 1200, "population": 2600}]
    assert audit.verify() == []

    field(page, "households").fill("1201")
    field(page, "households").press("Tab")
    page.wait_for_timeout(600)
    says(page, SAVED)
    expect(question(page, "households").locator(".mark-state")).to_have_text(SAVED, timeout=PATIENCE)
    assert entries() == [{"households": 1200, "population": 2600}, {"households": 1201}]


def test_an_answer_lost_on_the_way_back_is_not_recorded_twice(page: Page, live_server: LiveServer) -> None:
    sign_in(page, live_server.url, "wang")
    open_form(page, live_server.url)
    lost = []

    def lose(route: Any) -> None:
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())  # the server has it; the page never hears
        route.abort()

    page.route("**/save/", lose)
    field(page, "households").fill("5")
    field(page, "households").press("Tab")
    says(page, SAVED)
    assert len(lost) == 1
    assert entries() == [{"households": 5}]


def test_several_sets_go_in_order_each_once(page: Page, live_server: LiveServer) -> None:
    sign_in(page, live_server.url, "wang")
    open_form(page, live_server.url)
    page.route("**/save/", lambda route: route.abort())
    with page.expect_request("**/save/"):
        field(page, "households").fill("5")
        field(page, "households").press("Tab")
    field(page, "households").fill("7")  # the first set is under way: this begins another
    field(page, "population").fill("9")
    field(page, "population").press("Tab")
    says(page, re.compile("待发送 3 项"))
    page.unroute("**/save/")
    page.reload()
    says(page, SAVED)
    assert entries() == [{"households": 5}, {"households": 7, "population": 9}]
    assert Entry.objects.values("request").distinct().count() == 2


def test_a_form_saved_before_the_network_went_shows_its_values_afterwards(
    page: Page, live_server: LiveServer
) -> None:
    sign_in(page, live_server.url, "wang")
    open_form(page, live_server.url)
    field(page, "households").fill("77")
    field(page, "households").press("Tab")
    says(page, SAVED)
    offline(page, on=True)
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(field(page, "households")).to_have_value("77")
    says(page, "离线：可以继续填，联网后自动发送")


def test_without_a_network_other_pages_say_which_forms_are_here(page: Page, live_server: LiveServer) -> None:
    sign_in(page, live_server.url, "wang")
    open_form(page, live_server.url)
    offline(page, on=True)
    page.goto(f"{live_server.url}/survey/")
    expect(page.get_by_role("heading", level=1)).to_have_text("没有网络")
    page.get_by_role("link", name=re.compile("一里")).click()
    page.wait_for_selector("html[data-ready]")
    expect(field(page, "households")).to_be_visible()


def test_signing_out_warns_of_what_was_not_sent_and_leaves_nothing(
    page: Page, live_server: LiveServer
) -> None:
    sign_in(page, live_server.url, "wang")
    open_form(page, live_server.url)
    page.route("**/save/", lambda route: route.abort())
    field(page, "households").fill("5")
    field(page, "population").fill("6")
    field(page, "population").press("Tab")
    says(page, re.compile("待发送 2 项"))
    leave(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("还有 2 项没有发送")
    dialog.get_by_role("button", name="先不退出").click()
    expect(field(page, "households")).to_have_value("5")
    leave(page)
    send = dialog.get_by_role("button", name="发送后退出")
    expect(send).to_be_visible()
    page.unroute("**/save/")  # only now: else what waits would be sent before anybody is asked
    send.click()
    page.wait_for_url(f"{live_server.url}/public/")
    assert merged() == {"households": 5, "population": 6}
    assert kept(page) == NOTHING


def test_who_gives_up_what_was_not_sent_leaves_nothing_either(page: Page, live_server: LiveServer) -> None:
    sign_in(page, live_server.url, "wang")
    open_form(page, live_server.url)
    page.route("**/save/", lambda route: route.abort())
    field(page, "households").fill("5")
    says(page, re.compile("待发送 1 项"))
    leave(page)
    page.get_by_role("dialog").get_by_role("button", name="放弃并退出").click()
    page.wait_for_url(f"{live_server.url}/public/")
    assert kept(page) == NOTHING
    assert entries() == []
    sign_in(page, live_server.url, "wang")
    open_form(page, live_server.url)
    expect(field(page, "households")).to_have_value("")


def leave(page: Page) -> None:
    page.locator("header details.menu summary").click()
    page.get_by_role("button", name="退出登录").click()


def test_another_person_at_the_same_machine_sees_and_sends_nothing(
    page: Page, live_server: LiveServer
) -> None:
    sign_in(page, live_server.url, "wang")
    open_form(page, live_server.url)
    page.route("**/save/", lambda route: route.abort())
    field(page, "households").fill("5")
    says(page, re.compile("待发送 1 项"))
    Session.objects.all().delete()
    page.unroute("**/save/")
    page.goto(f"{live_server.url}/")
    sign_in(page, live_server.url, "li", at="/accounts/login/")
    open_form(page, live_server.url)
    expect(field(page, "households")).to_have_value("")
    says(page, "填写后自动保存")
    raw = page.evaluate(
        """async () => {
            const open = indexedDB.open("greenward-survey");
            const database = await new Promise(done => { open.onsuccess = () => done(open.result); });
            const all = name => new Promise(done => {
                const request = database.transaction(name).objectStore(name).getAll();
                request.onsuccess = () => done(request.result);
            });
            const owner = await all("owner");
            const changes = await all("changes");
            database.close();
            const texts = changes.map(one => new TextDecoder("latin1").decode(one.sealed.data));
            const readable = texts.some(text => text.includes("households"));
            return {owners: owner.length, waiting: changes.length, readable};
        }"""
    )
    assert (raw["owners"], raw["waiting"], raw["readable"]) == (1, 1, False)
    assert entries() == []
    field(page, "population").fill("9")
    field(page, "population").press("Tab")
    says(page, SAVED)
    assert [(entry.by.username, entry.values) for entry in Entry.objects.select_related("by")] == [
        ("li", {"population": 9})
    ]
    leave(page)
    page.wait_for_url(f"{live_server.url}/public/")
    with page.expect_response("**/save/"):  # from whichever page of the product comes first
        sign_in(page, live_server.url, "wang")
    open_form(page, live_server.url)
    expect(field(page, "households")).to_have_value("5")
    assert [
        (entry.by.username, entry.values) for entry in Entry.objects.order_by("id").select_related("by")
    ] == [
        ("li", {"population": 9}),
        ("wang", {"households": 5}),
    ]


@pytest.fixture
def restarted(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path
) -> Iterator[Callable[[], Page]]:
    """Return a function that starts the same person's browser anew, session cookies gone."""
    contexts: list[Any] = []

    def start() -> Page:
        if contexts:
            contexts.pop().close()
        context = browser_type.launch_persistent_context(
            str(tmp_path / "profile"), locale="zh-CN", **browser_type_launch_args
        )
        context.clear_cookies(name="sessionid")
        contexts.append(context)
        return context.pages[0]

    yield start
    for context in contexts:
        context.close()


def test_a_restart_of_the_browser_loses_nothing(
    restarted: Callable[[], Page], live_server: LiveServer
) -> None:
    fill_offline(restarted(), live_server.url)
    page = restarted()
    offline(page, on=True)
    page.goto(f"{live_server.url}{FORM}")
    expect(field(page, "households")).to_have_value("1,200", timeout=PATIENCE)
    offline(page, on=False)
    says(page, "请重新登录，已填内容仍在本机")
    page.get_by_role("link", name="重新登录").click()
    sign_in(page, live_server.url, "wang", at="")
    says(page, SAVED)
    assert entries() == [{"households": 1200, "population": 2600}]
