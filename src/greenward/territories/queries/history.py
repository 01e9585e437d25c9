"""What happened to a place: names over time, events, where it came from and what it went into."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from greenward.territories.models import EventKind, Place, PlaceEvent, PlaceVersion, Succession


@dataclass(frozen=True)
class Named:
    """A place that a history speaks of, with the last short name it had."""

    code: str
    name: str


@dataclass(frozen=True)
class HistoryEntry:
    """One event of a place, with the places it came from and went into by it."""

    event: PlaceEvent
    came_from: tuple[Named, ...]
    went_into: tuple[Named, ...]

    @property
    def kind(self) -> EventKind:
        """Return the event's kind."""
        return EventKind(self.event.kind)

    @property
    def on(self) -> date | None:
        """Return the day from which the event held, None for as far back as we know."""
        return self.event.on


def history_of(place: Place) -> list[HistoryEntry]:
    """Return the events of ``place``, the newest first. Four queries."""
    old, new = list(place.came_from.all()), list(place.went_into.all())
    names = last_names({s.old_id for s in old} | {s.new_id for s in new})
    sources = _by_event((s.event_id, names[s.old_id]) for s in old)
    targets = _by_event((s.event_id, names[s.new_id]) for s in new)
    events = place.events.select_related("by")
    newest_first = sorted(events, key=lambda event: (event.on or date.min, event.pk), reverse=True)
    return [HistoryEntry(e, tuple(sources.get(e.pk, ())), tuple(targets.get(e.pk, ()))) for e in newest_first]


def names_of(place: Place) -> list[PlaceVersion]:
    """Return the versions of ``place`` with their parents, the oldest first."""
    return list(place.versions.select_related("place", "parent", "event").order_by("during"))


def successors(place: Place, *, on: date | None = None) -> list[Place]:
    """Return the places that ``place`` went into, through every later event (up to ``on``), by code.

    A place that went into itself and others (a split that it survived) is among its own successors;
    one that went into nothing has none.
    """
    return _follow(place, "old", "new", on)


def predecessors(place: Place, *, on: date | None = None) -> list[Place]:
    """Return the places that went into ``place``, through every earlier event since ``on``, by code."""
    return _follow(place, "new", "old", on)


def last_names(places: Collection[int]) -> dict[int, Named]:
    """Return code and last short name of each of ``places`` (their keys)."""
    rows = (
        PlaceVersion.objects.filter(place__in=places)
        .order_by("place", "-during")
        .distinct("place")
        .values_list("place_id", "place__code", "short_name")
    )
    return {place: Named(code, name) for place, code, name in rows}


def _by_event(pairs: Iterable[tuple[int, Named]]) -> dict[int, list[Named]]:
    found: dict[int, list[Named]] = {}
    for event, named in sorted(pairs, key=lambda pair: pair[1].code):
        found.setdefault(event, []).append(named)
    return found


def _follow(place: Place, here: str, there: str, on: date | None) -> list[Place]:
    """Walk successions from one side to the other, breadth first: a query for each generation."""
    seen: dict[int, Place] = {}
    frontier = [place.pk]
    visited: set[int] = set()
    while frontier:
        visited.update(frontier)
        links = Succession.objects.filter(**{f"{here}__in": frontier}).select_related(there)
        if on is not None:
            links = links.filter(event__on__lte=on) if here == "old" else links.filter(event__on__gte=on)
        found = {other.pk: other for link in links for other in [getattr(link, there)]}
        seen.update(found)
        frontier = [pk for pk in found if pk not in visited]
    return sorted(seen.values(), key=lambda other: other.code)
