"""What a round asks of each place and how far it is answered, column by column, added up by community."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from operator import or_

import polars as pl

from greenward.packs import rules
from greenward.survey.queries.coverage.asking import Asked, Kind, Recipe, named_in_conditions
from greenward.survey.queries.coverage.ground import COMMUNITY, PLACE, units_under
from greenward.survey.queries.coverage.mentions import HERE, entries_at, is_since, is_value, newest_mentions
from greenward.survey.states import Asks
from greenward.territories.models import Level

CHUNK = 10_000
"""Communities judged at once: bounds the memory, whatever the nation's size."""
FIGURES = ("asked", "known", "expired", "left", "lacking", "compounds")
"""What is counted of a community and its units, in fields (``compounds``: in units)."""
COUNT = pl.UInt32

YES, NO = pl.lit(value=True), pl.lit(value=False)


def bucket_names(recipe: Recipe) -> dict[tuple[str, str], str]:
    """Return the column of each form and department: how many of their fields the round asks."""
    return {bucket: f"asked{number}" for number, bucket in enumerate(recipe.buckets)}


def tally(recipe: Recipe, communities: Sequence[int]) -> pl.DataFrame:
    """Return one row per community: ``#community``, ``#here``, the FIGURES and the buckets' columns.

    ``#here``: something was recorded there in the round. ``asked``: fields of the community and its units
    that apply and did not hold when the round opened, ``expired`` those of them that had been known;
    ``known``: held then. ``left``: apply and do not hold now, ``lacking`` the required ones of them.
    Two queries for each ten thousand communities.
    """
    parts = [_tallied(recipe, communities[at : at + CHUNK]) for at in range(0, len(communities), CHUNK)]
    return pl.concat(parts) if parts else pl.DataFrame(schema=tally_schema(recipe))


def tally_schema(recipe: Recipe) -> dict[str, pl.DataType]:
    """Return the columns of a tally."""
    counts = dict.fromkeys([*FIGURES, *bucket_names(recipe).values()], COUNT())
    return {COMMUNITY: pl.Int64(), HERE: pl.Boolean(), **counts}


def judged_places(recipe: Recipe, communities: Sequence[int]) -> Iterator[tuple[Kind, pl.LazyFrame]]:
    """Yield for each kind of place what the round asks of every such place: see ``_judged``."""
    units = units_under(recipe, communities)
    own = pl.DataFrame(
        {PLACE: communities, COMMUNITY: communities}, schema=dict.fromkeys((PLACE, COMMUNITY), pl.Int64)
    )
    places = {Kind(Level.COMMUNITY.value): own, **_by_kind(units)}
    asked = {kind: places[kind] for kind in recipe.kinds if kind in places}
    everywhere = pl.concat([frame[PLACE] for frame in asked.values()]) if asked else pl.Series(dtype=pl.Int64)
    entries = entries_at(recipe, everywhere.to_list())
    for kind, frame in asked.items():
        yield kind, _judged(recipe, recipe.kinds[kind], frame, entries)


def _by_kind(units: pl.DataFrame) -> dict[Kind, pl.DataFrame]:
    parts = units.partition_by("level", "sort", as_dict=True, include_key=False)
    return {Kind(level, sort): part for (level, sort), part in parts.items()}


def _tallied(recipe: Recipe, communities: Sequence[int]) -> pl.DataFrame:
    counts = [
        _counted(kind, recipe.kinds[kind], frame, bucket_names(recipe))
        for kind, frame in judged_places(recipe, communities)
    ]
    schema = tally_schema(recipe)
    blank = pl.DataFrame({COMMUNITY: communities}, schema={COMMUNITY: pl.Int64})
    together = pl.concat([blank, *pl.collect_all(counts)], how="diagonal")
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in together.columns
    ]
    return (
        together.with_columns(missing)
        .select(*schema)
        .group_by(COMMUNITY)
        .agg(pl.col(HERE).any(), pl.exclude(COMMUNITY, HERE).sum())
        .cast(schema)  # type: ignore[arg-type]  # a mapping of names to types, as polars documents
    )


