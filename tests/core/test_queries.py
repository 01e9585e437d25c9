"""Reading the audit trail: filters, reach, and a number of queries that does not grow."""

from datetime import date, timedelta

import pytest

from greenward.core import audit
from greenward.core.queries import audit_entries
from tests.factories.accounts import AT, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail() -> int:
    user = make_user()
    audit.record("survey.import", "survey.round:1", by=user, at=AT, scope="/11/05/")
    audit.record("survey.import", "survey.round:1", by=None, at=AT + timedelta(days=1), scope="/11/08/")
    audit.record("accounts.sign_in", user, by=user, at=AT + timedelta(days=2))
    return user.pk


def numbers(**filters: object) -> list[int]:
    return [entry.number for entry in audit_entries(**filters)]


def test_newest_first(trail: int) -> None:
    assert numbers() == [3, 2, 1]


def test_reach_is_a_prefix_of_the_scope(trail: int) -> None:
    assert numbers(under=["/11/05/"]) == [1]
    assert numbers(under=["/11/"]) == [2, 1]
    assert numbers(under=[]) == []


def test_filters(trail: int) -> None:
    assert numbers(action="accounts.") == [3]
    assert numbers(subject="survey.round:1") == [2, 1]
    assert numbers(by=trail) == [3, 1]
    assert numbers(first=date(2022, 9, 16), last=date(2022, 9, 16)) == [2]


@pytest.mark.parametrize("size", [2, 20])
def test_who_acted_costs_no_query_per_row(size: int, django_assert_num_queries: object) -> None:
    for number in range(size):
        audit.record("test.act", f"thing:{number}", by=make_user(f"account-{number}"), at=AT)
    with django_assert_num_queries(1):
        assert len([str(entry.by) for entry in audit_entries()]) == size
