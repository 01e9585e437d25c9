"""Evidence: what daily work has is used first, a photo is filed once, and one used again is asked about."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from pytest_django import Settings

from greenward.evidence.actions import file_record, keep_file
from greenward.evidence.models import Answer, File, Use
from greenward.survey.actions.attachments import WORK
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.pictures import changes, jpeg, scene
from tests.factories.territories import COMMUNITY, DISTRICT, SECOND, STREET
from tests.journeys.visits import official, press, visit_of, words

DAY = make.TODAY + timedelta(days=5)
PAGE, NEXT_DOOR = f"/evidence/{COMMUNITY}/", f"/evidence/{SECOND}/"


@pytest.fixture(autouse=True)
def city(transactional_db: None, settings: Settings) -> None:
    """Make two communities; the survey of one came with a list of those who were trained."""
    settings.GREENWARD_TODAY = DAY
    cache.clear()
    make.survey_round()
    official("worker", "community_worker", COMMUNITY)
    official("neighbour", "community_worker", SECOND)
    official("clerk", "street_clerk", STREET)
    official("district", "district_lead", DISTRICT)
    kept = keep_file("培训签到.pdf", b"%PDF-1.7\n1 0 obj\n%%EOF\n", by=None, at=make.AT)
    place = Place.objects.get(code=COMMUNITY)
    file_record(kept.digest, place, by=None, at=make.AT, source=WORK, note="培训签到", observed_on=make.TODAY)


def hand_in(visit: Any, name: str, content: bytes, item: str, *, status: int = 302) -> str:
    """Hand a picture in for an item, check what comes, return the page's words."""
    form = visit.page.locator("form.hand-in")
    form.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": content}
    )
    form.locator("select[name=item]").select_option(item)
    visit.expected = {status}
    form.get_by_role("button", name="上传并归档").click()
    visit.check()
    return words(visit.page)


@pytest.mark.parametrize("width", [1440, 390])
def test_from_the_photo_to_the_question(page_at: Callable[[int], Any], width: int) -> None:
    worker, neighbour, clerk = (visit_of(page_at, width, name) for name in ("worker", "neighbour", "clerk"))

    assert "日常工作中已有的" in words(worker.open(PAGE))
    worker.page.get_by_text("用作材料").click()
    worker.page.get_by_label("用于哪一项").first.select_option("15")
    assert "已归档：培训签到.pdf" in press(worker, "归档")
    assert Use.objects.get(item="15").file == File.objects.get()

    assert "已归档：宣传栏.jpg" in hand_in(worker, "宣传栏.jpg", jpeg(scene(5)), "14")
    told = hand_in(worker, "宣传栏.pdf", jpeg(scene(5)), "14", status=422)
    assert "扩展名与内容不符" in told

    neighbour.open(NEXT_DOOR)
    assert "已归档" in hand_in(neighbour, "我们的.jpg", changes()["cut and mirrored"](scene(5)), "14")

    clerk.open(PAGE)
    assert "待核对的疑问 1" in words(clerk.page)
    clerk.follow("待核对的疑问 1")
    assert "左右翻转后约" in words(clerk.page)
    assert "只提出疑问，不下结论" in words(clerk.page)
    clerk.page.get_by_role("textbox").fill("两社区共用一处宣传栏，已到现场看过")
    assert "两社区共用一处宣传栏" in press(clerk, "记录核对情况")
    assert Answer.objects.get().by.username == "clerk"


def test_a_stranger_sees_nothing_of_it(page_at: Callable[[int], Any]) -> None:
    neighbour = visit_of(page_at, 1440, "neighbour")
    neighbour.open(PAGE, status=404)
    neighbour.open(f"{PAGE}questions/", status=404)
