"""The simulated day: the product's one clock, moved and put back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from django.conf import settings
from django.utils import timezone


@contextmanager
def moving_clock() -> Iterator[None]:
    """Let :func:`set_day` move the clock; afterwards it shows what it showed before."""
    before = settings.GREENWARD_TODAY
    try:
        yield
    finally:
        settings.GREENWARD_TODAY = before


def set_day(day: date) -> None:
    """Let the product's clock show a day."""
    settings.GREENWARD_TODAY = day


def at_ten(day: date) -> datetime:
    """Return ten o'clock of a day, local time."""
    return timezone.make_aware(datetime.combine(day, time(10)))
