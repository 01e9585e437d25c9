import re
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from greenward.core import clock
from greenward.packs import actions
from tests.factories.accounts import make_user, signed_in
from tests.factories.packs import copy_of_beijing, install_beijing, install_former_beijing, spoil

pytestmark = pytest.mark.django_db

TABS = ["", "clauses/", "standard/", "dictionary/", "forms/", "changes/"]
EDITION = "/packs/beijing-2021/2021.3/"


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


def rows(page: str) -> list[str]:
    return re.findall(r'<tr id="([a-z-]+-[a-z0-9_]+)">', page)


def test_the_dictionary_shows_each_field_once_with_who_holds_asks_and_needs_it(client: Client) -> None:
    install_beijing()
    page = client.get(EDITION + "dictionary/").content.decode()
    assert (len(rows(page)), len(set(rows(page)))) == (167, 167)
    row = page[page.index('id="compound-services-property_kind"') :]
    row = row[: row.index("</tr>")]
    for text in (
        "物业类型",
        "市住房城乡建设委",
        "12 个月",
        "内部",
        "小区摸底表",
        "必填",
        "12 物业管理覆盖",
        "单位自管",
    ):
        assert text in row


@pytest.mark.parametrize(
    "asked, found",
    [
        ("?q=适老化改造户数", ["accessibility-age_friendly_homes"]),
        ("?q=PROPERTY_KIND", ["compound-services-property_kind"]),
        ("?q=古树 编号", ["old-trees-number"]),
        ("?q=households&level=building", ["buildings-households"]),
        ("?q=市教委", ["culture-schools"]),
    ],
)
def test_the_dictionary_is_searched_by_name_code_alias_and_holder(
    client: Client, asked: str, found: list[str]
) -> None:
    install_beijing()
    assert rows(client.get(f"{EDITION}dictionary/{asked}").content.decode()) == found


def test_the_dictionary_says_which_change_is_looked_at_again_and_what_numbers_are_divided_by(
    client: Client,
) -> None:
    install_beijing()
    page = client.get(EDITION + "dictionary/?q=population_65").content.decode()
    assert "变化超过 20% 时复核" in page
    assert "比较时除以 population" in page


def test_a_level_keeps_its_fields_and_an_unknown_one_keeps_all(client: Client) -> None:
    install_beijing()
    assert len(rows(client.get(EDITION + "dictionary/?level=building").content.decode())) == 11
    assert len(rows(client.get(EDITION + "dictionary/?level=moon").content.decode())) == 167


def test_no_find_says_what_to_do(client: Client) -> None:
    install_beijing()
    page = client.get(EDITION + "dictionary/?q=<b>nothing</b>").content.decode()
    assert "没有符合条件的字段" in page
    assert "<b>nothing" not in page


def test_an_edition_without_a_dictionary_shows_the_fields_of_its_forms(client: Client) -> None:
    install_former_beijing()
    page = client.get("/packs/beijing-2021/2021.1/dictionary/").content.decode()
    assert len(rows(page)) == 55
    assert 'id="compound-services-property_kind"' in page


def test_forms_tell_conditions_and_checks(client: Client) -> None:
    install_beijing()
    page = client.get(EDITION + "forms/").content.decode()
    assert "works_took_place" in page[page.index('id="field-community-green_products_used"') :][:400]
    assert "绿化覆盖率低于绿地率" in page
    assert "各小区户数之和与社区常住户数相差过大" in page[page.index('id="cross-checks"') :]


def test_a_new_edition_shows_what_it_changed(client: Client, tmp_path: Path) -> None:
    install_beijing()
    copy = copy_of_beijing(tmp_path)
    spoil(copy, "pack.yaml", 'edition: "2021.3"', 'edition: "2021.4"')
    spoil(copy, "parameters.yaml", "value: 90", "value: 60")
    actions.install(copy, by=None, at=clock.now())
    page = client.get("/packs/beijing-2021/2021.4/changes/").content.decode()
    assert "parameters/post_interval_days/value" in page


def test_the_list_costs_the_same_with_more_editions(client: Client, tmp_path: Path) -> None:
    install_beijing()
    client.get("/packs/")
    with CaptureQueriesContext(connection) as one:
        client.get("/packs/")
    copy = copy_of_beijing(tmp_path)
    for number in range(4, 7):
        spoil(copy, "pack.yaml", f'edition: "2021.{number - 1}"', f'edition: "2021.{number}"')
        actions.install(copy, by=None, at=clock.now())
    with CaptureQueriesContext(connection) as four:
        client.get("/packs/")
    assert len(four) == len(one)
