"""Calendar months."""

import calendar
from datetime import date

MONTHS = 12


def after_months(day: date, number: int) -> date:
    """Return the day that many calendar months later; the month's last where it has no such day."""
    years, month = divmod(day.month - 1 + number, MONTHS)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
