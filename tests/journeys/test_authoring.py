"""A standard from a workbook to a published edition: two people, one wrong sum, one threshold raised."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from greenward.packs import queries as packs
from greenward.packs.drafting import splicing
from greenward.packs.drafting.written import texts_of
from greenward.packs.models import InstalledPack
from greenward.packs.workbook.writing import workbook_of
from tests.factories import programmes
from tests.factories.assessment import ALL_MET, told_facts
from tests.factories.survey import TODAY
from tests.factories.territories import CITY, COMMUNITY, SECOND, TOWN_COMMUNITY, place_tree
from tests.journeys.visits import official, press, visit_of, words


@pytest.fixture(autouse=True)
def city(transactional_db: None, settings: Settings) -> Iterator[InstalledPack]:
    """Make three communities that meet everything, two of them with a third of their compounds managed."""
    settings.GREENWARD_TODAY = TODAY
    cache.clear()
    with told_facts() as facts:
        places, held = place_tree(), programmes.programme()
        for code, managed in ((COMMUNITY, 3), (SECOND, 9), (TOWN_COMMUNITY, 3)):
            facts.tell(places[code], **{**ALL_MET, "compounds_total": 9, "compounds_managed": managed})
        official("city", "city_lead", CITY)
        official("second", "city_lead", CITY)
        yield held.pack
    cache.clear()


def filled_in(edition: InstalledPack) -> bytes:
    """Return the edition's workbook as an official sends it back: with a subtotal that nothing adds up to."""
    texts = texts_of(packs.pack(edition))
    stated = splicing.set_key(texts["standard.yaml"], "standard.yaml", ("areas", 0, "points"), 9)
    return workbook_of({**texts, "standard.yaml": stated})


@pytest.mark.parametrize("width", [1440, 390])
def test_from_the_workbook_to_the_edition(
    page_at: Callable[[int], Any], city: InstalledPack, tmp_path: Path, width: int
) -> None:
    book = tmp_path / "标准.xlsx"
    book.write_bytes(filled_in(city))
    author, second = (visit_of(page_at, width, name) for name in ("city", "second"))

    page = author.open("/packs/drafts/")
    panel = page.get_by_role("region", name="从工作簿开始")
    panel.get_by_label("草稿名称").fill("物业覆盖提高到35%")
    panel.get_by_label("工作簿（.xlsx）").set_input_files(book)
    told = press(author, "读入工作簿")
    assert "领域!F2" in told
    assert "这里写的是 9 分，各行合计 0 分" in told
    draft = page.url.removeprefix(author.address)

    page.get_by_label("按各行（或本行的分值）").check()
    page.get_by_label("理由（中文）").fill("本标准不计分，小计误填")
    page.get_by_label("理由（英文）").fill("The standard gives no points; the subtotal is a slip")
    assert "检查没有发现问题" in press(author, "记下理解")

    author.open(f"{draft}items/")
    author.open(f"{draft}items/12.1/").get_by_label("门槛").fill("35%")
    press(author, "保存")
    assert "另有" in words(author.open(draft))
    editor = author.open(f"{draft}files/cases/all-met.yaml/")
    text = editor.get_by_label("内容（YAML）")
    text.fill(text.input_value().replace("compounds_managed: 3", "compounds_managed: 4"))
    editor.wait_for_selector("#problem-list:has-text('检查没有发现问题')")
    press(author, "保存")

    effect = words(author.open(f"{draft}effect/"))
    assert "一里社区居委会" in effect
    assert "河畔社区居委会" in effect
    assert "二里社区居委会" not in effect
    author.follow("河畔社区居委会")
    assert "（有变化）" in words(page)
    assert "35" in words(author.open(f"{draft}changes/"))

    author.open(draft)
    assert "须由另一位有权安装方案包的同事发布或退回" in press(author, "提交复核")
    assert page.get_by_role("button", name="发布为新版次").count() == 0

    second.open(draft)
    told = press(second, "发布为新版次")
    assert "还没有施行" in told
    edition = InstalledPack.objects.latest("pk")
    assert edition.installed_by is not None
    assert edition.installed_by.username == "second"
    assert [one.place for one in packs.changes_since_previous(edition)][
        -1
    ] == "cases/all-met/facts/compounds_managed"
    second.open(f"/packs/{edition.pack_id}/{edition.edition}/effect/")
    second.open(f"/packs/{edition.pack_id}/{edition.edition}/changes/")
