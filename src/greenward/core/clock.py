"""The one clock. ``GREENWARD_TODAY`` sets the day for demonstrations, with a visible banner."""

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone


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
