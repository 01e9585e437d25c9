"""Calendar months."""

import calendar
from datetime import date, timedelta

MONTHS = 12


def after_months(day: date, number: int) -> date:
    """Return the day that many calendar months later; the month's last where it has no such day."""
    years, month = divmod(day.month - 1 + number, MONTHS)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_before(day: date, number: int) -> date:
    """Return the first day that ``after_months`` brings to ``day`` or beyond."""
    years, month = divmod(day.month - 1 - number, MONTHS)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    found = date(year, month + 1, min(day.day, last))
    return found if after_months(found, number) >= day else found + timedelta(days=1)
