"""Submissions: exactly once by their number, with reasons, conditions, days, files; nothing of strangers'."""

import threading
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection

from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.evidence.actions import keep_file
from greenward.survey import actions
from greenward.survey.answers.checks import ContradictionError
from greenward.survey.models import Entry, Round
from greenward.survey.queries import form_of, values_of
from greenward.survey.states import Way
from greenward.territories.models import Place
from tests.evidence.conftest import png
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, OTHER_STREET, SECOND, STREET, appoint, person

pytestmark = pytest.mark.django_db
NUMBER = UUID("11111111-2222-4333-8444-555555555555")


@pytest.fixture
def held() -> Round:
    return make.survey_round()


@pytest.fixture
def community(held: Round) -> Place:
    return Place.objects.get(code=COMMUNITY)


def known(held: Round, place: Place) -> dict[str, object]:
    form = form_of(held, "community")
    return {name: value.value for name, value in values_of(place, form, make.TODAY).items()}


def record(held: Round, place: Place, values: Mapping[str, object], **more: object) -> Entry | None:
    options = {"by": None, "at": make.AT, **more}
    return actions.record_values(held, "community", place, values, **options)  # type: ignore[arg-type]


def refused(caught: pytest.ExceptionInfo[GreenwardError]) -> dict[str, str]:
    fields = caught.value.data["fields"]
    assert isinstance(fields, dict)
    return {name: problem["code"] for name, problem in fields.items()}


def test_the_same_number_is_the_same_entry(held: Round, community: Place) -> None:
    first = record(held, community, {"households": 10}, request=NUMBER)
    before = AuditEntry.objects.count()
    record(held, community, {"households": 11})
    again = record(held, community, {"households": 10}, request=NUMBER)
    assert (again, known(held, community)) == (first, {"households": 11})
    assert (Entry.objects.count(), AuditEntry.objects.count()) == (2, before + 1)


def test_the_same_number_answers_after_the_round_closed(held: Round, community: Place) -> None:
    first = record(held, community, {"households": 10}, request=NUMBER)
    actions.close_round(held, by=None, at=make.AT)
    assert record(held, community, {"households": 10}, request=NUMBER) == first
    with pytest.raises(ConflictError):
        record(held, community, {"households": 11}, request=uuid4())


def test_a_number_under_which_nothing_was_new_does_nothing_again(held: Round, community: Place) -> None:
    record(held, community, {"households": 10})
    assert [record(held, community, {"households": 10}, request=NUMBER) for _ in range(2)] == [None, None]
    assert Entry.objects.count() == 1


def test_a_number_of_other_content_or_person_is_refused(held: Round, community: Place) -> None:
    clerk = person("clerk")
    appoint(clerk, "street_clerk", STREET)
    record(held, community, {"households": 10}, request=NUMBER)
    for values, by in (({"households": 11}, None), ({"population": 10}, None), ({"households": 10}, clerk)):
        with pytest.raises(ConflictError) as caught:
            record(held, community, values, request=NUMBER, by=by)
        assert caught.value.data == {"reason": "request_reused"}
    assert (Entry.objects.count(), known(held, community)) == (1, {"households": 10})


def test_a_number_used_elsewhere_tells_nothing_of_it(held: Round, community: Place) -> None:
    record(held, community, {"households": 10}, request=NUMBER)
    with pytest.raises(ConflictError) as caught:
        record(held, Place.objects.get(code=SECOND), {"households": 9}, request=NUMBER)
    assert caught.value.data == {"reason": "request_reused"}
    assert "10" not in str(caught.value)
    assert Entry.objects.count() == 1


def test_a_stranger_with_the_number_gets_nothing(held: Round, community: Place) -> None:
    record(held, community, {"households": 10}, request=NUMBER)
    stranger = person("neighbour")
    appoint(stranger, "street_clerk", OTHER_STREET)
    with pytest.raises(NotAllowedError):
        record(held, community, {"households": 10}, request=NUMBER, by=stranger)


def test_reasons_are_kept_beside_values_and_alone(held: Round, community: Place) -> None:
    strange = {"households": 9, "population": 5}
    reasons = {"people-and-households": " 多为空置户 "}
    first = record(held, community, strange)
    second = record(held, community, strange, reasons=reasons)
    third = record(held, community, strange, reasons=reasons)
    assert first is not None
    assert second is not None
    assert (first.reasons, second.values, second.reasons, third) == (
        {},
        {},
        {"people-and-households": "多为空置户"},
        None,
    )
    changed = record(held, community, {"population": 6}, reasons=reasons)
    assert changed is not None
    assert (changed.values, changed.reasons) == ({"population": 6}, second.reasons)


