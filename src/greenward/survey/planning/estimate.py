"""What a round would ask before it is opened: its cost in fields, and what is known already.

Cost: fields × places, as a form on paper would ask them. From it goes what need not be asked: fields whose
condition fails, fields that another form of the round asks already, and values that are known and still
valid on the reference date. What remains is the burden.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import polars as pl
from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Field, Form
from greenward.packs.schema.pack import Pack
from greenward.survey.queries.burden import holder_name
from greenward.survey.queries.coverage.asking import NOBODY, Asked, Kind, Recipe, in_order, kinds_of, start_of
from greenward.survey.queries.coverage.ground import COMMUNITY, communities_due
from greenward.survey.queries.coverage.judging import CHUNK, Judged, judged_places
from greenward.survey.queries.coverage.mentions import WAY, way_of
from greenward.survey.states import Asks, Way

COUNTS = ("places", "applies", "known", "again", "asked")


@dataclass(frozen=True)
class Cost:
    """What a form, a section or a round costs, in values (a field of a place is one).

    ``cost`` = ``fields`` × ``places``, of which ``not_applicable`` by a condition, ``elsewhere`` asked by
    another form of the round, ``known`` and valid, so not asked; ``asked`` remains, ``again`` of it although
    it was known once. ``ways``: by which way the known ones came in.
    """

    key: str
    title: str
    fields: int
    places: int
    cost: int
    not_applicable: int
    elsewhere: int
    known: int
    again: int
    asked: int
    ways: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class FormCost:
    """A form's cost and that of its sections. ``level`` and ``sort``: what its places are."""

    own: Cost
    sections: tuple[Cost, ...]
    level: str
    sort: str


@dataclass(frozen=True)
class Held:
    """A department that holds fields which the round would ask communities for: ``asked`` values of them."""

    title: str
    asked: int
    fields: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Estimate:
    """What a round would ask; ``median`` and ``highest`` are fields per community, None where none is due."""

    whole: Cost
    forms: tuple[FormCost, ...]
    held: tuple[Held, ...]
    communities: int
    median: float | None
    highest: int | None


@dataclass
class _Sums:
    """What adds up while the nation is gone through: per kind and field, and per community."""

    fields: dict[Kind, Counter[tuple[int, str]]] = field(default_factory=lambda: defaultdict(Counter))
    ways: dict[Kind, Counter[tuple[int, int]]] = field(default_factory=lambda: defaultdict(Counter))
    asked: list[pl.DataFrame] = field(default_factory=list)


def estimate(pack: Pack, forms: Collection[str], *, asks: Asks, reference_on: date, day: date) -> Estimate:
    """Return what a round of these forms (ids) would ask of the communities due, as known on ``day``.

    Two queries for each ten thousand communities, and one for the list of them.
    """
    chosen = in_order(form for form in pack.forms if form.id in forms)
    recipe = Recipe(None, asks, reference_on, start_of(day + timedelta(days=1)), day, kinds_of(chosen))
    communities = communities_due(reference_on)[COMMUNITY].to_list()
    sums = _Sums()
    for at in range(0, len(communities), CHUNK):
        for judged in judged_places(recipe, communities[at : at + CHUNK]):
            _add(sums, judged)
    costs = [_form_cost(form, recipe, sums) for form in chosen]
    per_community = _per_community(sums, communities)
    median = per_community.median()
    highest = per_community.max()
    return Estimate(
        whole=_together("", _("合计"), [one.own for one in costs], places=len(communities)),
        forms=tuple(costs),
        held=tuple(_held(pack, recipe, sums)),
        communities=len(communities),
        median=median if isinstance(median, float) else None,
        highest=highest if isinstance(highest, int) else None,
    )


