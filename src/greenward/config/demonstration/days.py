"""The day on which the demonstration acts, while it plays through the actions; and how it marks its words."""

from datetime import date, datetime, time

from django.utils import timezone

from greenward.config.simulation.clock import set_day

MARK = "（演示数据）"


def moment_on(day: date, hour: int = 14) -> datetime:
    """Let the product's clock show a day, and return an hour of it; inside ``moving_clock``."""
    set_day(day)
    return timezone.make_aware(datetime.combine(day, time(hour)))
