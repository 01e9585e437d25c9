"""Taking an import back: as a whole, until somebody builds on it; nothing is deleted."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.survey import actions
from greenward.survey.models import Case, Entry, ImportFile, Round
from greenward.survey.queries import form_of, values_frame, values_of
from greenward.survey.states import CaseState, ImportState, Way
from greenward.territories.models import Appointment, Place, PlaceVersion
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, SECOND, STREET, appoint, person

pytestmark = pytest.mark.django_db

HEAD = ("社区代码", "社区名称", "常住户数", "常住人口")
COMPOUNDS = [("社区代码", "小区名称", "楼栋数"), [COMMUNITY, "一号院", 3], [COMMUNITY, "二号院", 4]]


@pytest.fixture
def held() -> Round:
    return make.survey_round()


@pytest.fixture
def clerk(held: Round) -> User:
    made = person("clerk")
    appoint(made, "street_clerk", STREET)
    return made


def imported(held: Round, rows: Any, by: User | None = None, form: str = "community") -> ImportFile:
    content = make.workbook(rows)
    file = actions.preview_import(held, form, "台账.xlsx", content, by=by, at=make.AT)
    return actions.confirm_import(file, by=by, at=make.AT)


def known(held: Round, code: str, form: str = "community") -> dict[str, object]:
    values = values_of(Place.objects.get(code=code), form_of(held, form), make.TODAY)
    return {name: value.value for name, value in values.items()}


def framed(held: Round, code: str) -> dict[str, object]:
    rows = values_frame(form_of(held, "community"), make.TODAY, [Place.objects.get(code=code).pk])
    return {name: value for name, value in rows.row(0, named=True).items() if value is not None}


def test_what_held_before_holds_again_one_by_one_and_in_columns(held: Round, clerk: User) -> None:
    place = Place.objects.get(code=COMMUNITY)
    actions.record_values(held, "community", place, {"households": 7}, by=None, at=make.AT)
    file = imported(held, [HEAD, [COMMUNITY, None, 9, 20], [SECOND, None, 1, None]], clerk)
    assert known(held, COMMUNITY) == {"households": 9, "population": 20}
    undone = actions.undo_import(file, by=clerk, at=make.AT)
    assert (undone.state, undone.undone_by, undone.report["undone"]) == (ImportState.UNDONE, clerk, 2)
    assert (known(held, COMMUNITY), known(held, SECOND)) == ({"households": 7}, {})
    assert framed(held, COMMUNITY) == {"place_id": place.pk, "households": 7}
    assert [(e.way, e.values) for e in Entry.objects.filter(place=place).order_by("id")] == [
        (Way.FORM, {"households": 7}),
        (Way.WORKBOOK, {"households": 9, "population": 20}),
        (Way.UNDO, {"households": 7, "population": None}),
    ]
    assert AuditEntry.objects.filter(action="survey.undo_import").count() == 1


def test_the_same_file_goes_in_again_after_it_was_taken_back(held: Round, clerk: User) -> None:
    rows = [HEAD, [COMMUNITY, None, 9, 20]]
    actions.undo_import(imported(held, rows, clerk), by=clerk, at=make.AT)
    again = imported(held, rows, clerk)
    assert (again.report["written"], known(held, COMMUNITY)) == (1, {"households": 9, "population": 20})


def test_units_that_only_the_import_used_are_withdrawn_and_come_again(held: Round, clerk: User) -> None:
    file = imported(held, COMPOUNDS, clerk, "compound")
    kept = Place.objects.get(code=f"{COMMUNITY}-002")
    actions.record_values(held, "compound", kept, {"households": 3}, by=None, at=make.AT)
    assert file.report["made"] == 2
    done = actions.undo_import(file, by=clerk, at=make.AT)
    standing = PlaceVersion.objects.filter(place__level="compound", during__contains=make.TODAY)
    assert (done.report["withdrawn"], [one.place.code for one in standing]) == (1, [f"{COMMUNITY}-002"])
    again = imported(held, COMPOUNDS, clerk, "compound")
    assert again.report["made"] == 1
    codes = standing.order_by("place__code").values_list("place__code", "name")
    assert list(codes) == [(f"{COMMUNITY}-002", "二号院"), (f"{COMMUNITY}-003", "一号院")]


def test_a_later_value_of_another_source_stands_in_the_way_and_is_named(held: Round, clerk: User) -> None:
    file = imported(held, [HEAD, [COMMUNITY, None, 9, 20]], clerk)
    place = Place.objects.get(code=COMMUNITY)
    other = person("worker")
    appoint(other, "community_worker", COMMUNITY)
    actions.record_values(held, "community", place, {"population": 21}, by=other, at=make.AT)
    with pytest.raises(ConflictError, match=r"一里社区居委会.*worker"):
        actions.undo_import(file, by=clerk, at=make.AT)
    file.refresh_from_db()
    assert (file.state, known(held, COMMUNITY)) == (
        ImportState.CONFIRMED,
        {"households": 9, "population": 21},
    )


def test_later_values_of_other_fields_or_of_undone_imports_do_not(held: Round, clerk: User) -> None:
    first = imported(held, [HEAD, [COMMUNITY, None, 9, None]], clerk)
    place = Place.objects.get(code=COMMUNITY)
    actions.record_values(held, "community", place, {"population": 21}, by=None, at=make.AT)
    second = imported(held, [HEAD, [COMMUNITY, None, 10, None]], clerk)
    with pytest.raises(ConflictError, match="台账"):
        actions.undo_import(first, by=clerk, at=make.AT)
    actions.undo_import(second, by=clerk, at=make.AT)
    assert known(held, COMMUNITY) == {"households": 9, "population": 21}
    actions.undo_import(first, by=clerk, at=make.AT)
    assert known(held, COMMUNITY) == {"population": 21}
    assert framed(held, COMMUNITY) == {"place_id": place.pk, "population": 21}


@pytest.mark.parametrize("state", [CaseState.SUBMITTED, CaseState.CHECKED, CaseState.ACCEPTED])
def test_a_community_on_its_way_up_stands_in_the_way(held: Round, clerk: User, state: CaseState) -> None:
    file = imported(held, [HEAD, [COMMUNITY, None, 9, 20]], clerk)
    place = Place.objects.get(code=COMMUNITY)
    Case.objects.create(round=held, place=place, state=state, moved_at=make.AT)
    with pytest.raises(ConflictError, match="已经提交"):
        actions.undo_import(file, by=clerk, at=make.AT)
    assert known(held, COMMUNITY) == {"households": 9, "population": 20}


def test_a_closed_round_somebody_elses_file_and_a_second_time_are_refused(held: Round, clerk: User) -> None:
    file = imported(held, [HEAD, [COMMUNITY, None, 9, 20]], clerk)
    with pytest.raises(ConflictError, match="别人"):
        actions.undo_import(file, by=person("neighbour"), at=make.AT)
    actions.undo_import(file, by=clerk, at=make.AT)
    with pytest.raises(ConflictError, match="已撤回"):
        actions.undo_import(file, by=clerk, at=make.AT)
    second = imported(held, [HEAD, [COMMUNITY, None, 9, 20]], clerk)
    actions.close_round(held, by=None, at=make.AT)
    with pytest.raises(ConflictError, match="关闭"):
        actions.undo_import(second, by=clerk, at=make.AT)
    assert known(held, COMMUNITY) == {"households": 9, "population": 20}


def test_who_may_survey_there_no_longer_takes_nothing_back(held: Round, clerk: User) -> None:
    file = imported(held, [HEAD, [COMMUNITY, None, 9, 20]], clerk)
    Appointment.objects.filter(user=clerk).delete()
    with pytest.raises(NotAllowedError):
        actions.undo_import(file, by=User.objects.get(pk=clerk.pk), at=make.AT)
    assert known(held, COMMUNITY) == {"households": 9, "population": 20}


def test_the_number_of_queries_does_not_grow_with_the_rows(held: Round) -> None:
    counts = []
    for number in (1, 2):
        rows = [[code, None, number, 5] for code in (COMMUNITY, SECOND)[:number]]
        file = imported(held, [HEAD, *rows])
        with CaptureQueriesContext(connection) as captured:
            actions.undo_import(file, by=None, at=make.AT)
        counts.append(len(captured))
    assert counts[0] == counts[1]
