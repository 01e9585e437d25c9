"""The calendar's overrides: decided with a reason, decided anew, given back; each leaves an audit row."""

from datetime import date

import pytest

from greenward.core import actions, workdays
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.core.models import AuditEntry, CalendarOverride
from tests.factories.accounts import AT, make_user

pytestmark = pytest.mark.django_db

THURSDAY = date(2022, 9, 15)


def test_a_day_is_decided_and_decided_anew() -> None:
    user = make_user()
    actions.set_day(THURSDAY, is_working=False, reason=" 市政府放假通知 ", by=user, at=AT)
    assert workdays.is_working_day(THURSDAY) is False
    actions.set_day(THURSDAY, is_working=True, reason="通知撤回", by=user, at=AT)
    assert list(CalendarOverride.objects.values_list()) == [(THURSDAY, True, "通知撤回")]
    entries = AuditEntry.objects.order_by("number").values_list("action", "subject", "by", "data")
    assert list(entries) == [
        (
            "core.set_day",
            "core.calendaroverride:2022-09-15",
            user.pk,
            {"is_working": False, "reason": "市政府放假通知"},
        ),
        (
            "core.set_day",
            "core.calendaroverride:2022-09-15",
            user.pk,
            {"is_working": True, "reason": "通知撤回"},
        ),
    ]


@pytest.mark.parametrize("reason", ["", "  ", "字" * 201])
def test_a_day_needs_a_reason(reason: str) -> None:
    with pytest.raises(InvalidInputError):
        actions.set_day(THURSDAY, is_working=False, reason=reason, by=None, at=AT)
    assert (CalendarOverride.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_a_day_is_given_back_to_the_published_calendar() -> None:
    actions.set_day(THURSDAY, is_working=False, reason="放假", by=None, at=AT)
    actions.remove_day(THURSDAY, by=None, at=AT)
    assert workdays.is_working_day(THURSDAY) is True
    newest = AuditEntry.objects.latest("number")
    assert (newest.action, newest.subject) == ("core.remove_day", "core.calendaroverride:2022-09-15")


def test_a_day_that_nobody_decided_cannot_be_given_back() -> None:
    with pytest.raises(NotFoundError):
        actions.remove_day(THURSDAY, by=None, at=AT)
    assert AuditEntry.objects.count() == 0