def _counted(
    kind: Kind, asked: Sequence[Asked], judged: pl.LazyFrame, buckets: Mapping[tuple[str, str], str]
) -> pl.LazyFrame:
    names = [one.field.id for one in asked]
    by_bucket: dict[str, list[str]] = defaultdict(list)
    for one in asked:
        by_bucket[buckets[one.bucket]].append(one.field.id)
    is_compound = kind.level == Level.COMPOUND.value
    rows = judged.select(
        COMMUNITY,
        HERE,
        _number(f"asked:{name}" for name in names).alias("asked"),
        _number(f"known:{name}" for name in names).alias("known"),
        _number(f"expired:{name}" for name in names).alias("expired"),
        _number(f"left:{name}" for name in names).alias("left"),
        _number(f"lacking:{one.field.id}" for one in asked if one.demands).alias("lacking"),
        pl.lit(int(is_compound), dtype=COUNT).alias("compounds"),
        *(_number(f"asked:{name}" for name in within).alias(column) for column, within in by_bucket.items()),
    )
    return rows.group_by(COMMUNITY).agg(pl.col(HERE).any(), pl.exclude(COMMUNITY, HERE).sum())


def _number(columns: Iterable[str]) -> pl.Expr:
    found = [pl.col(name).cast(COUNT) for name in columns]
    return pl.sum_horizontal(found) if found else pl.lit(0, dtype=COUNT)


def _judged(
    recipe: Recipe, asked: Sequence[Asked], places: pl.DataFrame, entries: pl.DataFrame
) -> pl.LazyFrame:
    """Return one row per place: its community, whether the round touched it, and columns per field.

    For a field f: ``applies:f``, ``known:f``, ``expired:f``, ``asked:f``, ``left:f``, ``lacking:f`` (as in
    ``tally``), and ``before:f``, the number of its newest mention before the round opened.
    """
    fields = [one.field for one in asked]
    everything = recipe.asks == Asks.EVERYTHING
    said = newest_mentions(
        entries.join(places.select(PLACE), on=PLACE, how="semi", maintain_order="left"),
        fields,
        wanted=named_in_conditions(asked),
        here=everything,
    )
    frame = places.lazy().join(said.lazy(), on=PLACE, how="left").with_columns(pl.col(HERE).fill_null(NO))
    frame = frame.with_columns(expression for one in asked for expression in _terms(recipe, one))
    return frame.with_columns(expression for one in asked for expression in _findings(one))


def _terms(recipe: Recipe, one: Asked) -> Iterator[pl.Expr]:
    """Yield whether a field applies, is required, was valid when the round opened, and is valid now."""
    name = one.field.id
    yield _holds(recipe, one.whens).alias(f"applies:{name}")
    yield _holds(recipe, one.demands).alias(f"required:{name}")
    yield (NO if recipe.asks == Asks.EVERYTHING else _valid(recipe, one, "before")).alias(f"then:{name}")
    yield _valid(recipe, one, "now").alias(f"valid:{name}")


def _findings(one: Asked) -> Iterator[pl.Expr]:
    name = one.field.id
    applies, then = pl.col(f"applies:{name}"), pl.col(f"then:{name}")
    left = ~pl.col(f"valid:{name}")
    yield (applies & then).alias(f"known:{name}")
    yield (applies & ~then).alias(f"asked:{name}")
    yield (applies & ~then & is_value(f"before:{name}").fill_null(NO)).alias(f"expired:{name}")
    yield (applies & left).alias(f"left:{name}")
    yield (pl.col(f"required:{name}") & left).alias(f"lacking:{name}")


def _holds(recipe: Recipe, conditions: Sequence[str | None]) -> pl.Expr:
    """Return whether any of the conditions does not fail; what is unknown does not fail."""
    if None in conditions:
        return YES
    named = [
        rules.reader().column(when, recipe.as_of).fill_null(YES) for when in conditions if when is not None
    ]
    return reduce(or_, named) if named else NO


def _valid(recipe: Recipe, one: Asked, moment: str) -> pl.Expr:
    code = f"{moment}:{one.field.id}"
    known = is_value(code)
    cutoff = recipe.cutoff(one.field)
    if recipe.asks == Asks.EVERYTHING:
        known = known & is_value(f"here:{one.field.id}")
    elif cutoff is not None:
        known = known & is_since(code, cutoff)
    return known.fill_null(NO)
