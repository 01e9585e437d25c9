"""Who or what gave the values behind changes: the survey's entries that came before each was found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from greenward.assessment.models import VerdictChange
from greenward.packs.schema.facts import Fact, FromField, FromRows
from greenward.packs.schema.pack import Pack
from greenward.survey.models import Entry
from greenward.survey.queries.values import day_of, source_of
from greenward.territories.models import UNIT_PARENT
from greenward.territories.queries import versions_on


@dataclass(frozen=True)
class Given:
    """An entry behind a changed fact: its source in words, its day, and where the values stand."""

    source: str
    on: date
    form: str
    field: str


def givers_of(pack: Pack, rows: Sequence[VerdictChange], on: date) -> dict[tuple[int, str], Given]:
    """Return the newest entry before each change for each fact that moved, by change and fact.

    Two queries, however many rows. Facts of other sources than the survey have none.
    """
    wanted = {fact.id: fact for fact in _moved(pack, rows)}
    fields = {name for fact in wanted.values() for name in _fields(fact)}
    places = {row.place_id for row in rows}
    if not fields or not places:
        return {}
    parents = dict(
        versions_on(on)
        .filter(parent__in=places, place__level__in=UNIT_PARENT)
        .values_list("place_id", "parent_id")
    )
    entries = (
        Entry.objects.filter(place__in=[*places, *parents], values__has_any_keys=sorted(fields))
        .filter(at__lte=max(row.at for row in rows))
        .select_related("by", "file")
        .order_by("id")
    )
    by_place: dict[int, list[Entry]] = {}
    for entry in entries:
        by_place.setdefault(parents.get(entry.place_id, entry.place_id), []).append(entry)
    found = {}
    for row in rows:
        known = [entry for entry in by_place.get(row.place_id, []) if entry.at <= row.at]
        for item in row.items:
            for moved in item["facts"]:
                fact = wanted.get(moved["fact"])
                if fact is not None and (given := _given(fact, known)) is not None:
                    found[row.pk, fact.id] = given
    return found


def _moved(pack: Pack, rows: Iterable[VerdictChange]) -> list[Fact]:
    named = {m["fact"] for row in rows for item in row.items for m in item["facts"] if m["old"] != m["new"]}
    return [pack.fact_by_id[name] for name in named if name in pack.fact_by_id]


def _fields(fact: Fact) -> list[str]:
    """Return the fields that a fact of the survey is made of."""
    match fact.origin:
        case FromField(field=field):
            return [field]
        case FromRows(field=field, where=where):
            return [name for name in (field, where.field if where else None) if name]
        case _:
            return []


def _given(fact: Fact, entries: Sequence[Entry]) -> Given | None:
    fields = _fields(fact)
    form = getattr(fact.origin, "form", "")
    for entry in reversed(entries):
        field = next((name for name in fields if name in entry.values), None)
        if field is not None and entry.form == form:
            return Given(source_of(entry), day_of(entry), form, field)
    return None
