"""Every move of the table, by every role, in every state; who is apart, who comes second, what comes back."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.survey import access, actions
from greenward.survey.actions.cases import (
    IncompleteError,
    SentBack,
    answer_returned,
    move,
    move_many,
    settle_returned,
)
from greenward.survey.models import Case, ReturnedField, Round, Step
from greenward.survey.queries.cases import case_of, states_of
from greenward.survey.states import LIST_OF_UNITS, MOVES, CaseState, Way
from greenward.territories.models import Level, Place, PlaceVersion
from greenward.territories.roles import ROLES
from tests.factories import survey as make
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_STREET,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
    VILLAGE,
    appoint,
    person,
)

pytestmark = pytest.mark.django_db

AT = make.AT
LATER = AT + timedelta(days=1)
SEATS = {
    Level.CITY: CITY,
    Level.DISTRICT: DISTRICT,
    Level.SUBDISTRICT: STREET,
    Level.COMMUNITY: COMMUNITY,
}
WAY = {
    CaseState.FILLING: (),
    CaseState.SUBMITTED: ("submit",),
    CaseState.RETURNED: ("submit", "return"),
    CaseState.CHECKED: ("submit", "check"),
    CaseState.ACCEPTED: ("submit", "check", "accept"),
}
"""The moves that bring a fresh case into each state."""


def place(code: str = COMMUNITY) -> Place:
    return Place.objects.get(code=code)


def official(role: str, at: str, name: str = "") -> User:
    user = person(name or f"{role}-{at}")
    appoint(user, role, at)
    return user


def back(code: str = COMMUNITY, field: str = "households", reason: str = "与派出所数不符") -> SentBack:
    return SentBack(code, field, reason)


def sends(verb: str) -> Any:
    return {"fields": [back()]} if MOVES[verb].fields else {}


def bring(held: Round, state: CaseState, code: str = COMMUNITY) -> Case | None:
    """Let the system bring a case into a state."""
    made = None
    for verb in WAY[state]:
        fields = {"fields": [back(code)]} if MOVES[verb].fields else {}
        made = move(held, place(code), verb, by=None, at=AT, **fields)
    return made


def kept() -> Any:
    return [
        list(model.objects.order_by("pk").values()) for model in (Case, Step, ReturnedField)
    ], AuditEntry.objects.count()


@pytest.fixture
def held() -> Round:
    made = make.survey_round()
    make.fill(made, COMMUNITY)
    return made


@pytest.mark.parametrize("state", list(CaseState), ids=str)
def test_every_move_by_every_role_in_every_state(held: Round, state: CaseState) -> None:
    bring(held, state)
    people = {role: official(role, SEATS[next(iter(ROLES[role].levels))]) for role in ROLES}
    for (role, user), verb in product(people.items(), MOVES):
        with transaction.atomic():
            try:
                check_move(held, state, verb, role, user)
            except BaseException as wrong:
                wrong.add_note(f"{role} in {state}: {verb}")
                raise
            transaction.set_rollback(True)


def check_move(held: Round, state: CaseState, verb: str, role: str, user: User) -> None:
    step, before = MOVES[verb], kept()
    if step.permission not in ROLES[role].permissions:
        expected: type[GreenwardError] | None = NotAllowedError
    elif state not in step.begins or (state == CaseState.RETURNED and verb == "submit"):
        expected = ConflictError  # the field that came back still waits
    else:
        expected = None
    if expected is not None:
        with pytest.raises(expected):
            move(held, place(), verb, by=user, at=LATER, **sends(verb))
        assert kept() == before
        return
    moved = move(held, place(), verb, by=user, at=LATER, **sends(verb))
    assert (moved.state, moved.moved_at) == (step.ends, LATER)
    last = moved.steps.last()
    assert last
    assert (last.verb, last.state, last.by, last.at) == (verb, step.ends, user, LATER)
    assert AuditEntry.objects.latest("number").action == f"survey.{verb}"


@pytest.mark.parametrize("role,at", [("street_clerk", OTHER_STREET), ("community_worker", SECOND)])
@pytest.mark.parametrize("verb", list(MOVES))
def test_a_neighbour_moves_nothing(held: Round, verb: str, role: str, at: str) -> None:
    bring(held, next(iter(MOVES[verb].begins)))
    neighbour, before = official(role, at), kept()
    with pytest.raises(NotAllowedError):
        move(held, place(), verb, by=neighbour, at=LATER, **sends(verb))
    assert kept() == before


def test_who_submitted_may_not_check_and_who_checked_may_not_accept(held: Round) -> None:
    lead, second = official("district_lead", DISTRICT), official("district_lead", DISTRICT, "second")
    move(held, place(), "submit", by=lead, at=AT)
    with pytest.raises(NotAllowedError):
        move(held, place(), "check", by=lead, at=LATER)
    move(held, place(), "check", by=second, at=LATER)
    for one in (lead, second):
        with pytest.raises(NotAllowedError):
            move(held, place(), "accept", by=one, at=LATER)
    third = official("district_lead", DISTRICT, "third")
    assert move(held, place(), "accept", by=third, at=LATER).state == CaseState.ACCEPTED


def test_an_incomplete_community_is_told_exactly_what_is_missing(held: Round) -> None:
    with pytest.raises(IncompleteError) as told:
        move(held, place(SECOND), "submit", by=None, at=AT)
    missing = told.value.data["missing"]
    required = [f.id for f in actions_form(held).fields if f.required and f.when is None]
    assert isinstance(missing, list)
    assert {one["field"] for one in missing if one["code"] == "needed"} >= set(required)
    assert [one["code"] for one in missing].count("no_units") == 1
    assert Case.objects.count() == 0


def actions_form(held: Round) -> Any:
    from greenward.survey.queries import form_of

    return form_of(held, "community")


def test_a_village_is_not_due(held: Round) -> None:
    with pytest.raises(ConflictError, match="不在应摸底名单"):
        move(held, place(VILLAGE), "submit", by=None, at=AT)


def test_the_same_move_sent_twice_is_one(held: Round) -> None:
    clerk = official("street_clerk", STREET)
    bring(held, CaseState.SUBMITTED)
    first = move(held, place(), "check", by=clerk, at=LATER)
    before = kept()
    again = move(held, place(), "check", by=clerk, at=LATER + timedelta(minutes=1))
    assert (again.pk, again.moved_at, kept()) == (first.pk, LATER, before)


def test_the_second_official_is_told_who_was_faster(held: Round) -> None:
    first, second = official("street_clerk", STREET, "first"), official("street_clerk", STREET, "second")
    bring(held, CaseState.SUBMITTED)
    seen = case_of(held, place()).seen
    move(held, place(), "check", by=first, at=LATER, seen=seen)
    before = kept()
    with pytest.raises(ConflictError) as told:
        move(held, place(), "return", by=second, at=LATER, seen=seen, fields=[back()])
    assert "first" in str(told.value)
    assert kept() == before


def test_a_case_that_came_round_again_is_not_taken_for_the_one_that_was_seen(held: Round) -> None:
    bring(held, CaseState.SUBMITTED)
    seen = case_of(held, place()).seen
    move(held, place(), "withdraw", by=None, at=AT)
    move(held, place(), "submit", by=None, at=AT)
    with pytest.raises(ConflictError, match="状态变了"):
        move(held, place(), "check", by=official("street_clerk", STREET), at=LATER, seen=seen)


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [SentBack(COMMUNITY, "no_such_field", "x")],
        [SentBack(COMMUNITY, "households", " ")],
        [SentBack(SECOND, "households", "x")],
        [SentBack(COMMUNITY, "households", "x" * 501)],
        [SentBack(COMMUNITY, "households", "x"), SentBack(COMMUNITY, "households", "y")],
    ],
)
def test_returning_names_fields_that_were_asked_with_a_reason_each(held: Round, fields: Any) -> None:
    bring(held, CaseState.SUBMITTED)
    before = kept()
    with pytest.raises(InvalidInputError):
        move(held, place(), "return", by=None, at=LATER, fields=fields)
    assert kept() == before


def check_open(held: Round, fields: set[str], where: Place | None = None, way: str = Way.FORM) -> None:
    community = place()
    access.check_fields_open(held, community.pk, (where or community).pk, fields, way=way)


@pytest.mark.parametrize("state", [CaseState.SUBMITTED, CaseState.CHECKED, CaseState.ACCEPTED])
@pytest.mark.parametrize("way", [way for way in Way if way != Way.CORRECTION])
def test_what_is_under_review_takes_no_values(held: Round, state: CaseState, way: str) -> None:
    bring(held, state)
    with pytest.raises(ConflictError) as told:
        check_open(held, {"households"}, way=way)
    assert told.value.data["closed"] == ["households"]


def test_only_what_came_back_is_open_until_it_is_submitted_again(held: Round) -> None:
    bring(held, CaseState.RETURNED)
    unit = PlaceVersion.objects.get(place__level=Level.COMPOUND).place
    check_open(held, {"households"})
    for fields, where in (({"households", "population"}, None), ({"households"}, unit)):
        with pytest.raises(ConflictError):
            check_open(held, fields, where)
    assert settle_returned(held, place().pk, ["households"], by=None, at=LATER) == 1
    check_open(held, {"households"})  # a slip of the pen can still be mended
    move(held, place(), "submit", by=None, at=LATER)
    with pytest.raises(ConflictError):
        check_open(held, {"households"})


def test_units_can_be_added_where_their_list_came_back(held: Round) -> None:
    old = PlaceVersion.objects.get(place__level=Level.COMPOUND).place
    bring(held, CaseState.SUBMITTED)
    move(
        held, place(), "return", by=None, at=LATER, fields=[SentBack(COMMUNITY, LIST_OF_UNITS, "少了二号院")]
    )
    new = Place.objects.create(code=f"{COMMUNITY}-009", level=Level.COMPOUND)
    check_open(held, {"name", "built_year"}, new)
    with pytest.raises(ConflictError):
        check_open(held, {"name"}, old)


@pytest.mark.parametrize(
    "state", [CaseState.FILLING, CaseState.SUBMITTED, CaseState.RETURNED, CaseState.CHECKED]
)
def test_only_what_is_accepted_is_corrected(held: Round, state: CaseState) -> None:
    bring(held, state)
    with pytest.raises(ConflictError):
        check_open(held, {"households"}, way=Way.CORRECTION)


def test_what_is_accepted_is_corrected(held: Round) -> None:
    bring(held, CaseState.ACCEPTED)
    check_open(held, {"households"}, way=Way.CORRECTION)


def test_a_field_that_came_back_is_settled_by_saying_why_it_stands(held: Round) -> None:
    bring(held, CaseState.RETURNED)
    worker = official("community_worker", COMMUNITY)
    waiting = ReturnedField.objects.get()
    with pytest.raises(ConflictError):
        move(held, place(), "submit", by=worker, at=LATER)
    with pytest.raises(InvalidInputError):
        answer_returned(waiting, "  ", by=worker, at=LATER)
    done = answer_returned(waiting, "数据属实，理由：新建楼交付", by=worker, at=LATER)
    assert (done.answer, done.settled_at) == ("数据属实，理由：新建楼交付", LATER)
    with pytest.raises(ConflictError):
        answer_returned(waiting, "again", by=worker, at=LATER)
    assert move(held, place(), "submit", by=worker, at=LATER).state == CaseState.SUBMITTED


def test_a_stranger_answers_nothing(held: Round) -> None:
    bring(held, CaseState.RETURNED)
    before = kept()
    with pytest.raises(NotAllowedError):
        answer_returned(ReturnedField.objects.get(), "x", by=official("community_worker", SECOND), at=LATER)
    assert kept() == before


def test_a_closed_round_is_checked_and_accepted_but_nothing_comes_back(held: Round) -> None:
    bring(held, CaseState.SUBMITTED)
    actions.close_round(held, by=None, at=AT)
    for verb in ("return", "withdraw"):
        with pytest.raises(ConflictError, match="关闭"):
            move(held, place(), verb, by=None, at=LATER, **sends(verb))
    move(held, place(), "check", by=None, at=LATER)
    assert move(held, place(), "accept", by=None, at=LATER).state == CaseState.ACCEPTED


def many(held: Round) -> list[Place]:
    for code in (SECOND, OTHER_COMMUNITY):
        make.fill(held, code)
    return [place(code) for code in (COMMUNITY, SECOND, OTHER_COMMUNITY)]


def test_many_are_checked_at_once_and_the_others_say_why_not(held: Round) -> None:
    communities = many(held)
    clerk = official("street_clerk", STREET)
    bring(held, CaseState.SUBMITTED)
    bring(held, CaseState.SUBMITTED, OTHER_COMMUNITY)
    batch = move_many(held, communities, "check", by=clerk, at=LATER)
    assert [one.place.code for one in batch.ready] == [COMMUNITY]
    assert {one.place.place.code: type(one.error) for one in batch.refused} == {
        SECOND: ConflictError,
        OTHER_COMMUNITY: NotAllowedError,
    }
    before = kept()
    again = move_many(held, communities, "check", by=clerk, at=LATER)
    assert ([one.place.code for one in again.already], again.cases, kept()) == ([COMMUNITY], (), before)


@pytest.mark.parametrize("verb", ["submit", "withdraw", "return", "reject"])
def test_what_needs_a_look_is_not_done_in_batches(held: Round, verb: str) -> None:
    with pytest.raises(InvalidInputError):
        move_many(held, [place()], verb, by=None, at=LATER)


def test_a_batch_asks_as_many_queries_for_three_as_for_one(held: Round) -> None:
    communities = many(held)
    for one in communities:
        bring(held, CaseState.SUBMITTED, one.code)
    counts = []
    for some in (communities[:1], communities[1:]):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            move_many(held, some, "check", by=None, at=LATER)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_states_are_read_in_one_query(held: Round) -> None:
    bring(held, CaseState.RETURNED)
    ids = [place(code).pk for code in (COMMUNITY, SECOND, TOWN_COMMUNITY)]
    with CaptureQueriesContext(connection) as asked:
        found = states_of(held, ids)
    assert len(asked) == 1
    assert [(found[one].state, found[one].returned, found[one].who) for one in ids] == [
        (CaseState.RETURNED, 1, "社区"),
        (CaseState.FILLING, 0, "社区"),
        (CaseState.FILLING, 0, "社区"),
    ]


def test_a_community_that_was_closed_since_keeps_its_case(held: Round) -> None:
    bring(held, CaseState.SUBMITTED)
    version = PlaceVersion.objects.get(place=place())
    version.during = (None, datetime(2022, 6, 10, tzinfo=UTC).date())
    version.save()
    clerk = official("street_clerk", STREET)
    assert move(held, place(), "check", by=clerk, at=LATER).state == CaseState.CHECKED


def test_a_community_that_moved_since_is_handled_where_it_stands_now(held: Round) -> None:
    bring(held, CaseState.SUBMITTED)
    version = PlaceVersion.objects.get(place=place())
    day = datetime(2022, 6, 10, tzinfo=UTC).date()
    version.during = (None, day)
    version.save()
    version.pk, version.during = None, (day, None)
    version.path = version.path.replace(STREET, OTHER_STREET)
    version.save(force_insert=True)
    with pytest.raises(NotAllowedError):
        move(held, place(), "check", by=official("street_clerk", STREET), at=LATER)
    there = official("street_clerk", OTHER_STREET)
    assert move(held, place(), "check", by=there, at=LATER).state == CaseState.CHECKED
