"""What the entries of one place leave standing, read once and laid over each other in one pass."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone

from greenward.survey.models import Entry, Round
from greenward.survey.queries.values import source_of
from greenward.territories.models import Place

Kept = dict[str, object]
"""Field id → value as entries keep it."""


@dataclass
class Held:
    """One place's values as entries keep them: now, by this round, and before the sender's eyes.

    ``newer`` names the entry of each field that changed after what the sender saw; ``newest`` is the last
    entry's id, 0 for none. Undone imports are laid over, not left out: who saw their values saw them.
    """

    now: Kept = field(default_factory=dict)
    here: Kept = field(default_factory=dict)
    base: Kept = field(default_factory=dict)
    newer: dict[str, int] = field(default_factory=dict)
    newest: int = 0
    requests: dict[UUID, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    """Reasons that stand: given in the last entry that changed a value, or after it."""
    true_on: dict[str, date] = field(default_factory=dict)
    """The day of the last statement about each field."""


COLUMNS = ("place_id", "id", "round_id", "values", "reasons", "request", "observed_on", "at")
OF_ONE = f"SELECT {', '.join(COLUMNS[1:])} FROM survey_entry WHERE place_id = %s ORDER BY id"  # noqa: S608 - our own names
"""Written out: every submission asks it, and Django would put it together anew each time."""


def held(place: Place | int, survey_round: Round, seen: int | None) -> Held:
    """Return what stands at a place. One query; ``seen`` as for ``record_values``."""
    found = Held()
    with connection.cursor() as cursor:
        cursor.execute(OF_ONE, [place.pk if isinstance(place, Place) else place])
        rows = cursor.fetchall()
    for pk, round_id, values, reasons, request, observed_on, at in rows:
        row = (place, pk, round_id, json.loads(values), json.loads(reasons), request, observed_on, at)
        _lay(found, row, survey_round, seen)
    return found


def held_at(places: Collection[int], survey_round: Round) -> dict[int, Held]:
    """Return what stands at many places, by place; none for places without entries. One query."""
    found: dict[int, Held] = defaultdict(Held)
    rows = Entry.objects.filter(place__in=places).order_by("id").values_list(*COLUMNS)
    for row in rows.iterator(chunk_size=2000):
        _lay(found[row[0]], row, survey_round, None)
    return found


def _lay(found: Held, row: tuple[Any, ...], survey_round: Round, seen: int | None) -> None:
    """Lay one more entry over what was found."""
    _place, pk, round_id, values, reasons, request, observed_on, at = row
    found.newest = pk
    found.now.update(values)
    found.true_on.update(dict.fromkeys(values, observed_on or timezone.localdate(at)))
    if round_id == survey_round.pk:
        found.here.update(values)
    if seen is None or pk <= seen:
        found.base.update(values)
    else:
        found.newer.update(dict.fromkeys(values, pk))
    if request is not None:
        found.requests[request] = pk
    found.said = {**({} if values else found.said), **reasons}


def told(names: Mapping[str, int], kept: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """Return for fields whose value somebody else gave (field → entry): the value, its source, the entry."""
    if not names:
        return {}
    entries = Entry.objects.select_related("by", "file").defer("file__content", "file__plan", "file__report")
    by_pk = entries.in_bulk(set(names.values()))
    return {
        name: {"theirs": kept.get(name), "source": source_of(by_pk[pk]), "entry": pk}
        for name, pk in names.items()
    }
