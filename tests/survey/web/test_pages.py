"""The survey's pages: what each shows, what a POST does, strangers get 404, query counts stay flat."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from greenward.core import clock
from greenward.survey import actions
from greenward.survey.models import Entry, ImportFile, Round
from greenward.survey.states import ImportState
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    SECOND,
    STREET,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db

FORM = f"/survey/r2022/{COMMUNITY}/"


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def browser(role: str | None = "street_clerk", place: str = STREET) -> Client:
    user = person(f"{role}-{place}")
    if role:
        appoint(user, role, place)
    return signed_in(user)


def upload(client: Client, rows: Any, form: str = "community") -> Any:
    file = SimpleUploadedFile("台账.xlsx", make.workbook(rows))
    return client.post("/survey/r2022/imports/", {"form": form, "file": file}, follow=True)


ROWS = [["社区代码", "常住户数"], [COMMUNITY, 5], [SECOND, "x"]]


def test_who_is_not_signed_in_is_sent_to_sign_in(held: Round) -> None:
    assert Client().get("/survey/").status_code == 302


def test_rounds_show_coverage_of_ones_own_reach(held: Round) -> None:
    make.fill(held, COMMUNITY)
    page = browser().get("/survey/").content.decode()
    assert "摸底 r2022" in page
    assert "1/2" in page


def test_coverage_lists_what_is_below_and_what_is_missing(held: Round) -> None:
    make.fill(held, COMMUNITY)
    client = browser("district_lead", DISTRICT)
    page = client.get("/survey/r2022/")
    assert [row.covered.place.place.code for row in page.context["rows"]] == [STREET, "990101002000"]
    assert [line.code for line in page.context["lines"]] == [SECOND, OTHER_COMMUNITY]
    lines = client.get(f"/survey/r2022/coverage.csv?place={STREET}").content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[:3] for line in lines[1:]] == [
        [COMMUNITY, "一里社区居委会", "已摸底"],
        [SECOND, "二里社区居委会", "未摸底"],
    ]


@pytest.mark.parametrize(
    "address",
    [
        f"/survey/r2022/?place={DISTRICT}",
        f"/survey/r2022/{OTHER_COMMUNITY}/",
        f"/survey/r2022/coverage.csv?place={CITY}",
        f"/survey/r2022/template.xlsx?place={CITY}",
        "/survey/nothing/",
    ],
)
def test_beyond_the_reach_is_404(held: Round, address: str) -> None:
    assert browser().get(address).status_code == 404


def test_a_stranger_sees_no_place(held: Round) -> None:
    client = browser(None)
    assert [client.get(address).status_code for address in ("/survey/r2022/", FORM)] == [404, 404]


def test_the_template_downloads(held: Round) -> None:
    answer = browser().get(f"/survey/r2022/template.xlsx?form=compound&place={STREET}")
    assert (answer.status_code, answer.content[:2]) == (200, b"PK")


def test_an_upload_is_previewed_confirmed_and_shown(held: Round) -> None:
    client = browser()
    page = upload(client, ROWS)
    text = page.content.decode()
    assert "1 行可导入，1 行有问题" in text
    assert "不是数字" in text
    assert "只导入无误行" in text
    assert not Entry.objects.exists()
    number = ImportFile.objects.get().pk
    done = client.post(f"/survey/r2022/imports/{number}/confirm/", {"only_valid": "1"}, follow=True)
    assert "已写入 1 条记录" in done.content.decode()
    assert Entry.objects.get().values == {"households": 5}
    second = client.post(f"/survey/r2022/imports/{number}/confirm/", follow=True)
    assert "不能再次确认" in second.content.decode()
    assert Entry.objects.count() == 1


def test_changed_rows_say_old_and_new(held: Round) -> None:
    place = Place.objects.get(code=COMMUNITY)
    actions.record_values(held, "community", place, {"households": 4}, by=None, at=make.AT)
    client = browser()
    page = upload(client, ROWS[:2]).content.decode()
    assert "常住户数：4户 → 5户" in page
    assert "全部导入" in page
    mixed = [*ROWS[:1], [COMMUNITY, 9], [COMMUNITY, 8]]
    assert [row["changes"] != [] for row in upload(client, mixed).context["rows"]] == [True, False]


def test_a_stale_preview_is_shown_anew(held: Round) -> None:
    client = browser()
    upload(client, ROWS[:2])
    number = ImportFile.objects.get().pk
    place = Place.objects.get(code=COMMUNITY)
    actions.record_values(held, "community", place, {"households": 4}, by=None, at=clock.now())
    page = client.post(f"/survey/r2022/imports/{number}/confirm/", follow=True).content.decode()
    assert "预览之后数据有了变化" in page
    assert "4户 → 5户" in page
    client.post(f"/survey/r2022/imports/{number}/confirm/")
    assert Entry.objects.latest("id").values == {"households": 5}


def test_a_workbook_can_be_given_up(held: Round) -> None:
    client = browser()
    upload(client, ROWS)
    file = ImportFile.objects.get()
    client.post(f"/survey/r2022/imports/{file.pk}/discard/")
    file.refresh_from_db()
    assert (file.state, Entry.objects.count()) == (ImportState.DISCARDED, 0)


def test_nobody_sees_or_confirms_anothers_workbook(held: Round) -> None:
    upload(browser(), ROWS)
    number = ImportFile.objects.get().pk
    other = browser("district_lead", DISTRICT)
    assert other.get(f"/survey/r2022/imports/{number}/").status_code == 404
    assert other.post(f"/survey/r2022/imports/{number}/confirm/", {"only_valid": "1"}).status_code == 404
    assert not Entry.objects.exists()


def test_a_file_that_is_no_workbook_is_refused_where_it_was_sent(held: Round) -> None:
    file = SimpleUploadedFile("a.xlsx", b"<html>")
    page = browser().post("/survey/r2022/imports/", {"form": "community", "file": file}, follow=True)
    assert [str(one) for one in page.context["messages"]] != []
    assert not ImportFile.objects.exists()


@pytest.mark.parametrize("address", ["/survey/", "/survey/r2022/", FORM])
def test_pages_ask_as_often_with_more_rows(held: Round, address: str) -> None:
    client = browser("city_lead", CITY)
    make.fill(held, OTHER_COMMUNITY)
    client.get(address)
    counts = []
    for code in (COMMUNITY, SECOND):
        make.fill(held, code)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_a_preview_names_contradictions_and_doubts_by_their_message(held: Round) -> None:
    head = ["社区代码", "常住户数", "常住人口", "60岁及以上人口"]
    page = upload(browser(), [head, [COMMUNITY, 9, 5, None], [SECOND, 1, 5, 6]])
    assert [(group.title, group.count) for group in page.context["groups"]] == [
        ("60岁及以上人口多于常住人口", 1)
    ]
    assert [(group.title, group.count) for group in page.context["warnings"]] == [("常住人口少于常住户数", 1)]
    assert "请核对（不影响导入）" in page.content.decode()
