import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from greenward.core import clock
from greenward.packs import actions
from tests.factories.accounts import make_user, signed_in
from tests.factories.packs import copy_of_beijing, install_beijing, spoil

pytestmark = pytest.mark.django_db

TABS = ["", "clauses/", "standard/", "forms/", "changes/"]
EDITION = "/packs/beijing-2021/2021.2/"


@pytest.fixture
def client() -> Client:
    return signed_in(make_user())


@pytest.mark.parametrize("address", ["/packs/", *(EDITION + tab for tab in TABS)])
def test_strangers_are_asked_to_sign_in(address: str) -> None:
    install_beijing()
    response = Client().get(address)
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_opens_and_says_that_the_wording_is_not_verified(client: Client, tab: str) -> None:
    install_beijing()
    response = client.get(EDITION + tab)
    assert response.status_code == 200
    assert "文本待核" in response.content.decode()


def test_what_is_not_installed_is_not_found(client: Client) -> None:
    assert client.get("/packs/beijing-2021/2099.1/").status_code == 404


def test_no_edition_says_how_to_begin(client: Client) -> None:
    assert "greenward pack install" in client.get("/packs/").content.decode()


def test_each_clause_is_an_anchor_and_each_link_to_a_clause_leads_to_one(client: Client) -> None:
    install_beijing()
    anchors = set(
        re.findall(r'<section[^>]* id="([0-9.]+)"', client.get(EDITION + "clauses/").content.decode())
    )
    linked: set[str] = set()
    for tab in ["", "standard/"]:
        linked |= set(re.findall(r'/clauses/#([0-9.]+)"', client.get(EDITION + tab).content.decode()))
    assert len(anchors) == 29
    assert linked - anchors == set()
    assert {"1.2", "3.2.2", "4.5", "2.5"} <= linked


def test_the_overview_tells_both_readings_of_a_quarter(client: Client) -> None:
    install_beijing()
    page = client.get(EDITION).content.decode()
    assert page.count("不低于 25%") == 2
    assert "每处 2–3 个试点" in page
    assert "每年 11 月 10 日之前" in page


def test_the_standard_shows_rule_facts_and_departments_of_an_item(client: Client) -> None:
    install_beijing()
    page = client.get(EDITION + "standard/").content.decode()
    item = page[page.index('id="item-12"') : page.index('id="area-culture"')]
    assert "ratio(compounds_managed, compounds_total) &gt;= 0.30" in item
    assert "有物业管理的小区数" in item
    assert "市住房城乡建设委" in item
    assert "（文本待核）" in item


def test_a_question_says_which_item_needs_it(client: Client) -> None:
    install_beijing()
    page = client.get(EDITION + "forms/").content.decode()
    row = page[page.index('id="field-compound-property_kind"') :]
    assert "12 物业管理覆盖" in row[: row.index("</tr>")]


def test_a_new_edition_shows_what_it_changed(client: Client, tmp_path: Path) -> None:
    install_beijing()
    copy = copy_of_beijing(tmp_path)
    spoil(copy, "pack.yaml", 'edition: "2021.2"', 'edition: "2021.3"')
    spoil(copy, "parameters.yaml", "value: 90", "value: 60")
    actions.install(copy, by=None, at=clock.now())
    page = client.get("/packs/beijing-2021/2021.3/changes/").content.decode()
    assert "parameters/post_interval_days/value" in page


def test_the_list_costs_the_same_with_more_editions(client: Client, tmp_path: Path) -> None:
    install_beijing()
    client.get("/packs/")
    with CaptureQueriesContext(connection) as one:
        client.get("/packs/")
    copy = copy_of_beijing(tmp_path)
    for number in range(3, 6):
        spoil(copy, "pack.yaml", f'edition: "2021.{number - 1}"', f'edition: "2021.{number}"')
        actions.install(copy, by=None, at=clock.now())
    with CaptureQueriesContext(connection) as four:
        client.get("/packs/")
    assert len(four) == len(one)
