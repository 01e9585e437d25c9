"""Handing work over: to whom, what goes with it, what never does, what the audit trail says, one hand."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries, Settings

from greenward.accounts.models import User
from greenward.certification.access.applications import acts_at
from greenward.core import audit, clock
from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.duties import queries
from greenward.duties.actions import hand_over, revoke
from greenward.duties.models import Delegation
from greenward.survey.actions.cases import move
from greenward.survey.models import Round
from greenward.territories.access import check_may, may, reach_of
from greenward.territories.models import Appointment, Office, Place
from greenward.territories.roles import OWN_NAME, Permission
from tests.factories import survey as make
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, OTHER_DISTRICT, appoint, person

pytestmark = pytest.mark.django_db
TODAY, AT = make.TODAY, f"{CITY}/{DISTRICT}/"


@pytest.fixture(autouse=True)
def held(settings: Settings) -> Round:
    settings.GREENWARD_TODAY = TODAY
    return make.survey_round()


def official(role: str, code: str, name: str) -> User:
    user = person(name)
    appoint(user, role, code)
    return user


@pytest.fixture
def lead(held: Round) -> User:
    return official("district_lead", DISTRICT, "lead")


@pytest.fixture
def colleague(held: Round) -> User:
    return official("district_department", DISTRICT, "colleague")


def handed(lender: User, delegate: User, *, by: User | None = None, **changed: object) -> Delegation:
    office = Appointment.objects.get(user=lender).office
    days = {"begins": TODAY, "until": TODAY + timedelta(days=6)}
    return hand_over(
        lender,
        delegate,
        office,
        **{"reason": "年休假", "by": by or lender, "at": clock.now(), **days, **changed},  # type: ignore[arg-type]
    )


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_the_delegate_sees_and_may_do_what_was_handed_over(held: Round, lead: User, colleague: User) -> None:
    make.fill(held, COMMUNITY)
    for verb in ("submit", "check"):
        move(held, Place.objects.get(code=COMMUNITY), verb, by=None, at=clock.now())
    assert [one.kind for one in queries.todos_for(colleague, TODAY)] == []
    handed(lead, colleague)
    found = queries.todos_for(fresh(colleague), TODAY)
    assert {(one.kind, one.lender) for one in found} == {
        ("survey-check", lead),
        ("duty", lead),
        ("pilots", lead),
    }
    assert {one.lender for one in queries.todos_for(fresh(lead), TODAY)} == {None}
    delegate = fresh(colleague)
    move(held, Place.objects.get(code=COMMUNITY), "accept", by=delegate, at=clock.now())
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.action, entry.by, entry.data["acting_for"]) == ("survey.accept", colleague, [lead.pk])
    assert audit.verify() == []


def test_what_is_ones_own_names_nobody_else(held: Round, lead: User) -> None:
    make.fill(held, COMMUNITY)
    other = official("district_lead", DISTRICT, "other")
    handed(lead, other)
    move(held, Place.objects.get(code=COMMUNITY), "submit", by=fresh(other), at=clock.now())
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.action, entry.data.get("acting_for")) == ("survey.submit", None)


def test_only_the_kinds_named_go_and_never_what_needs_ones_own_name(lead: User, colleague: User) -> None:
    made = handed(lead, colleague, kinds=["duty"])
    assert set(made.permissions) == {"read", "deliver_duties"}
    delegate = fresh(colleague)
    assert may(delegate, Permission.DELIVER_DUTIES, AT)
    assert not may(delegate, Permission.ACCEPT_SURVEY, AT)
    revoke(made, by=lead, at=clock.now())
    whole = handed(lead, colleague)
    assert not OWN_NAME & set(whole.permissions)
    assert not may(fresh(colleague), Permission.APPOINT, AT)
    assert acts_at(lead, Permission.DECIDE_APPLICATION, AT, "district")
    assert not acts_at(fresh(colleague), Permission.DECIDE_APPLICATION, AT, "district")
    with pytest.raises(InvalidInputError):
        handed(lead, colleague, kinds=["nothing"])


def test_it_begins_ends_and_lapses_with_the_appointments(
    lead: User, colleague: User, settings: Settings
) -> None:
    def lent(day: date) -> bool:
        settings.GREENWARD_TODAY = day
        return may(fresh(colleague), Permission.DELIVER_DUTIES, AT)

    handed(lead, colleague, begins=TODAY + timedelta(days=1))
    days = [TODAY + timedelta(days=n) for n in (0, 1, 6, 7)]
    assert [lent(day) for day in days] == [False, True, True, False]
    Appointment.objects.filter(user=colleague).delete()
    assert not lent(days[1])
    appoint(colleague, "district_department", DISTRICT)
    assert lent(days[1])
    Appointment.objects.filter(user=lead).delete()
    assert not lent(days[1])


def test_what_was_lent_is_not_lent_on(lead: User, colleague: User) -> None:
    third = official("district_department", DISTRICT, "third")
    handed(lead, colleague)
    handed(colleague, third)
    assert not may(fresh(third), Permission.DELIVER_DUTIES, AT)
    assert queries.todos_for(fresh(third), TODAY) == []


def test_one_at_a_time_and_the_database_holds_it(lead: User, colleague: User) -> None:
    made = handed(lead, colleague)
    with pytest.raises(ConflictError):
        handed(lead, colleague, begins=TODAY + timedelta(days=6), until=TODAY + timedelta(days=9))
    with pytest.raises(IntegrityError, match="delegations_do_not_overlap"), transaction.atomic():
        Delegation.objects.create(
            lender=lead, delegate=colleague, office=made.office, permissions=[], during=made.during,
            reason="测试", at=clock.now(),
        )  # fmt: skip
    revoke(made, by=colleague, at=clock.now())
    assert not may(fresh(colleague), Permission.DELIVER_DUTIES, AT)
    with pytest.raises(ConflictError):
        revoke(made, by=lead, at=clock.now())
    handed(lead, colleague)
    assert Delegation.objects.count() == 2


def test_only_to_colleagues_and_by_oneself_or_who_appoints(lead: User, colleague: User) -> None:
    stranger = official("district_lead", OTHER_DISTRICT, "stranger")
    before = AuditEntry.objects.count()
    refused: list[tuple[type[GreenwardError], dict[str, object]]] = [
        (InvalidInputError, {"until": TODAY - timedelta(days=1)}),
        (InvalidInputError, {"reason": " "}),
        (NotAllowedError, {"by": colleague}),
        (NotAllowedError, {"by": stranger}),
    ]
    for error, changed in refused:
        with pytest.raises(error):
            handed(lead, colleague, **changed)  # type: ignore[arg-type]
    for to in (stranger, lead):
        with pytest.raises(InvalidInputError):
            handed(lead, to)
    elsewhere = Office.objects.get(place__code=OTHER_DISTRICT)
    with pytest.raises(InvalidInputError):
        hand_over(lead, colleague, elsewhere, begins=TODAY, until=TODAY, reason="x", by=None, at=clock.now())
    assert (Delegation.objects.count(), AuditEntry.objects.count()) == (0, before)
    made = handed(lead, colleague, by=official("city_lead", CITY, "above"))
    with pytest.raises(NotAllowedError):
        revoke(made, by=stranger, at=clock.now())


@pytest.mark.parametrize("way", ["covered", "covering", "over"])
def test_two_joined_by_cover_count_as_one(
    held: Round, lead: User, colleague: User, settings: Settings, way: str
) -> None:
    """What one did, the other may not approve, either way round; a week after, what was done then still."""
    make.fill(held, COMMUNITY)
    place, other = Place.objects.get(code=COMMUNITY), official("district_lead", DISTRICT, "other")
    move(held, place, "submit", by=None, at=clock.now())
    lender, delegate = (lead, other) if way == "covered" else (other, lead)
    made = handed(lender, delegate)
    move(held, place, "check", by=lead, at=clock.now())
    if way == "over":
        settings.GREENWARD_TODAY = TODAY + timedelta(days=30)
    with pytest.raises(NotAllowedError, match="自己"):
        move(held, place, "accept", by=fresh(other), at=clock.now())
    revoke(made, by=lead, at=clock.now()) if way != "over" else None
    third = official("district_lead", DISTRICT, "third")
    move(held, place, "accept", by=third, at=clock.now())


def test_a_check_that_fails_or_only_reads_notes_nothing(lead: User, colleague: User) -> None:
    handed(lead, colleague, kinds=["duty"])
    delegate = fresh(colleague)
    with pytest.raises(NotAllowedError):
        check_may(delegate, Permission.ACCEPT_SURVEY, AT)
    assert may(delegate, Permission.DELIVER_DUTIES, AT)
    entry = audit.record("test", "test", by=delegate, at=clock.now(), scope=AT)
    assert "acting_for" not in entry.data


def test_reach_and_list_take_a_fixed_number_of_queries(
    lead: User, colleague: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        assert reach_of(fresh_unread(colleague)).grants
    handed(lead, colleague)
    with django_assert_num_queries(1):
        assert len(reach_of(fresh_unread(colleague)).grants) == 2


def fresh_unread(user: User) -> User:
    """Return the person without what the object remembers, and without asking the database."""
    for kept in ("_reach", "_joined", "_lenders"):
        user.__dict__.pop(kept, None)
    return user
