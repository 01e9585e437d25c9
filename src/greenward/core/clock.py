"""The one clock. ``GREENWARD_TODAY`` sets the day for demonstrations, with a visible banner."""

import re
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)


def demonstration_day() -> date | None:
    """Return the day that ``GREENWARD_TODAY`` sets, or None in normal service."""
    day: date | None = settings.GREENWARD_TODAY
    return day


def now() -> datetime:
    """Return the present moment, aware, in local time; on the demonstration day where one is set."""
    moment = timezone.localtime()
    day = demonstration_day()
    return moment if day is None else moment.replace(year=day.year, month=day.month, day=day.day)


def today() -> date:
    """Return the local date of :func:`now`."""
    return now().date()


def local_day(moment: datetime) -> date:
    """Return the local date of a moment."""
    return timezone.localtime(moment).date()


def end_of(day: date) -> datetime:
    """Return the first moment after a local day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def read_day(text: str) -> date:
    """Return the day written as 2022-09-15; ValueError for anything else and for years that make no sense.

    The bounds leave room to count days and periods back and forth from any day that is asked for.
    """
    day = date.fromisoformat(text) if WRITTEN.fullmatch(text) else None
    if day is None or not FIRST <= day <= LAST:
        raise ValueError(f"{text!r} is no day such as 2022-09-15, from {FIRST} to {LAST}")
    return day
