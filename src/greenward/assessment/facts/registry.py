"""Who provides which facts. Modules register their provider when Django starts (``AppConfig.ready``)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby
from typing import Protocol

import polars as pl
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from greenward.assessment.engine.frame import clean
from greenward.assessment.facts.values import FactValue
from greenward.assessment.rules import COLUMN_TYPES, FACT_TYPES
from greenward.core.months import months_before
from greenward.packs.schema.facts import Fact, FromEarlier, FromRecords, FromSource
from greenward.packs.schema.pack import Pack

Marks = Mapping[str, int]
"""Per stream of changes, the number of the newest one seen."""

SURVEY = "survey"
PLACE = "place"
"""The frame's key: the community's id. No fact bears this name."""


class FactProvider(Protocol):
    """A source of facts about communities. Unknown is null in frames and None in values."""

    def frame(
        self,
        pack: Pack,
        facts: Sequence[Fact],
        as_of: date,
        places: Collection[int],
        *,
        seen: Marks | None = None,
    ) -> pl.DataFrame:
        """Return ``place`` and a column per fact id; communities without any value may be left out.

        ``seen`` asks for the values as they were known when the marks stood so, where the source can tell.
        """

    def explain(self, pack: Pack, facts: Sequence[Fact], as_of: date, place: int) -> Mapping[str, FactValue]:
        """Return every fact's value at one community with its source."""

    def marks(self, as_of: date) -> Marks:
        """Return how far the changes go that can matter as of the day."""

    def touched_since(self, marks: Marks, as_of: date) -> set[int]:
        """Return the communities (or places above their changes) touched after the marks."""


_providers: dict[str, FactProvider] = {}
_labels: dict[str, StrOrPromise] = {}
_only_where_named: set[str] = set()


def register(
    source: str, provider: FactProvider, label: StrOrPromise = "", *, only_where_named: bool = False
) -> None:
    """Add a source of facts with its name for people; the same source again replaces what is given.

    ``only_where_named``: its changes are asked for only where an edition names one of its facts.
    """
    _providers[source] = provider
    if only_where_named:
        _only_where_named.add(source)
    _labels[source] = label or _labels.get(source, source)


def label_of(source: str) -> str:
    """Return a source's name for people; its own where nothing here provides it."""
    return str(_labels.get(source, source))


def is_provided(fact: Fact) -> bool:
    """Tell whether anything here gives the fact's values; for an earlier value ask of ``pack.behind``."""
    return source_of(fact) in _providers


def source_of(fact: Fact) -> str:
    """Return the name of the source that provides a fact; for an earlier value ask of ``pack.behind``."""
    if isinstance(fact.origin, FromRecords):
        return fact.origin.records
    return fact.origin.source if isinstance(fact.origin, FromSource) else SURVEY


def frame_of(
    pack: Pack, facts: Iterable[Fact], as_of: date, places: Sequence[int], *, seen: Marks | None = None
) -> pl.DataFrame:
    """Return one row per place in the order given: ``place`` and a column per fact, null where unknown.

    A source that nothing here provides leaves its facts unknown: an edition may be tried that names some.
    Earlier values are asked for together: once for each day that they are of.
    """
    frame = pl.DataFrame({PLACE: places}, schema={PLACE: pl.Int64})
    direct, earlier = _apart(facts)
    for months, group in earlier.items():
        then = _earlier_frame(pack, group, months_before(as_of, months), places, seen)
        frame = frame.join(then, on=PLACE, how="left", maintain_order="left")
    for source, group in _by_source(direct):
        if source not in _providers:
            kinds = {f.id: COLUMN_TYPES[FACT_TYPES[f.type]] for f in group}
            frame = frame.with_columns(pl.lit(None, kind).alias(name) for name, kind in kinds.items())
            continue
        values = _providers[source].frame(pack, group, as_of, places, seen=seen)
        frame = frame.join(values, on=PLACE, how="left", maintain_order="left")
    return frame


def explained(pack: Pack, facts: Iterable[Fact], as_of: date, place: int) -> dict[str, FactValue]:
    """Return every fact's value at one community, with where it comes from."""
    found: dict[str, FactValue] = {}
    direct, earlier = _apart(facts)
    for months, group in earlier.items():
        then = months_before(as_of, months)
        known = explained(pack, _behind(pack, group), then, place)
        found |= {fact.id: _as_of_then(fact, known[pack.behind(fact).id], then) for fact in group}
    for source, group in _by_source(direct):
        if source not in _providers:
            found |= {f.id: FactValue(f.id, str(f.label), f.unit or "", None) for f in group}
            continue
        found.update(_providers[source].explain(pack, group, as_of, place))
    return found


def marks(as_of: date, *editions: Pack) -> dict[str, int]:
    """Return how far every source that matters to these editions goes as of the day."""
    return {name: number for p in _asked(editions) for name, number in p.marks(as_of).items()}


def touched_since(seen: Marks, as_of: date, *editions: Pack) -> set[int]:
    """Return the communities that a source that matters to these editions touched after the marks."""
    return {place for p in _asked(editions) for place in p.touched_since(seen, as_of)}


def is_named(source: str, edition: Pack) -> bool:
    """Tell whether an edition names a fact of a source."""
    return any(source_of(fact) == source for fact in edition.facts)


def _asked(editions: Iterable[Pack]) -> list[FactProvider]:
    named = {source_of(fact) for edition in editions for fact in edition.facts}
    return [p for source, p in _providers.items() if source in named or source not in _only_where_named]


def _apart(facts: Iterable[Fact]) -> tuple[list[Fact], dict[int, list[Fact]]]:
    """Return the facts that sources provide, and the earlier values by how many months they lie back."""
    direct: list[Fact] = []
    earlier: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts:
        if isinstance(fact.origin, FromEarlier):
            earlier[fact.origin.months].append(fact)
        else:
            direct.append(fact)
    return direct, earlier


def _earlier_frame(
    pack: Pack, facts: Sequence[Fact], then: date, places: Sequence[int], seen: Marks | None
) -> pl.DataFrame:
    """Return what was known on an earlier day, under the earlier values' own names."""
    known = frame_of(pack, _behind(pack, facts), then, places, seen=seen)
    columns = [clean(pack.behind(fact).id, known.schema, then).alias(fact.id) for fact in facts]
    return known.select(PLACE, *columns)


def _behind(pack: Pack, facts: Iterable[Fact]) -> list[Fact]:
    """Return what earlier values are taken from, each once."""
    return list({of.id: of for of in map(pack.behind, facts)}.values())


def _as_of_then(fact: Fact, known: FactValue, then: date) -> FactValue:
    """Return a value as an earlier day's: with both days, and without a place where today's would be filled.

    What had expired by then is unknown for good: no answer of today mends it.
    """
    told = {"day": then, "source": known.source}
    source = _("%(day)s 时：%(source)s") % told if known.source else _("%(day)s 时没有数据") % told
    return replace(
        known,
        fact=fact.id,
        label=str(fact.label),
        unit=fact.unit or "",
        source=source,
        gap=None,
        expired=None,
        until=None,
    )


def _by_source(facts: Iterable[Fact]) -> Iterable[tuple[str, list[Fact]]]:
    for source, group in groupby(sorted(facts, key=source_of), key=source_of):
        yield source, list(group)
