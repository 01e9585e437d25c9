"""A workbook with faults in a browser: corrected, confirmed, taken back; at a desk and on a phone."""

from collections.abc import Callable
from pathlib import Path

import fastexcel
import pytest
import xlsxwriter
from playwright.sync_api import Page
from pytest_django import Settings

from greenward.survey.models import Entry, ImportFile
from greenward.survey.states import ImportState
from tests.journeys.demonstration import COMMUNITY, NEIGHBOUR, OTHER_STREET, STREET, stand_up

ROUND = "/survey/baseline-2022/"
HEADINGS = ["社区代码", "社区名称", "户口本上有几家", "公共活动场所数", "占压生命通道处数"]


@pytest.fixture(autouse=True)
def demonstration(transactional_db: None, settings: Settings) -> None:
    stand_up(settings)


def workbook(folder: Path) -> Path:
    """Write a ledger with a column that nobody knows, a cell that is no number, and a code of nobody."""
    path = folder / "街道台账.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("台账")
        sheet.write(0, 0, "街道摸底台账")
        rows = [
            HEADINGS,
            [COMMUNITY, None, 1311, "两三处", 0],
            [NEIGHBOUR, None, 1200, 3, 0],
            ["110108999999", None, 5, 1, 0],
        ]
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                if cell is not None:
                    sheet.write(number, column, cell)
    return path


def uploaded(visit: object, path: Path) -> Page:
    page = visit.open(f"{ROUND}?place={STREET}")
    page.get_by_label("文件（.xlsx、.xls、.ods、.csv）").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    visit.check()
    return page


def text_of(page: Page) -> str:
    return page.get_by_role("main").inner_text()


@pytest.mark.parametrize("width", [390, 1440])
def test_a_faulty_ledger_is_corrected_imported_and_taken_back(
    page_at: Callable, tmp_path: Path, width: int
) -> None:
    visit = page_at(width).sign_in("street")
    page = uploaded(visit, workbook(tmp_path))
    assert "1 行可导入，2 行有问题" in text_of(page)
    assert page.get_by_role("button", name="全部导入").is_disabled()
    assert page.locator("td.is-wrong").first.get_attribute("title")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0

    page.get_by_label("户口本上有几家").select_option("households")
    page.get_by_role("button", name="保存对应并重新比对").click()
    visit.check()
    assert "按您的选择" in text_of(page)

    with page.expect_download() as coming:
        page.get_by_role("link", name="下载标注后的原表").click()
    marked = fastexcel.read_excel(coming.value.path().read_bytes())
    assert marked.sheet_names == ["台账", "问题清单"]

    page.get_by_role("button", name="只导入无误行").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    visit.check()
    assert "已写入 1 条记录" in text_of(page)
    file = ImportFile.objects.latest("pk")
    assert (file.state, Entry.objects.filter(file=file).count()) == (ImportState.CONFIRMED, 1)

    page.get_by_text("撤回这次导入").click()
    page.get_by_role("button", name="整体撤回").click()
    visit.check()
    assert "1 条记录恢复为导入之前的值" in text_of(page)

    second = uploaded(visit, workbook(tmp_path))
    assert "按上次的对应" in text_of(second)


def test_the_neighbour_and_the_stranger_get_nothing(page_at: Callable, tmp_path: Path) -> None:
    visit = page_at(1440).sign_in("street")
    address = uploaded(visit, workbook(tmp_path)).url.removeprefix(visit.address)
    pinggu = page_at(1440).sign_in("pinggu")
    for path in (address, f"{address}marked.xlsx", f"{address}problems/?kind=not_a_number"):
        pinggu.open(path, status=404)
    pinggu.open(f"{ROUND}template.xlsx?form=all&place={OTHER_STREET}", status=404)
    stranger = page_at(1440)
    stranger.open(address)
    assert "/accounts/login/" in stranger.page.url
