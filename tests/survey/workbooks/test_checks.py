"""A workbook's rows against the form's checks: errors reject a row, warnings do not, unknown is neither."""

from typing import Any

import pytest

from greenward.core.errors import InvalidInputError
from greenward.survey import actions
from greenward.survey.models import Entry, ImportFile, Round
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, OTHER_COMMUNITY, SECOND

pytestmark = pytest.mark.django_db

HEAD = ("社区代码", "常住户数", "常住人口", "60岁及以上人口")


@pytest.fixture
def held() -> Round:
    return make.survey_round()


def preview(held: Round, *rows: Any, head: Any = HEAD, form: str = "community") -> ImportFile:
    content = make.workbook([head, *rows])
    return actions.preview_import(held, form, "台账.xlsx", content, by=None, at=make.AT)


def told(problems: list[dict[str, Any]]) -> list[tuple[int, str, str, str]]:
    return [(p["row"], p["column"], p["value"], p["code"]) for p in problems]


def test_a_row_that_contradicts_itself_is_rejected_with_its_numbers(held: Round) -> None:
    file = preview(held, [COMMUNITY, 1, 5, 6], [SECOND, 1, 6, 6])
    assert file.report["problems"] == [
        {
            "sheet": "社区",
            "row": 2,
            "column": "C",
            "value": "5",
            "code": "older-residents",
            "message": "60岁及以上人口多于常住人口（常住人口 5人、60岁及以上人口 6人）",
        }
    ]
    assert file.report["outcomes"] == {"rejected": 1, "new": 1}
    with pytest.raises(InvalidInputError):
        actions.confirm_import(file, by=None, at=make.AT)
    assert not Entry.objects.exists()
    actions.confirm_import(file, by=None, at=make.AT, only_valid=True)
    assert Entry.objects.get().place.code == SECOND


def test_a_warning_is_listed_and_the_row_goes_in(held: Round) -> None:
    file = preview(held, [COMMUNITY, 9, 5, None], [SECOND, 5, 5, None])
    assert told(file.report["warnings"]) == [(2, "B", "9", "people-and-households")]
    assert (file.report["warning_counts"], file.report["problems"]) == ({"people-and-households": 1}, [])
    actions.confirm_import(file, by=None, at=make.AT)
    assert Entry.objects.count() == 2


def test_what_is_known_counts_where_the_workbook_is_silent(held: Round) -> None:
    place = Place.objects.get(code=COMMUNITY)
    actions.record_values(held, "community", place, {"population": 5}, by=None, at=make.AT)
    rows = ([COMMUNITY, 6], [SECOND, 6])
    file = preview(held, *rows, head=("社区代码", "60岁及以上人口"))
    assert told(file.report["problems"]) == [(2, "B", "6", "older-residents")]
    blank = preview(held, [COMMUNITY, None, None, 6])
    assert told(blank.report["problems"]) == [(2, "C", "5", "older-residents")]


def test_what_is_unknown_or_unreadable_contradicts_nothing(held: Round) -> None:
    place = Place.objects.get(code=COMMUNITY)
    actions.record_values(held, "community", place, {"population": 5}, by=None, at=make.AT)
    file = preview(
        held, [COMMUNITY, None, "许多", 6], [SECOND, None, "未知", 6], [OTHER_COMMUNITY, 1, None, 6]
    )
    assert told(file.report["problems"]) == [(2, "C", "许多", "not_a_number")]


def test_a_row_that_writes_nothing_new_is_left_alone(held: Round) -> None:
    place = Place.objects.get(code=COMMUNITY)
    kept = {"population": 5, "population_60": 6}  # as an older edition without the check left it
    Entry.objects.create(round=held, form="community", place=place, values=kept, at=make.AT)
    file = preview(held, [COMMUNITY, 3, 5, 6])
    assert (file.report["problems"], file.report["outcomes"]) == ([], {"new": 1})


def test_new_compounds_are_held_against_their_own_checks(held: Round) -> None:
    head = ("社区代码", "小区名称", "机动车位数", "其中充电车位数", "竣工年")
    rows = ([COMMUNITY, "一号院", 3, 4, 1998], [COMMUNITY, "二号院", 4, 4, 2023])
    file = preview(held, *rows, head=head, form="compound")
    assert [problem["code"] for problem in file.report["problems"]] == [
        "charging-within-parking",
        "built-in-the-past",
    ]
