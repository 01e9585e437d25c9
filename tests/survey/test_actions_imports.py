"""Importing workbooks: all or nothing, repeatable, within reach, never over somebody's newer value."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError
from greenward.survey import actions
from greenward.survey.models import Entry, ImportFile, Round
from greenward.survey.queries import form_of, values_of
from greenward.survey.states import ImportState
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.territories import (
    COMMUNITY,
    OTHER_COMMUNITY,
    SECOND,
    STREET,
    VILLAGE,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db

HEAD = ("社区代码", "社区名称", "常住户数（户）*", "常住人口", "供水")


@pytest.fixture
def held() -> Round:
    return make.survey_round()


@pytest.fixture
def clerk(held: Round) -> User:
    made = person("clerk")
    appoint(made, "street_clerk", STREET)
    return made


def preview(
    held: Round, rows: Any, by: User | None = None, form: str = "community", **more: Any
) -> ImportFile:
    content = make.workbook(rows, **more)
    return actions.preview_import(held, form, "台账.xlsx", content, by=by, at=make.AT)


def known(held: Round, code: str, form: str = "community") -> dict[str, object]:
    values = values_of(Place.objects.get(code=code), form_of(held, form), make.TODAY)
    return {name: value.value for name, value in values.items()}


def problems(file: ImportFile) -> list[tuple[int, str, str, str]]:
    return [(p["row"], p["column"], p["value"], p["code"]) for p in file.report["problems"]]


def test_a_preview_says_what_will_happen_and_changes_nothing(held: Round, clerk: User) -> None:
    file = preview(
        held, [HEAD, [COMMUNITY, None, 1200, 3000, "良好"], [SECOND, None, "没有", None, None]], clerk
    )
    assert (file.report["rows"], file.report["accepted"], file.report["rejected"]) == (2, 1, 1)
    assert problems(file) == [(3, "C", "没有", "not_a_number")]
    assert not Entry.objects.exists()


def test_a_confirmed_import_keeps_file_sheet_and_row(held: Round, clerk: User) -> None:
    file = preview(held, [HEAD, [COMMUNITY, None, 1200, 3000, "良好"]], clerk, sheet="一季度")
    actions.confirm_import(file, by=clerk, at=make.AT)
    assert known(held, COMMUNITY) == {"households": 1200, "population": 3000, "water_supply": "good"}
    value = values_of(Place.objects.get(code=COMMUNITY), form_of(held, "community"), make.TODAY)["households"]
    assert value.source == "表格“台账.xlsx”一季度 第2行"
    assert (value.entry.by, value.entry.file_id) == (clerk, file.pk)


def test_the_same_file_again_changes_nothing(held: Round) -> None:
    rows = [HEAD, [COMMUNITY, None, 1200, 3000.0, "良好"], [SECOND, None, 5, None, None]]
    for written in (2, 0):
        file = actions.confirm_import(preview(held, rows), by=None, at=make.AT)
        assert file.report["written"] == written
    assert file.report["outcomes"] == {"unchanged": 2}
    assert Entry.objects.count() == 2


def test_only_changed_values_are_kept(held: Round) -> None:
    actions.confirm_import(preview(held, [HEAD, [COMMUNITY, None, 1, 2, None]]), by=None, at=make.AT)
    file = preview(held, [HEAD, [COMMUNITY, None, 1, 3, None]])
    actions.confirm_import(file, by=None, at=make.AT)
    newest = Entry.objects.latest("id")
    assert (newest.values, file.report["outcomes"]) == ({"population": 3}, {"changed": 1})


def test_a_blank_cell_leaves_what_is_known(held: Round) -> None:
    actions.confirm_import(preview(held, [HEAD, [COMMUNITY, None, 1, 2, None]]), by=None, at=make.AT)
    actions.confirm_import(preview(held, [HEAD, [COMMUNITY, None, None, 3, "不详"]]), by=None, at=make.AT)
    assert known(held, COMMUNITY) == {"households": 1, "population": 3}


def test_problems_stop_everything_unless_only_the_sound_rows_are_asked(held: Round) -> None:
    rows = [HEAD, [COMMUNITY, None, 1, None, None], [SECOND, None, -1, 7, None]]
    file = preview(held, rows)
    with pytest.raises(InvalidInputError):
        actions.confirm_import(file, by=None, at=make.AT)
    assert not Entry.objects.exists()
    actions.confirm_import(file, by=None, at=make.AT, only_valid=True)
    assert (known(held, COMMUNITY), known(held, SECOND)) == ({"households": 1}, {})
    file.refresh_from_db()
    assert (file.report["only_valid"], file.report["rejected"]) == (True, 1)


def test_rows_beyond_the_reach_are_not_found(held: Round, clerk: User) -> None:
    rows = [HEAD, [OTHER_COMMUNITY, None, 1, None, None], [VILLAGE, None, 1, None, None]]
    file = preview(held, rows, clerk)
    assert [problem[3] for problem in problems(file)] == ["community_not_found", "community_not_found"]
    actions.confirm_import(file, by=clerk, at=make.AT, only_valid=True)
    assert not Entry.objects.exists()


def test_who_may_not_survey_imports_nothing(held: Round) -> None:
    auditor = person("auditor")
    appoint(auditor, "auditor", STREET)
    with pytest.raises(NotAllowedError):
        preview(held, [HEAD, [COMMUNITY, None, 1, None, None]], auditor)
    assert not ImportFile.objects.exists()


def test_a_name_that_two_communities_bear_is_never_guessed(held: Round, clerk: User) -> None:
    rows = [("街道", *HEAD[1:3]), [None, "一里社区", 1], ["西街街道", "一里", 2], [None, "二里社区居委会", 3]]
    file = preview(held, rows)
    assert problems(file) == [(2, "", "一里社区", "community_ambiguous")]
    actions.confirm_import(file, by=None, at=make.AT, only_valid=True)
    assert known(held, OTHER_COMMUNITY) == {"households": 2}
    assert known(held, SECOND) == {"households": 3}
    assert preview(held, rows, clerk).report["problem_counts"] == {"community_not_found": 1}


def test_code_and_name_must_agree_and_a_row_comes_once(held: Round) -> None:
    rows = [HEAD, [COMMUNITY, "二里社区", 1], [COMMUNITY, "一里", 1], [COMMUNITY, None, 2], [None, None, 3]]
    assert problems(preview(held, rows)) == [
        (2, "", f"{COMMUNITY} 二里社区", "code_and_name_differ"),
        (4, "", COMMUNITY, "row_twice"),
        (5, "", "", "community_missing"),
    ]


def test_the_second_to_confirm_gets_a_clear_answer(held: Round) -> None:
    file = preview(held, [HEAD, [COMMUNITY, None, 1]])
    actions.confirm_import(file, by=None, at=make.AT)
    with pytest.raises(ConflictError, match="已导入"):
        actions.confirm_import(file, by=None, at=make.AT)
    assert Entry.objects.count() == 1


def test_a_stale_preview_must_be_looked_at_again(held: Round) -> None:
    file = preview(held, [HEAD, [COMMUNITY, None, 1]])
    place = Place.objects.get(code=COMMUNITY)
    actions.record_values(held, "community", place, {"households": 2}, by=None, at=make.AT)
    with pytest.raises(actions.StalePreviewError):
        actions.confirm_import(file, by=None, at=make.AT)
    assert known(held, COMMUNITY) == {"households": 2}
    again = actions.preview_again(file, by=None, at=make.AT)
    assert again.report["outcomes"] == {"changed": 1}
    actions.confirm_import(again, by=None, at=make.AT)
    assert known(held, COMMUNITY) == {"households": 1}


def test_a_discarded_file_is_gone(held: Round) -> None:
    file = actions.discard_import(preview(held, [HEAD, [COMMUNITY, None, 1]]), by=None, at=make.AT)
    assert (file.state, bytes(file.content)) == (ImportState.DISCARDED, b"")
    with pytest.raises(ConflictError):
        actions.confirm_import(file, by=None, at=make.AT)


@pytest.mark.parametrize("act", [actions.confirm_import, actions.preview_again, actions.discard_import])
def test_a_preview_belongs_to_who_uploaded_it(held: Round, act: Any) -> None:
    file = preview(held, [HEAD, [COMMUNITY, None, 1]])
    with pytest.raises(ConflictError, match="别人"):
        act(file, by=User.objects.create_user("neighbour"), at=make.AT)
    file.refresh_from_db()
    assert (file.state, Entry.objects.count()) == (ImportState.PREVIEWED, 0)


def test_compounds_are_made_and_found_again(held: Round) -> None:
    rows = [
        ("社区代码", "小区名称", "楼栋数"),
        [COMMUNITY, "一号院", 3],
        [COMMUNITY, "二号院", 4],
        [SECOND, "一号院", 5],
        [COMMUNITY, None, 6],
        [COMMUNITY, "一号院", 7],
    ]
    file = preview(held, rows, form="compound")
    assert [problem[3] for problem in problems(file)] == ["compound_name_missing", "row_twice"]
    actions.confirm_import(file, by=None, at=make.AT, only_valid=True)
    assert known(held, f"{COMMUNITY}-002", "compound") == {"name": "二号院", "buildings": 4}
    again = actions.confirm_import(preview(held, rows[:4], form="compound"), by=None, at=make.AT)
    assert again.report["written"] == 0
    assert Place.objects.filter(level="compound").count() == 3


def test_a_failing_row_leaves_nothing(held: Round) -> None:
    file = preview(held, [("社区代码", "小区名称", "楼栋数"), [COMMUNITY, "一号院", 3]], form="compound")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE survey_entry ADD CONSTRAINT never CHECK (form <> 'compound')")
    from django.db import transaction

    with pytest.raises(DatabaseError), transaction.atomic():
        actions.confirm_import(file, by=None, at=make.AT)
    file.refresh_from_db()
    assert (file.state, Entry.objects.count()) == (ImportState.PREVIEWED, 0)
    assert not Place.objects.filter(level="compound").exists()


def test_text_with_quotes_and_lines_arrives_as_written(held: Round) -> None:
    text = '一号"院"\\甲,\n乙（东）'
    rows = [("社区代码", "小区名称", "楼栋数"), [COMMUNITY, text, 3]]
    actions.confirm_import(preview(held, rows, form="compound"), by=None, at=make.AT)
    assert known(held, f"{COMMUNITY}-001", "compound")["name"] == text


def test_values_are_read_as_people_write_them(held: Round) -> None:
    form = form_of(held, "community")
    day = next(field for field in form.fields if field.type == "date")
    yes = [field for field in form.fields if field.type == "bool"][:5]
    head = ["社区代码", "常住户数", "社区面积", str(day.label), *(str(field.label) for field in yes)]
    rows = [
        ["某某街道摸底表"],
        ["填报单位：某某街道"],
        head,
        [f" {COMMUNITY} ", "１，２００", "1,234.0平方米", "2021年9月30日", "√", "是", "有", "×", "无"],
        [SECOND, "12 户", 5, date(2021, 9, 30), "否", None, "1", "0", "未知"],
        ["合计", 1212, 1239],
        ["注：本表由社区填写"],
    ]
    file = preview(held, rows)
    assert file.report["problems"] == []
    actions.confirm_import(file, by=None, at=make.AT)
    names = [field.id for field in yes]
    assert known(held, COMMUNITY) == {
        "households": 1200,
        "land_area_m2": 1234.0,
        day.id: date(2021, 9, 30),
        **dict(zip(names, [True, True, True, False, False], strict=True)),
    }
    assert known(held, SECOND) == {
        "households": 12,
        "land_area_m2": 5.0,
        day.id: date(2021, 9, 30),
        **dict(zip([names[0], *names[2:4]], [False, True, False], strict=True)),
    }
    assert any("第 6、7 行" in note for note in file.report["notes"])


def test_an_import_is_one_state_for_all_rows(held: Round, django_assert_num_queries: Any) -> None:
    """The number of queries is the same for one row and for three."""
    codes = [COMMUNITY, SECOND, OTHER_COMMUNITY]
    counts = []
    from django.test.utils import CaptureQueriesContext

    for number in (1, 3):
        file = preview(held, [HEAD, *([code, None, number] for code in codes[:number])])
        with CaptureQueriesContext(connection) as captured:
            actions.confirm_import(file, by=None, at=make.AT + timedelta(minutes=number))
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_importing_at_once_does_the_same(held: Round) -> None:
    content = make.workbook([HEAD, [COMMUNITY, None, 1], [SECOND, None, "x", 2]])
    with pytest.raises(InvalidInputError):
        actions.import_workbook(held, "community", "a.xlsx", content, by=None, at=make.AT)
    assert not Entry.objects.exists()
    file = actions.import_workbook(held, "community", "a.xlsx", content, by=None, at=make.AT, only_valid=True)
    assert (file.state, file.report["written"], known(held, SECOND)) == (ImportState.CONFIRMED, 1, {})
