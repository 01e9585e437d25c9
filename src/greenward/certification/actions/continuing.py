"""Taking part, and being a pilot, follow communities that merge or split (decision 27)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import translation

from greenward.accounts.models import User
from greenward.certification.actions.telling import tell
from greenward.certification.models import Participation, Pilot
from greenward.certification.queries.heirs import adjustment_in_words, passes_on
from greenward.core import audit
from greenward.territories.models import PlaceEvent, PlaceVersion

S = TypeVar("S", Participation, Pilot)


@dataclass(frozen=True)
class _Adjustment:
    """A merger or split: who went, who follows and is new, from which day, why, and who says so when."""

    old: frozenset[int]
    gone: frozenset[int]
    made: Sequence[int]
    on: date
    why: str
    by: User | None
    at: datetime


@transaction.atomic
def continue_standings(
    event: PlaceEvent,
    old: Sequence[PlaceVersion],
    new: Sequence[PlaceVersion],
    *,
    by: User | None,
    at: datetime,
) -> None:
    """End what the communities that went took part in; who follows does too where all before them did.

    A community that goes on keeps what it has, and gets nothing from those that it took in. From the event's
    day, but what began later is held for a day.
    """
    if event.on is None:
        return
    before, after = frozenset(one.place_id for one in old), [one.place_id for one in new]
    with translation.override("zh-hans"):
        why = adjustment_in_words(event, old, new)[:300]
    made = [place for place in after if place not in before]
    adjustment = _Adjustment(before, before.difference(after), made, event.on, why, by, at)
    told = _continue(Participation, adjustment) | _continue(Pilot, adjustment)
    if not told:
        return
    tell(sorted({place for places in told.values() for place in places}), by=None, at=at)
    scope = new[0].path
    audit.record(
        "certification.continue_standings", new[0].place, by=by, at=at, scope=scope, event=event.pk, **told
    )


def _continue(kind: type[S], adjustment: _Adjustment) -> dict[str, list[int]]:
    """Do it for one kind of standing; return whose ended and whose began, nothing where nobody's ended."""
    ended: set[int] = set()
    begun: set[int] = set()
    for rows in _by_programme(kind, adjustment):
        leave = [row for row in rows if row.place_id in adjustment.gone]
        start = _end(leave, adjustment)
        ended |= {row.place_id for row in leave}
        if {row.place_id for row in rows} == adjustment.old:
            begun |= set(adjustment.made)
            kind.objects.bulk_create(
                kind(
                    programme_id=rows[0].programme_id,
                    place_id=place,
                    during=(start, None),
                    reason=adjustment.why,
                    by=adjustment.by,
                    at=adjustment.at,
                )
                for place in adjustment.made
            )
    name = kind.__name__.lower()
    return {f"{name}_ended": sorted(ended), f"{name}_begun": sorted(begun)} if ended or begun else {}


def _by_programme(kind: type[S], adjustment: _Adjustment) -> Iterable[list[S]]:
    """Return the rows that reach beyond the day, by programme."""
    lasting = Q(during__endswith=None) | Q(during__endswith__gt=adjustment.on)
    found: defaultdict[int, list[S]] = defaultdict(list)
    for row in kind.objects.select_for_update().filter(lasting, place__in=adjustment.old).order_by("pk"):
        found[row.programme_id].append(row)
    return found.values()


def _end(rows: Sequence[S], adjustment: _Adjustment) -> date:
    """End rows on the day, none before it was a day old; return the last of these days."""
    last = adjustment.on
    for row in rows:
        day = passes_on(row.during, adjustment.on)
        row.during, row.ended_because = DateRange(row.during.lower, day), adjustment.why
        row.save(update_fields=["during", "ended_because"])
        last = max(last, day)
    return last
