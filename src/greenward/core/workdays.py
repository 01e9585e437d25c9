"""Working days: the State Council's published holidays and 调休 days, and this office's overrides.

For a year whose calendar is not yet published the weekday rule holds (Monday to Friday); ``is_certain``
says so, and a warning goes to the log once for each such year. Source of the published days: the package
``chinesecalendar``, which follows the yearly notices of the State Council's General Office.
"""

from calendar import isleap
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

import structlog
from chinese_calendar.constants import holidays, workdays

from greenward.core import rows

SATURDAY = 5
ONE = timedelta(days=1)
FIRST_YEAR = min(holidays).year
LAST_YEAR = max(holidays).year
log = structlog.get_logger("greenward.workdays")

Overrides = Mapping[date, bool]


def overrides() -> Overrides:
    """Return the office's overrides: the day and whether it is worked. One query; pass it on in loops."""
    return dict(rows.values("SELECT day, is_working FROM core_calendaroverride", {}))


def is_certain(first: date, last: date | None = None) -> bool:
    """Tell whether the calendar of every year from ``first`` to ``last`` is published."""
    return first.year >= FIRST_YEAR and (last or first).year <= LAST_YEAR


def is_working_day(day: date, *, known: Overrides | None = None) -> bool:
    """Tell whether ``day`` is worked; ``known`` are the overrides, read if not given."""
    decided = (overrides() if known is None else known).get(day)
    if decided is not None:
        return decided
    return _published(day)


def add_working_days(day: date, number: int, *, known: Overrides | None = None) -> date:
    """Return the ``number``-th working day after ``day`` (before it, if negative); ``day`` itself for 0."""
    known = overrides() if known is None else known
    step = ONE if number > 0 else -ONE
    left = abs(number)
    while left:
        day += step
        left -= is_working_day(day, known=known)
    return day


def working_days_between(start: date, end: date, *, known: Overrides | None = None) -> int:
    """Return the working days after ``start`` up to and including ``end``; negative if it is before."""
    if end < start:
        return -working_days_between(end, start, known=known)
    known = overrides() if known is None else known
    changed = sum(worked - _published(day) for day, worked in known.items() if start < day <= end)
    years = sum(_worked_by(year)[-1] for year in range(start.year, end.year))
    return years + _worked_by(end.year)[_number(end)] - _worked_by(start.year)[_number(start)] + changed


def period_end(
    start: date, length: int, *, working: bool, to_working_day: bool, known: Overrides | None = None
) -> date:
    """Return the last day of a period of ``length`` days; the day on which it starts is not counted.

    That is how the Civil Code counts (民法典 201); ``to_working_day`` moves a last day that is no working day
    to the next one (民法典 203). ``working`` counts working days alone.
    """
    known = overrides() if known is None else known
    if working:
        return add_working_days(start, length, known=known)
    last = start + ONE * length
    while to_working_day and not is_working_day(last, known=known):
        last += ONE
    return last


def _published(day: date) -> bool:
    if not is_certain(day):
        _warn(day.year)
    return day in workdays or (day.weekday() < SATURDAY and day not in holidays)


@cache
def _worked_by(year: int) -> tuple[int, ...]:
    """Return how many published working days have passed by the end of each day of a year, 0 before it."""
    days = (date(year, 1, 1) + ONE * number for number in range(366 if isleap(year) else 365))
    return tuple(accumulate(map(_published, days), initial=0))


def _number(day: date) -> int:
    return day.timetuple().tm_yday


@cache
def _warn(year: int) -> None:
    log.warning("calendar_not_published", year=year, rule="weekdays", known_until=LAST_YEAR)
