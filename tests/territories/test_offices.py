"""Offices and appointments: who may, what fits, and what the audit trail keeps."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotAllowedError
from greenward.core.models import AuditEntry
from greenward.territories import access, actions, queries
from greenward.territories.models import Appointment, Office, Place
from tests.factories import territories as make

TODAY = date(2022, 9, 15)
AT = datetime(2022, 9, 15, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def today(settings: Any) -> None:
    settings.GREENWARD_TODAY = TODAY


@pytest.fixture
def tree(db: None) -> dict[str, Place]:
    return make.place_tree()


@pytest.fixture
def lead(tree: dict[str, Place]) -> User:
    user = make.person("lead")
    make.appoint(user, "district_lead", tree[make.DISTRICT])
    return user


@pytest.fixture
def street_office(tree: dict[str, Place]) -> Office:
    return actions.create_office(tree[make.STREET], "东街街道办事处", by=None, at=AT)


def refused(kind: type[GreenwardError], act: Callable[[], object]) -> GreenwardError:
    def state() -> tuple[object, ...]:
        rows = list(Appointment.objects.order_by("pk").values())
        return rows, Office.objects.count(), AuditEntry.objects.count()

    before = state()
    with pytest.raises(kind) as caught:
        act()
    assert state() == before
    return caught.value


def test_district_lead_appoints_below(lead: User, street_office: Office) -> None:
    clerk = make.person("clerk")
    assert not access.reach_of(clerk).grants
    actions.appoint(clerk, street_office, "street_clerk", by=lead, at=AT)
    assert access.reach_of(clerk).home == f"{make.CITY}/{make.DISTRICT}/{make.STREET}/"
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert (entry.action, entry.by) == ("territories.appoint", lead)
    assert entry.data["role"] == "street_clerk"
    assert "clerk" not in {str(value) for key, value in entry.data.items() if key != "role"}


def test_dismissal_ends_the_reach(lead: User, street_office: Office) -> None:
    clerk = make.person("clerk")
    appointment = actions.appoint(
        clerk, street_office, "street_clerk", begins=date(2022, 1, 1), by=lead, at=AT
    )
    actions.dismiss(appointment, on=TODAY, reason="调离", by=lead, at=AT)
    assert not access.reach_of(User.objects.get(pk=clerk.pk)).grants
    refused(ConflictError, lambda: actions.dismiss(appointment, on=TODAY, reason="调离", by=lead, at=AT))


def test_who_may_not_appoint(tree: dict[str, Place], street_office: Office) -> None:
    auditor, other = make.person("auditor"), make.person("other")
    make.appoint(auditor, "auditor", tree[make.CITY])
    make.appoint(other, "district_lead", tree[make.OTHER_DISTRICT])
    for user in (auditor, other):
        refused(
            NotAllowedError,
            lambda by=user: actions.appoint(make_new(), street_office, "street_clerk", by=by, at=AT),
        )
        refused(
            NotAllowedError, lambda by=user: actions.create_office(tree[make.STREET], "某科", by=by, at=AT)
        )


def make_new() -> User:
    return User.objects.get_or_create(username="new")[0]


def test_nobody_appoints_themselves(lead: User, street_office: Office) -> None:
    refused(NotAllowedError, lambda: actions.appoint(lead, street_office, "street_clerk", by=lead, at=AT))


@pytest.mark.parametrize("role", ["city_lead", "district_lead", "auditor", "community_worker", "emperor"])
def test_role_must_fit_the_level(lead: User, street_office: Office, role: str) -> None:
    refused(InvalidInputError, lambda: actions.appoint(make_new(), street_office, role, by=lead, at=AT))


def test_same_role_twice_is_refused(lead: User, street_office: Office) -> None:
    actions.appoint(make_new(), street_office, "street_clerk", by=lead, at=AT)
    refused(ConflictError, lambda: actions.appoint(make_new(), street_office, "street_clerk", by=lead, at=AT))


def test_time_must_not_be_empty(lead: User, street_office: Office) -> None:
    refused(
        InvalidInputError,
        lambda: actions.appoint(
            make_new(), street_office, "street_clerk", begins=TODAY, until=TODAY, by=lead, at=AT
        ),
    )


def test_office_once_and_at_a_place_that_exists(tree: dict[str, Place], street_office: Office) -> None:
    refused(
        ConflictError, lambda: actions.create_office(tree[make.STREET], street_office.name, by=None, at=AT)
    )
    actions.close(tree[make.SECOND], on=date(2022, 6, 1), reason="批复", by=None, at=AT)
    refused(InvalidInputError, lambda: actions.create_office(tree[make.SECOND], "居委会", by=None, at=AT))


def test_offices_within_reach_with_who_is_there_now(lead: User, street_office: Office) -> None:
    actions.create_office(Place.objects.get(code=make.OTHER_DISTRICT), "乙区住建委", by=None, at=AT)
    actions.appoint(make_new(), street_office, "street_clerk", by=lead, at=AT)
    offices = {office.name: office.current_appointments for office in queries.offices_for(lead)}  # type: ignore[attr-defined]
    assert set(offices) == {f"{make.DISTRICT}办公室", "东街街道办事处"}
    assert [a.role for a in offices["东街街道办事处"]] == ["street_clerk"]
