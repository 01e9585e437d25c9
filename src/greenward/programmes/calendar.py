"""When a pack's duties fall due: periods and last days, by pure calculation."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from greenward.packs.schema.duties import Duty
from greenward.packs.schema.pack import Pack

OPENS_BEFORE = timedelta(days=30)
"""A duty without a period can be worked on this long before its last day."""


@dataclass(frozen=True)
class Occurrence:
    """One period of a duty: its label, the day from which it can be delivered, and the last day."""

    duty: Duty
    label: str
    opens_on: date
    due_on: date


def span(pack: Pack) -> tuple[date, date]:
    """Return the first day of the first phase and the first day after the last one."""
    return min(p.starts_on for p in pack.phases), max(p.ends_before for p in pack.phases)


def occurrences(pack: Pack) -> list[Occurrence]:
    """Return every period of every duty within the programme's phases, by last day."""
    begins, ends = span(pack)
    found = [one for duty in pack.duties for one in _periods(duty, begins, ends)]
    return sorted(found, key=lambda one: (one.due_on, one.duty.id))


def _periods(duty: Duty, begins: date, ends: date) -> Iterator[Occurrence]:
    schedule = duty.schedule
    if schedule.once is not None:
        last = _last_day(schedule.once, before=schedule.before)
        yield Occurrence(duty, "", last - OPENS_BEFORE, last)
    elif schedule.yearly is not None:
        for year in range(begins.year, ends.year + 1):
            last = _last_day(date(year, schedule.yearly.month, schedule.yearly.day), before=schedule.before)
            if begins <= last < ends:
                yield Occurrence(duty, _("%(year)s年") % {"year": year}, last - OPENS_BEFORE, last)
    else:
        for quarter_begins, quarter_ends in quarters(begins, ends):
            last = quarter_ends + timedelta(days=(schedule.days_after or 0) - 1)
            label = _("%(year)s年第%(quarter)s季度") % {
                "year": quarter_begins.year,
                "quarter": (quarter_begins.month + 2) // 3,
            }
            yield Occurrence(duty, label, quarter_ends, _last_day(last, before=schedule.before))


def _last_day(day: date, *, before: bool) -> date:
    return day - timedelta(days=1) if before else day


def quarters(begins: date, ends: date) -> Iterator[tuple[date, date]]:
    """Yield ``[from, to)`` of every quarter that overlaps ``[begins, ends)``."""
    start = date(begins.year, begins.month - (begins.month - 1) % 3, 1)
    while start < ends:
        after = date(start.year + start.month // 10, (start.month + 2) % 12 + 1, 1)
        yield start, after
        start = after