@pytest.mark.parametrize(
    "reasons,code",
    [
        ({"people-and-households": " "}, "reason_length"),
        ({"people-and-households": "长" * 501}, "reason_length"),
        ({"没有": "x"}, "unknown_check"),
    ],
)
def test_reasons_out_of_shape_are_refused(
    held: Round, community: Place, reasons: dict[str, str], code: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        record(held, community, {"households": 1}, reasons=reasons)
    assert set(refused(caught).values()) == {code}
    assert not Entry.objects.exists()


def test_way_origin_and_day_stand_in_the_entry(held: Round, community: Place) -> None:
    day = date(2022, 3, 1)
    entry = record(held, community, {"households": 1}, way=Way.RECORD, origin="议事厅", observed_on=day)
    assert entry is not None
    assert (entry.way, entry.origin, entry.observed_on) == (Way.RECORD, "议事厅", day)
    value = values_of(community, form_of(held, "community"), make.TODAY)["households"]
    assert (value.true_on, value.source) == (day, "议事厅（日常工作记录）")


@pytest.mark.parametrize("day", [date(2022, 6, 16), date(1899, 12, 31)])
def test_a_day_to_come_is_refused(held: Round, community: Place, day: date) -> None:
    with pytest.raises(InvalidInputError):
        record(held, community, {"households": 1}, observed_on=day)
    assert not Entry.objects.exists()


def test_an_expired_value_of_this_round_is_confirmed_anew(held: Round, community: Place) -> None:
    record(held, community, {"households": 1}, observed_on=date(2020, 1, 1))
    again = record(held, community, {"households": 1}, observed_on=date(2020, 1, 1))
    fresh = record(held, community, {"households": 1})
    assert (again, fresh and fresh.values) == (None, {"households": 1})


def test_what_does_not_apply_is_refused(held: Round, community: Place) -> None:
    with pytest.raises(InvalidInputError) as caught:
        record(held, community, {"heritage_present": False, "old_trees_total": 3})
    assert refused(caught) == {"old_trees_total": "not_applicable"}
    assert not Entry.objects.exists()
    record(held, community, {"old_trees_total": 3})  # nobody knows whether it applies
    assert known(held, community) == {"old_trees_total": 3}


def test_a_condition_that_fails_later_leaves_what_was_said(held: Round, community: Place) -> None:
    record(held, community, {"heritage_present": True, "old_trees_total": 3})
    again = record(held, community, {"heritage_present": False, "old_trees_total": 3})
    assert again is not None
    assert again.values == {"heritage_present": False}
    with pytest.raises(InvalidInputError):
        record(held, community, {"old_trees_total": 4})
    record(held, community, {"old_trees_total": None})
    assert known(held, community) == {"heritage_present": False}


def test_what_does_not_apply_takes_no_part_in_checks(held: Round, community: Place) -> None:
    record(held, community, {"households_asked": 10, "households_willing": 8})
    record(held, community, {"households_asked": 0})
    with pytest.raises(ContradictionError):
        record(held, community, {"households_asked": 5})
    assert known(held, community)["households_asked"] == 0


def test_tables_and_files_are_kept(held: Round, community: Place) -> None:
    clerk = person("clerk")
    appoint(clerk, "street_clerk", STREET)
    kept = keep_file("公约.png", png(), by=clerk, at=make.AT)
    columns = next(f for f in form_of(held, "community").fields if f.id == "schools").columns
    name = next(column.id for column in columns if column.type == "text")
    record(
        held,
        community,
        {"convention_published": True, "convention_text": kept.digest, "schools": [{name: "一小"}]},
        by=clerk,
    )
    assert known(held, community) == {
        "convention_published": True,
        "convention_text": kept.digest,
        "schools": [{name: "一小"}],
    }


@pytest.mark.parametrize("digest", ["0" * 64, "现场.png"])
def test_a_file_that_nobody_handed_in_is_refused(held: Round, community: Place, digest: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        record(held, community, {"convention_text": digest})
    assert refused(caught) == {"convention_text": "unknown_file"}


def test_anothers_file_is_refused_until_the_place_holds_it(held: Round, community: Place) -> None:
    clerk, owner = person("clerk"), person("owner")
    appoint(clerk, "street_clerk", STREET)
    digest = keep_file("公约.png", png(), by=owner, at=make.AT).digest
    with pytest.raises(InvalidInputError):
        record(held, community, {"convention_text": digest}, by=clerk)
    record(held, community, {"convention_text": digest})
    record(held, community, {"convention_text": None}, by=clerk)
    assert record(held, community, {"convention_text": digest}, by=clerk) is not None


def test_who_was_not_looking_learns_what_others_changed(held: Round, community: Place) -> None:
    first = record(held, community, {"households": 10, "population": 20})
    assert first is not None
    other = record(held, community, {"population": 21})
    assert other is not None
    told = actions.submit_values(
        held, "community", community, {"households": 11}, by=None, at=make.AT, seen=first.pk
    )
    assert told.entry is not None
    assert (told.seen, told.news) == (
        told.entry.pk,
        {"population": {"theirs": 21, "source": "系统载入", "entry": other.pk}},
    )


def test_a_form_of_another_sort_does_not_fit(held: Round, community: Place) -> None:
    made = actions.add_unit(held, "old-tree", community, {"number": "A1"}, by=None, at=make.AT)
    with pytest.raises(InvalidInputError):
        actions.record_values(held, "lift", made.place, {"number": "x"}, by=None, at=make.AT)


@pytest.mark.django_db(transaction=True)
def test_eight_at_the_same_moment_are_one(held: Round, community: Place) -> None:
    start, made = threading.Barrier(8), []

    def send() -> None:
        start.wait()
        made.append(
            record(held, community, {"households": 10}, request=NUMBER, at=make.AT + timedelta(hours=1))
        )
        connection.close()

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {entry and entry.pk for entry in made} == {Entry.objects.get().pk}
    assert (len(made), AuditEntry.objects.filter(action="survey.record_values").count()) == (8, 1)


@pytest.mark.django_db(transaction=True)
def test_one_number_at_two_places_at_the_same_moment_is_one(held: Round) -> None:
    places = list(Place.objects.filter(code__in=[COMMUNITY, SECOND]))
    start, outcomes = threading.Barrier(2), []

    def send(place: Place) -> None:
        start.wait()
        try:
            record(held, place, {"households": 10}, request=NUMBER)
            outcomes.append("taken")
        except ConflictError as error:
            outcomes.append(str(error.data["reason"]))
        connection.close()

    threads = [threading.Thread(target=send, args=(place,)) for place in places]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sorted(outcomes), Entry.objects.count()) == (["request_reused", "taken"], 1)
