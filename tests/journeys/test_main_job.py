"""The main job: a clerk imports a workbook, district and city see the figures move, a stranger does not."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Page
from pytest_django import Settings

from greenward.core import audit
from tests.journeys.demonstration import CITY, COMMUNITY, HAIDIAN, PINGGU, STREET, stand_up

ROUND = "/survey/baseline-2022/"
FIXED = {
    "有规划师、设计师或工程师联系社区": "√",
    "近12个月专业人员进社区次数": "３",  # full-width, as an input method leaves it
    "开展了海绵化改造和建设": "有",
    "公共活动场所数": "2处",
    "占压生命通道处数": 0,
}
PATH = (
    "/", f"/dashboard/{CITY}/", f"/dashboard/{HAIDIAN}/", f"/dashboard/{STREET}/", "/communities/",
    f"/communities/{COMMUNITY}/", f"/communities/{COMMUNITY}/?tab=survey",
    f"/communities/{COMMUNITY}/?tab=assessment", f"/communities/{COMMUNITY}/?tab=history",
    f"/assessment/{COMMUNITY}/", f"/places/{COMMUNITY}/", "/definitions/both/", "/people/", "/packs/",
    "/survey/", ROUND, f"{ROUND}{COMMUNITY}/", "/audit/", "/public/",
)  # fmt: skip


@pytest.fixture(autouse=True)
def demonstration(transactional_db: None, settings: Settings) -> None:
    stand_up(settings)


def workbook(folder: Path, *rows: list[object]) -> Path:
    """Write a workbook as a street would: a title above the table, a note below."""
    path = folder / "厂洼补正.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("补正")
        sheet.write(0, 0, "紫竹院街道摸底补正表")
        for number, row in enumerate([["社区代码", "社区名称", *FIXED], *rows], 2):
            sheet.write_row(number, 0, row)
    return path


def meeting_of(page: Page) -> tuple[int, int]:
    """Return how many communities take part and meet, and the denominator, as the dashboard says."""
    found = re.search(r"(\d+) / (\d+) 个社区", page.get_by_role("main").inner_text())
    assert found
    return int(found[1]), int(found[2])


def upload(visit: object, path: Path) -> Page:
    page = visit.open(f"{ROUND}?place={STREET}")
    page.get_by_label("文件（.xlsx、.xls、.ods、.csv）").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    visit.check()
    return page


def test_clerk_imports_and_every_level_sees_it(page_at: Callable, tmp_path: Path) -> None:
    city, haidian, pinggu, clerk = (page_at(1440) for _ in range(4))
    for visit, account in ((city, "city"), (haidian, "haidian"), (pinggu, "pinggu"), (clerk, "street")):
        visit.sign_in(account)
    before = {
        code: meeting_of(visit.open(f"/dashboard/{code}/"))
        for visit, code in ((city, CITY), (haidian, HAIDIAN), (pinggu, PINGGU), (clerk, STREET))
    }
    assert clerk.open(f"/assessment/{COMMUNITY}/").get_by_text("未达标").first.is_visible()

    page = upload(clerk, workbook(tmp_path, [COMMUNITY, "厂洼第二社区", *FIXED.values()]))
    assert "1 行可导入，0 行有问题。" in page.get_by_role("main").inner_text()
    preview = page.url
    page.get_by_role("button", name="全部导入").click()
    clerk.check()
    assert "已写入 1 条记录" in page.get_by_role("main").inner_text()

    for visit, code, gained in (
        (city, CITY, 1),
        (haidian, HAIDIAN, 1),
        (pinggu, PINGGU, 0),
        (clerk, STREET, 1),
    ):
        meeting, denominator = before[code]
        assert meeting_of(visit.open(f"/dashboard/{code}/")) == (meeting + gained, denominator)
    explained = clerk.open(f"/assessment/{COMMUNITY}/").get_by_role("main")
    for basis in explained.get_by_text("个条件都符合，看依据").all():
        basis.click()
    assert "厂洼补正.xlsx" in explained.inner_text()
    assert "厂洼第二社区" in haidian.open("/").get_by_role("main").inner_text()
    pinggu.open(preview.removeprefix(pinggu.address), status=404)
    pinggu.open(f"/assessment/{COMMUNITY}/", status=404)
    assert audit.verify() == []


def test_a_workbook_with_faults_says_where_and_changes_nothing(page_at: Callable, tmp_path: Path) -> None:
    visit = page_at(1440).sign_in("street")
    before = meeting_of(visit.open(f"/dashboard/{STREET}/"))
    wrong = dict(FIXED, 占压生命通道处数="两三处")
    page = upload(
        visit,
        workbook(
            tmp_path,
            [COMMUNITY, "厂洼第二社区", *wrong.values()],
            ["110117001001", "别区的社区", *FIXED.values()],
        ),
    )
    text = page.get_by_role("main").inner_text()
    assert "0 行可导入，2 行有问题。" in text
    assert "两三处" in text
    page.get_by_role("button", name="放弃").click()
    visit.check()
    assert meeting_of(visit.open(f"/dashboard/{STREET}/")) == before


@pytest.mark.parametrize("width,language", [(390, "zh-hans"), (1440, "en")])
def test_pages_of_the_path_are_sound(page_at: Callable, width: int, language: str) -> None:
    visit = page_at(width).sign_in("city")
    if language == "en":
        visit.open("/public/")
        visit.follow("English", role="button")
    for address in PATH:
        page = visit.open(address)
        assert page.locator("html").get_attribute("lang") == language
