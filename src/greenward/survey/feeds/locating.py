"""Which place each row of a feed is about. A fixed number of queries, however many rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from greenward.packs.schema.forms import Form
from greenward.survey.answers.text import plain
from greenward.survey.feeds.delivery import FeedRow
from greenward.territories.models import Alias, Level, PlaceVersion
from greenward.territories.queries import versions_on

Found = PlaceVersion | str
"""A place, or the code of the problem (``delivery.said_of_place``)."""


@dataclass(frozen=True)
class _Register:
    """What the rows may mean, all of it below the sender's own place."""

    by_code: Mapping[str, PlaceVersion]
    by_name: Mapping[str, Sequence[PlaceVersion]]
    streets: Mapping[str, set[str]]
    units: Mapping[str, Sequence[PlaceVersion]]


def located(rows: Sequence[FeedRow], form: Form, within: str, day: date) -> list[Found]:
    """Return each row's place as it stands on ``day`` below the path ``within``; each place once."""
    register = _register(rows, form, within, day)
    found: list[Found] = []
    seen: set[int] = set()
    for row in rows:
        place = _place(row, form, register)
        if isinstance(place, PlaceVersion):
            if place.place_id in seen:
                place = "row_twice"
            else:
                seen.add(place.place_id)
        found.append(place)
    return found


def _place(row: FeedRow, form: Form, register: _Register) -> Found:
    head = _head(row, register)
    if isinstance(head, str) or not row.unit:
        if isinstance(head, str) or (head.place.level, head.sort) == (form.level, form.sort or ""):
            return head
        return "other_level"
    inside = [one for one in register.units.get(plain(row.unit), ()) if one.path.startswith(head.path)]
    return _only(inside, "unit_not_found")


def _head(row: FeedRow, register: _Register) -> Found:
    if row.code:
        return register.by_code.get(row.code.strip(), "place_not_found")
    if not row.name:
        return "place_missing"
    named = register.by_name.get(plain(row.name), ())
    if row.street:
        streets = register.streets.get(plain(row.street), set())
        named = [one for one in named if streets & set(one.path.split("/"))]
    return _only(named, "place_not_found")


def _only(found: Sequence[PlaceVersion], nothing: str) -> Found:
    if len(found) > 1:
        return "place_ambiguous"
    return found[0] if found else nothing


def _register(rows: Sequence[FeedRow], form: Form, within: str, day: date) -> _Register:
    here = versions_on(day).filter(path__startswith=within)
    codes = {row.code.strip() for row in rows if row.code}
    names = {plain(row.name) for row in rows if row.name and not row.code}
    streets = {plain(row.street) for row in rows if row.street}
    units = {plain(row.unit) for row in rows if row.unit}
    below = here.filter(place__level=form.level, sort=form.sort or "", name__in=units) if units else ()
    towns = here.filter(_called(streets), place__level=Level.SUBDISTRICT) if streets else ()
    known_as = list(Alias.objects.filter(text__in=names, during__contains=day)) if names else []
    aliases: dict[int, set[str]] = defaultdict(set)
    for alias in known_as:
        aliases[alias.place_id].add(alias.text)
    called = _called(names) | Q(place__in=list(aliases))
    communities = here.filter(called, place__level=Level.COMMUNITY) if names else ()
    by_name = _by_texts((one, {one.name, one.short_name, *aliases[one.place_id]}) for one in communities)
    return _Register(
        by_code={one.place.code: one for one in here.filter(place__code__in=codes)} if codes else {},
        by_name=by_name,
        streets={
            text: {one.place.code for one in found}
            for text, found in _by_texts((one, {one.name, one.short_name}) for one in towns).items()
        },
        units=_by_texts((one, {one.name}) for one in below),
    )


def _called(texts: Iterable[str]) -> Q:
    named = list(texts)
    return Q(name__in=named) | Q(short_name__in=named)


def _by_texts(called: Iterable[tuple[PlaceVersion, set[str]]]) -> dict[str, list[PlaceVersion]]:
    found: dict[str, list[PlaceVersion]] = defaultdict(list)
    for version, texts in called:
        for text in texts:
            found[text].append(version)
    return found
