"""Working days follow the published calendar, the office's overrides, and say when they guess."""

from datetime import date, timedelta

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


@pytest.mark.parametrize("first", [date(2021, 12, 20), date(2022, 9, 28), date(2189, 12, 1)])
def test_counting_is_looking_at_every_day(first: date) -> None:
    known = {first + timedelta(days=3): True, first + timedelta(days=4): False, first: True}
    for length in range(0, 800, 37):
        last = first + timedelta(days=length)
        days = (first + timedelta(days=number) for number in range(1, length + 1))
        looked_at = sum(workdays.is_working_day(day, known=known) for day in days)
        assert workdays.working_days_between(first, last, known=known) == looked_at


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


@pytest.mark.parametrize(
    "start,length,working,end",
    [
        (date(2022, 9, 15), 7, False, date(2022, 9, 22)),  # an ordinary week
        (date(2022, 9, 24), 7, False, date(2022, 10, 8)),  # ends on National Day: the Saturday worked instead
        (date(2021, 9, 24), 7, False, date(2021, 10, 8)),  # the same in 2021
        (date(2022, 1, 24), 7, False, date(2022, 2, 7)),  # ends on the eve of Spring Festival 2022
        (date(2021, 2, 4), 7, False, date(2021, 2, 18)),  # the eve of Spring Festival 2021
        (date(2022, 1, 22), 7, False, date(2022, 1, 29)),  # a Saturday that is worked: no move
        (date(2022, 9, 9), 1, False, date(2022, 9, 13)),  # the day after Mid-Autumn's three days
        (date(2022, 9, 26), 7, True, date(2022, 10, 10)),  # seven working days over National Day
        (date(2021, 2, 5), 5, True, date(2021, 2, 18)),  # the worked Sunday of 02-07 counts
    ],
)
def test_periods_end_by_the_statutory_calendar(
    start: date,
    length: int,
    working: bool,  # noqa: FBT001 - a case's condition
    end: date,
) -> None:
    found = workdays.period_end(start, length, working=working, to_working_day=True, known=NONE)
    assert found == end


def test_a_rule_may_leave_the_last_day_where_it_falls() -> None:
    end = workdays.period_end(date(2022, 9, 24), 7, working=False, to_working_day=False, known=NONE)
    assert end == date(2022, 10, 1)


def test_every_notice_of_two_years_ends_on_a_working_day_after_its_full_length() -> None:
    """The clock test: each day of 2021 and 2022 on which a notice might be published."""
    day = date(2021, 1, 1)
    while day.year < 2023:
        end = workdays.period_end(day, 7, working=False, to_working_day=True, known=NONE)
        assert workdays.is_working_day(end, known=NONE)
        assert (end - day).days >= 7
        rest = [day + workdays.ONE * n for n in range(7, (end - day).days)]
        assert [one for one in rest if workdays.is_working_day(one, known=NONE)] == []
        worked = workdays.period_end(day, 7, working=True, to_working_day=True, known=NONE)
        assert workdays.working_days_between(day, worked, known=NONE) == 7
        day += workdays.ONE