def _add(sums: _Sums, judged: Judged) -> None:
    applies, then = pl.col("applies"), pl.col("then")
    asked = applies & ~then
    figures = [pl.len(), applies.sum(), (applies & then).sum(), (asked & pl.col("known")).sum(), asked.sum()]
    by_field = judged.fields.group_by("#field").agg(
        one.cast(pl.Int64).alias(name) for name, one in zip(COUNTS, figures, strict=True)
    )
    by_way = judged.fields.filter(applies & then).group_by("#field", way_of("before").alias("way")).len()
    by_community = judged.fields.group_by(COMMUNITY).agg(asked.sum().cast(pl.UInt32).alias("asked"))
    fields, ways, communities = pl.collect_all([by_field, by_way, by_community])
    for row in fields.iter_rows(named=True):
        sums.fields[judged.kind].update({(row["#field"], name): row[name] for name in COUNTS})
    sums.ways[judged.kind].update({(number, way): count for number, way, count in ways.iter_rows()})
    sums.asked.append(communities)


def _per_community(sums: _Sums, communities: Sequence[int]) -> pl.Series:
    every = pl.DataFrame({COMMUNITY: communities}, schema={COMMUNITY: pl.Int64})
    blank = every.with_columns(pl.lit(0, dtype=pl.UInt32).alias("asked"))
    return pl.concat([blank, *sums.asked]).group_by(COMMUNITY).agg(pl.col("asked").sum())["asked"]


def _form_cost(form: Form, recipe: Recipe, sums: _Sums) -> FormCost:
    kind = Kind(form.level, form.sort or "")
    numbers = {one.field.id: (number, one) for number, one in enumerate(recipe.kinds[kind])}
    places = max((n for (_field, name), n in sums.fields[kind].items() if name == "places"), default=0)
    sections = [
        _cost(section.id, str(section.title), section.fields, form=form, numbers=numbers, places=places,
              sums=sums)
        for section in form.sections
    ]  # fmt: skip
    own = _together(form.id, str(form.title), sections, places=places)
    return FormCost(own, tuple(sections), form.level, form.sort or "")


def _cost(
    key: str,
    title: str,
    fields: Sequence[Field],
    *,
    form: Form,
    numbers: Mapping[str, tuple[int, Asked]],
    places: int,
    sums: _Sums,
) -> Cost:
    kind = Kind(form.level, form.sort or "")
    own = [numbers[one.id][0] for one in fields if numbers[one.id][1].form == form.id]
    found = {name: sum(sums.fields[kind][number, name] for number in own) for name in COUNTS}
    ways: Counter[int] = Counter()
    for (number, way), count in sums.ways[kind].items():
        if number in own:
            ways[way] += count
    return Cost(
        key=key,
        title=title,
        fields=len(fields),
        places=places,
        cost=len(fields) * places,
        not_applicable=found["places"] - found["applies"],
        elsewhere=(len(fields) - len(own)) * places,
        known=found["known"],
        again=found["again"],
        asked=found["asked"],
        ways=tuple((str(way.label), ways[WAY[way.value]]) for way in Way if ways[WAY[way.value]]),
    )


def _together(key: str, title: str, parts: Iterable[Cost], *, places: int) -> Cost:
    held = list(parts)
    ways: Counter[str] = Counter()
    for one in held:
        ways.update(dict(one.ways))
    return Cost(
        key=key,
        title=title,
        fields=sum(one.fields for one in held),
        places=places,
        cost=sum(one.cost for one in held),
        not_applicable=sum(one.not_applicable for one in held),
        elsewhere=sum(one.elsewhere for one in held),
        known=sum(one.known for one in held),
        again=sum(one.again for one in held),
        asked=sum(one.asked for one in held),
        ways=tuple(ways.items()),
    )


def _held(pack: Pack, recipe: Recipe, sums: _Sums) -> Iterator[Held]:
    """Yield the departments whose fields would be asked of communities, the greatest number first."""
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for kind, asked in recipe.kinds.items():
        for number, one in enumerate(asked):
            count = sums.fields[kind][number, "asked"]
            if one.holder != NOBODY and count:
                found[one.holder].append((str(one.field.label), count))
    totals = {holder: sum(count for _label, count in fields) for holder, fields in found.items()}
    for holder in sorted(found, key=lambda one: -totals[one]):
        fields = tuple(sorted(found[holder], key=lambda pair: -pair[1]))
        yield Held(holder_name(pack, holder), totals[holder], fields)
