"""Working days follow the published calendar, the office's overrides, and say when they guess."""

from datetime import date

import pytest
from structlog.testing import capture_logs

from greenward.core import workdays
from greenward.core.models import CalendarOverride

NONE: dict[date, bool] = {}


@pytest.mark.parametrize(
    "day,worked",
    [
        (date(2022, 9, 15), True),  # an ordinary Thursday
        (date(2022, 9, 17), False),  # an ordinary Saturday
        (date(2022, 10, 3), False),  # a Monday of the National Day holiday
        (date(2022, 10, 8), True),  # a Saturday worked instead
        (date(2022, 10, 9), True),  # a Sunday worked instead
    ],
)
def test_published_calendar(day: date, worked: bool) -> None:  # noqa: FBT001 — a case's expected answer
    assert workdays.is_working_day(day, known=NONE) is worked


@pytest.mark.parametrize(
    "start,number,end",
    [
        (date(2022, 9, 30), 1, date(2022, 10, 8)),  # over the holiday, onto the Saturday worked instead
        (date(2022, 9, 30), 3, date(2022, 10, 10)),
        (date(2022, 10, 8), -1, date(2022, 9, 30)),
        (date(2022, 9, 17), 0, date(2022, 9, 17)),
    ],
)
def test_adding(start: date, number: int, end: date) -> None:
    assert workdays.add_working_days(start, number, known=NONE) == end


@pytest.mark.parametrize(
    "start,end,days",
    [
        (date(2022, 9, 15), date(2022, 9, 15), 0),
        (date(2022, 9, 30), date(2022, 10, 10), 3),
        (date(2022, 10, 10), date(2022, 9, 30), -3),
    ],
)
def test_counting(start: date, end: date, days: int) -> None:
    assert workdays.working_days_between(start, end, known=NONE) == days


@pytest.mark.django_db
def test_override_beats_the_calendar() -> None:
    CalendarOverride.objects.create(
        day=date(2022, 9, 15), is_working=False, reason="a day off of this office"
    )
    CalendarOverride.objects.create(day=date(2022, 9, 17), is_working=True, reason="worked instead")
    assert workdays.is_working_day(date(2022, 9, 15)) is False
    assert workdays.is_working_day(date(2022, 9, 17)) is True
    assert workdays.add_working_days(date(2022, 9, 14), 1) == date(2022, 9, 16)


@pytest.mark.django_db
@pytest.mark.parametrize("number", [1, 30])
def test_overrides_are_read_once(number: int, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):
        workdays.add_working_days(date(2022, 9, 15), number)


def test_unpublished_year_falls_back_to_weekdays_and_says_so() -> None:
    monday, saturday = date(2190, 10, 4), date(2190, 10, 9)
    workdays._warn.cache_clear()  # noqa: SLF001 — the test is about the warning
    with capture_logs() as logs:
        assert workdays.is_working_day(monday, known=NONE) is True
        assert workdays.is_working_day(saturday, known=NONE) is False
    assert workdays.is_certain(date(2022, 1, 1), monday) is False
    assert [(entry["event"], entry["year"]) for entry in logs] == [("calendar_not_published", 2190)]


def test_published_years_are_certain() -> None:
    assert workdays.is_certain(date(2020, 7, 1), date(2022, 12, 31)) is True
