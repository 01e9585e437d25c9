"""Pages of rounds: coverage with its list, burden, planning, dates and closing; who sees and may what."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext

from greenward.survey import actions
from greenward.survey.models import Round
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.programmes import programme
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    SECOND,
    STREET,
    appoint,
    person,
    place_tree,
)

pytestmark = pytest.mark.django_db

COVERAGE, BURDEN, PLAN = "/survey/r2022/", "/survey/r2022/burden/", "/survey/plan/"
PLANNED = {
    "title": "秋季摸底", "code": "autumn", "reference_on": "2022-09-30", "opens_on": "2022-07-01",
    "closes_on": "2022-08-31", "forms": ["community", "compound"], "asks": "expired",
}  # fmt: skip
DATES = {
    "opens_on": "2022-06-01", "closes_on": "2022-07-31", "reason": "汛期",
    "seen_opens_on": "2022-06-01", "seen_closes_on": "2022-06-30",
}  # fmt: skip


@pytest.fixture(autouse=True)
def on_the_day() -> Any:
    with override_settings(GREENWARD_TODAY=make.TODAY):
        yield


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def browser(role: str = "city_lead", place: str = CITY) -> Client:
    user = person(f"{role}-{place}")
    appoint(user, role, place)
    return signed_in(user)


def codes(page: Any) -> list[str]:
    return [line.code for line in page.context["lines"]]


def test_the_list_is_filtered_searched_sorted_and_exported_as_shown(held: Round) -> None:
    make.fill(held, COMMUNITY)
    place = Place.objects.get(code=SECOND)
    actions.record_values(held, "community", place, {"population": 5}, by=None, at=make.AT)
    client = browser("district_lead", DISTRICT)
    assert codes(client.get(COVERAGE)) == [SECOND, OTHER_COMMUNITY]
    assert codes(client.get(COVERAGE, {"show": "started"})) == [SECOND]
    assert codes(client.get(COVERAGE, {"show": "all", "q": "二里"})) == [SECOND]
    assert codes(client.get(COVERAGE, {"show": "all", "sort": "-place"})) == [
        OTHER_COMMUNITY,
        SECOND,
        COMMUNITY,
    ]
    lines = (
        client.get("/survey/r2022/coverage.csv", {"show": "started"}).content.decode("utf-8-sig").splitlines()
    )
    assert [line.split(",")[0] for line in lines[1:]] == [SECOND]


def test_states_stand_as_word_and_sign_with_counts(held: Round) -> None:
    make.fill(held, COMMUNITY)
    page = browser("street_clerk", STREET).get(f"{COVERAGE}?show=all").content.decode()
    for text in ("✓ 已摸底 1", "○ 未摸底 1", "待街道核对 0", "每个社区要问（中位数）", "没有上一轮可比"):
        assert text in page


def test_an_empty_list_says_why(held: Round) -> None:
    make.fill(held, COMMUNITY)
    client = browser("street_clerk", STREET)
    assert "没有符合条件的社区" in client.get(f"{COVERAGE}?q=没有这个").content.decode()
    make.fill(held, SECOND)
    assert "没有缺的社区，全部已摸底" in client.get(COVERAGE).content.decode()


def test_the_burden_is_shown_by_place_and_community(held: Round) -> None:
    page = browser("district_lead", DISTRICT).get(BURDEN)
    assert [row.place.place.code for row in page.context["rows"]] == [STREET, "990101002000"]
    asked = {line.asked for line in page.context["lines"]}
    assert page.context["meter"].own.asked == 3 * asked.pop()
    lines = (
        browser("street_clerk", STREET)
        .get("/survey/r2022/burden.csv")
        .content.decode("utf-8-sig")
        .splitlines()
    )
    assert len(lines) == 3


def test_without_rounds_the_page_says_how_to_begin() -> None:
    place_tree()
    programme()
    page = browser().get("/survey/").content.decode()
    assert "筹划第一轮" in page
    assert "由市级牵头单位开设" in browser("street_clerk", STREET).get("/survey/").content.decode()


def test_a_round_is_planned_then_opened(held: Round) -> None:
    client = browser()
    assert "计算负担" in client.get(PLAN).content.decode()
    page = client.get(PLAN, PLANNED)
    found = page.context["estimate"]
    assert (found.communities, found.whole.cost > 0, Round.objects.count()) == (4, True, 1)
    assert "掌握，建议先由部门提供" in page.content.decode()
    answer = client.post(PLAN, PLANNED)
    assert (answer.status_code, answer["Location"]) == (302, "/survey/autumn/")
    made = Round.objects.get(code="autumn")
    assert (made.title, made.forms, made.closes_on) == (
        "秋季摸底",
        ["community", "compound"],
        date(2022, 8, 31),
    )


@pytest.mark.parametrize(
    "changes, field",
    [
        ({"code": "r2022"}, "code"),
        ({"closes_on": "2022-06-30"}, "closes_on"),
        ({"opens_on": "2022-06-01", "closes_on": "2022-06-14"}, "closes_on"),
        ({"forms": []}, "forms"),
        ({"forms": ["compound"]}, "forms"),
        ({"reference_on": "x"}, "reference_on"),
    ],
)
def test_what_is_wrong_with_a_plan_stands_at_its_field(
    held: Round, changes: dict[str, Any], field: str
) -> None:
    page = browser().post(PLAN, {**PLANNED, **changes})
    assert (page.status_code, field in page.context["form"].errors, Round.objects.count()) == (422, True, 1)


@pytest.mark.parametrize("role, place, status", [("district_lead", DISTRICT, 404), ("auditor", CITY, 403)])
def test_others_neither_plan_nor_run_rounds(held: Round, role: str, place: str, status: int) -> None:
    client = browser(role, place)
    assert client.get(PLAN).status_code == status
    assert client.post(PLAN, PLANNED).status_code == status
    assert client.post("/survey/r2022/dates/", DATES).status_code == status
    assert client.post("/survey/r2022/close/", {"confirmed": "1"}).status_code == status
    held.refresh_from_db()
    assert (Round.objects.count(), held.closed_at, held.closes_on) == (1, None, date(2022, 6, 30))
    assert "管理本轮" not in client.get(COVERAGE).content.decode()


def test_dates_move_with_a_reason(held: Round) -> None:
    client = browser()
    assert "管理本轮" in client.get(COVERAGE).content.decode()
    refused = client.post("/survey/r2022/dates/", {**DATES, "reason": ""}, follow=True)
    assert "理由" in refused.content.decode()
    assert (
        "日期已改为 2022-06-01 至 2022-07-31"
        in client.post("/survey/r2022/dates/", DATES, follow=True).content.decode()
    )
    assert "别人刚把日期改为" in client.post("/survey/r2022/dates/", DATES, follow=True).content.decode()
    held.refresh_from_db()
    assert held.closes_on == date(2022, 7, 31)


def test_closing_wants_a_confirmation_and_happens_once(held: Round) -> None:
    client = browser()
    assert "没有关闭" in client.post("/survey/r2022/close/", follow=True).content.decode()
    held.refresh_from_db()
    assert held.closed_at is None
    page = client.post("/survey/r2022/close/", {"confirmed": "1"}, follow=True).content.decode()
    assert ("已关闭“摸底 r2022”" in page, "管理本轮" in page) == (True, False)
    again = client.post("/survey/r2022/close/", {"confirmed": "1"}, follow=True).content.decode()
    assert "不再接收数据" in again


@pytest.mark.parametrize("address", [COVERAGE, BURDEN, "/survey/"])
def test_query_counts_do_not_grow(held: Round, address: str) -> None:
    client = browser()
    client.get(address)
    counts = []
    for code in (COMMUNITY, SECOND, OTHER_COMMUNITY):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured))
        make.fill(held, code)
    assert len(set(counts)) == 1
