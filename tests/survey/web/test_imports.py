"""A workbook's page: the sheet beside its problems, remembered corrections, the marked copy, undo."""

import io
from typing import Any

import fastexcel
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from greenward.survey.models import Entry, HeadingMeaning, ImportFile, Round
from greenward.survey.states import ImportState
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.accounts import signed_in
from tests.factories.territories import (
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_STREET,
    SECOND,
    STREET,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def browser(role: str = "street_clerk", place: str = STREET, name: str = "") -> Client:
    user = person(name or f"{role}-{place}")
    appoint(user, role, place)
    return signed_in(user)


def upload(client: Client, rows: Any, form: str = "community", **more: Any) -> ImportFile:
    file = SimpleUploadedFile("台账.xlsx", make.workbook(rows, **more))
    client.post("/survey/r2022/imports/", {"form": form, "file": file})
    return ImportFile.objects.latest("pk")


def address(file: ImportFile, act: str = "") -> str:
    return f"/survey/r2022/imports/{file.pk}/{act}"


def page(client: Client, file: ImportFile, query: str = "") -> str:
    return client.get(address(file) + query).content.decode()


def test_the_sheet_stands_as_it_came_with_its_problems_marked(held: Round) -> None:
    client = browser()
    rows = [["2022年台账"], ["社区代码", "常住户数", "备忘"], [COMMUNITY, "x", "甲"], ["123", 4, "乙"]]
    text = page(client, upload(client, rows))
    assert "0 行可导入，2 行有问题" in text
    for part in (
        "2022年台账",
        'class="is-wrong" title="常住户数：应填数字',
        'id="row-4" class="is-wrong"',
        "常住户数</small>",
    ):
        assert part in text
    assert "不认识" in text


def test_a_correction_is_remembered_for_the_office_and_that_form_alone(held: Round) -> None:
    client = browser()
    rows = [["社区代码", "户口本上有几家", "常住人口"], [COMMUNITY, 12, 30]]
    file = upload(client, rows)
    columns = file.report["columns"]
    place = [one["letter"] for one in columns].index("B")
    done = client.post(address(file, "columns/"), {f"column-{place}": "households", "column-0": "#code"})
    assert done.status_code == 302
    file.refresh_from_db()
    assert file.report["columns"][place]["meaning"] == "households"
    client.post(address(file, "confirm/"))
    assert Entry.objects.get().values == {"households": 12, "population": 30}
    assert list(HeadingMeaning.objects.values_list("form", "meaning")) == [("community", "households")]
    colleague = person("colleague")
    appoint(colleague, "street_clerk", STREET)
    second = upload(signed_in(colleague), [*rows[:1], [SECOND, 5, 6]])
    assert "按上次的对应" in page(signed_in(colleague), second)
    assert second.report["columns"][place]["meaning"] == "households"
    stranger = browser("street_clerk", OTHER_STREET)
    third = upload(stranger, [*rows[:1], [OTHER_COMMUNITY, 5, 6]])
    assert third.report["columns"][place]["meaning"] == ""


def test_a_column_may_be_left_aside_and_nonsense_is_refused(held: Round) -> None:
    client = browser()
    file = upload(client, [["社区代码", "常住户数", "常住人口"], [COMMUNITY, 12, 30]])
    client.post(address(file, "columns/"), {"column-2": ""})
    file.refresh_from_db()
    assert [one["meaning"] for one in file.report["columns"]] == ["#code", "households", ""]
    refused = client.post(address(file, "columns/"), {"column-2": "no_such_field"}, follow=True)
    assert "表中没有这一项" in refused.content.decode()
    client.post(address(file, "confirm/"))
    assert Entry.objects.get().values == {"households": 12}


def test_an_ambiguous_name_is_asked_and_the_answer_holds_for_this_file(held: Round) -> None:
    client = browser("district_lead", DISTRICT)
    rows = [["社区名称", "常住户数"], ["一里社区", 12], ["二里社区", 5]]
    file = upload(client, rows)
    text = page(client, file)
    assert "1 行可导入，1 行有问题，1 个社区名称需确认" in text
    assert f'value="{OTHER_COMMUNITY}"' in text
    client.post(address(file, "communities/"), {"community-0": OTHER_COMMUNITY})
    file.refresh_from_db()
    assert (file.report["accepted"], file.places) == (2, {"一里社区": OTHER_COMMUNITY})
    client.post(address(file, "confirm/"))
    assert Entry.objects.get(place=Place.objects.get(code=OTHER_COMMUNITY)).values == {"households": 12}
    assert upload(client, rows).report["rejected"] == 1


def test_a_choice_beyond_the_reach_finds_nothing(held: Round) -> None:
    client = browser()
    file = upload(client, [["社区名称", "常住户数"], ["八里社区", 12]])
    client.post(address(file, "communities/"), {"community-0": OTHER_COMMUNITY})
    file.refresh_from_db()
    assert (file.report["accepted"], file.report["problem_counts"]) == (0, {"community_not_found": 1})


def test_a_reason_for_a_group_of_warnings_travels_into_each_entry(held: Round) -> None:
    client = browser()
    file = upload(client, [["社区代码", "常住户数", "常住人口"], [COMMUNITY, 9, 5], [SECOND, 5, 9]])
    assert file.report["warning_counts"] == {"people-and-households": 1}
    client.post(address(file, "reasons/"), {"check": "people-and-households", "reason": "空置房多"})
    assert 'value="空置房多"' in page(client, file)
    client.post(address(file, "confirm/"))
    reasons = dict(Entry.objects.values_list("place__code", "reasons"))
    assert reasons == {COMMUNITY: {"people-and-households": "空置房多"}, SECOND: {}}


def test_the_marked_copy_comes_back_with_marks_and_a_list(held: Round) -> None:
    client = browser()
    file = upload(client, [["社区代码", "常住户数"], [COMMUNITY, "x"], ["123", 4]])
    answer = client.get(address(file, "marked.xlsx"))
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    reader = fastexcel.read_excel(answer.content)
    assert reader.sheet_names == ["社区", "问题清单"]
    listed = reader.load_sheet("问题清单", header_row=None, skip_rows=0, dtypes="string").to_polars().rows()
    assert [row[:4] for row in listed] == [
        ("工作表", "单元格", "类别", "值"),
        ("社区", "B2", "问题", "x"),
        ("社区", "A3", "问题", "123"),
    ]
    client.post(address(file, "discard/"))
    assert client.get(address(file)).status_code == 200


def test_undo_is_said_on_the_page_and_what_stands_in_the_way_too(held: Round) -> None:
    client = browser()
    file = upload(client, [["社区代码", "常住户数"], [COMMUNITY, 5]])
    client.post(address(file, "confirm/"))
    assert "整体撤回" in page(client, file)
    done = client.post(address(file, "undo/"), follow=True).content.decode()
    assert "1 条记录恢复为导入之前的值" in done
    file.refresh_from_db()
    assert file.state == ImportState.UNDONE
    again = client.post(address(file, "undo/"), follow=True).content.decode()
    assert "没有可撤回的数据" in again


@pytest.mark.parametrize(
    "act",
    ["", "problems/?kind=x", "marked.xlsx", "columns/", "communities/", "reasons/", "undo/", "confirm/"],
)
def test_a_neighbour_gets_nothing_of_it(held: Round, act: str) -> None:
    file = upload(browser(), [["社区代码", "常住户数"], [COMMUNITY, 5]])
    neighbour = browser("street_clerk", OTHER_STREET)
    reading = act in {"", "marked.xlsx"} or act.startswith("problems")
    answer = neighbour.get(address(file, act)) if reading else neighbour.post(address(file, act))
    file.refresh_from_db()
    assert (answer.status_code, file.state, Entry.objects.count()) == (404, ImportState.PREVIEWED, 0)


def test_ten_thousand_problems_make_no_slow_or_long_page(held: Round) -> None:
    client = browser()
    small = upload(client, [["社区代码", "常住户数"], [COMMUNITY, "x"]])
    large = upload(client, [["社区代码", "常住户数"], *([f"9{n}", f"x{n}"] for n in range(10_000))])
    assert large.report["problem_counts"] == {"not_a_number": 10_000, "community_not_found": 10_000}
    counts, sizes = [], []
    for file in (small, large):
        with CaptureQueriesContext(connection) as captured:
            text = page(client, file)
        counts.append(len(captured))
        sizes.append(len(text))
    assert counts[0] == counts[1]
    assert sizes[1] < sizes[0] + 120_000
    listed = client.get(address(large, "problems/?kind=not_a_number&page=100"))
    assert "B10001" in listed.content.decode()
    assert "x" in page(client, large, "?sheet=社区&from=9990")


def test_every_form_at_once_is_an_own_choice(held: Round) -> None:
    client = browser()
    answer = client.get("/survey/r2022/template.xlsx?form=all")
    assert answer.status_code == 200
    assert len(fastexcel.read_excel(answer.content).sheet_names) > 5
    file = SimpleUploadedFile("全部.xlsx", io.BytesIO(answer.content).read())
    done = client.post("/survey/r2022/imports/", {"form": "all", "file": file}, follow=True)
    assert done.status_code == 200
    assert ImportFile.objects.get().form == ""
