"""What a round asks of each place and how far it is answered, column by column, added up by community."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

import polars as pl

from greenward.packs import rules
from greenward.survey.queries.coverage.asking import Asked, Kind, Recipe, named_in_conditions
from greenward.survey.queries.coverage.ground import COMMUNITY, PLACE, units_under
from greenward.survey.queries.coverage.mentions import (
    EPOCH,
    HERE,
    Mentions,
    day_of,
    entries_at,
    is_value,
    mentions_in,
)
from greenward.survey.states import Asks
from greenward.territories.models import Level

CHUNK = 10_000
"""Communities judged at once: bounds the memory, whatever the nation's size."""
FIGURES = ("asked", "known", "expired", "left", "lacking", "compounds")
"""What is counted of a community and its units, in fields (``compounds``: in units)."""
COUNT = pl.UInt32

Terms = tuple[str | None, ...]
"""Conditions of which one must not fail; None among them is none at all."""

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


@dataclass(frozen=True)
class Judged:
    """What a round asks of all places of one kind.

    ``places``: ``#place``, ``#community`` and ``#here`` (the round touched it). ``fields``: a row per place
    and field, ``#place``, ``#community``, ``#field`` (its number among ``asked``), ``bucket`` and whether it
    ``applies``, is ``required``, held ``then`` (when the round opened), is ``valid`` now, was ``known`` then
    (valid or not), and the number ``before`` of its newest mention then.
    """

    kind: Kind
    asked: Sequence[Asked]
    places: pl.DataFrame
    fields: pl.LazyFrame


def judged_places(recipe: Recipe, communities: Sequence[int]) -> Iterator[Judged]:
    """Yield for each kind of place what the round asks of those that stand. Two queries."""
    units = units_under(recipe, communities)
    own = pl.DataFrame(
        {PLACE: communities, COMMUNITY: communities}, schema={PLACE: pl.Int64, COMMUNITY: pl.Int64}
    )
    found = {Kind(Level.COMMUNITY.value): own, **_by_kind(units)}
    concerned = {kind: found[kind] for kind in recipe.kinds if kind in found}
    everywhere = [pk for places in concerned.values() for pk in places[PLACE]]
    entries = entries_at(recipe, everywhere)
    touched = entries.filter(HERE).select(PLACE).unique().with_columns(YES.alias(HERE))
    for kind, places in concerned.items():
        here = places.join(touched, on=PLACE, how="left").with_columns(pl.col(HERE).fill_null(NO))
        said = entries.join(places, on=PLACE, how="semi", maintain_order="left")
        yield Judged(kind, recipe.kinds[kind], here, _judged(recipe, recipe.kinds[kind], places, said))


def _by_kind(units: pl.DataFrame) -> dict[Kind, pl.DataFrame]:
    parts = units.partition_by("level", "sort", as_dict=True, include_key=False)
    return {Kind(level, sort): part for (level, sort), part in parts.items()}


def _tallied(recipe: Recipe, communities: Sequence[int]) -> pl.DataFrame:
    counts = [part for one in judged_places(recipe, communities) for part in _counted(recipe, one)]
    schema = tally_schema(recipe)
    blank = pl.DataFrame({COMMUNITY: communities}, schema={COMMUNITY: pl.Int64})
    together = pl.concat([blank, *pl.collect_all(counts)], how="diagonal")
    lacking = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in schema.items() if name not in together.columns
    ]
    return (
        together.with_columns(lacking)
        .select(*schema)
        .group_by(COMMUNITY)
        .agg(pl.col(HERE).any(), pl.exclude(COMMUNITY, HERE).sum())
        .cast(schema)  # type: ignore[arg-type]  # a mapping of names to types, as polars documents
    )


def _counted(recipe: Recipe, judged: Judged) -> Iterator[pl.LazyFrame]:
    """Yield the figures of the communities that a kind of place adds to."""
    is_compound = judged.kind.level == Level.COMPOUND.value
    compounds = (pl.len() if is_compound else pl.lit(0)).cast(COUNT).alias("compounds")
    yield judged.places.lazy().group_by(COMMUNITY).agg(pl.col(HERE).any(), compounds)
    applies, valid = pl.col("applies"), pl.col("valid")
    asked = applies & ~pl.col("then")
    own = {one.bucket for one in judged.asked}
    figures = {
        "asked": asked,
        "known": applies & pl.col("then"),
        "expired": asked & pl.col("known"),
        "left": applies & ~valid,
        "lacking": pl.col("required") & ~valid,
        **{
            column: asked & (pl.col("bucket") == number)
            for number, (bucket, column) in enumerate(bucket_names(recipe).items())
            if bucket in own
        },
    }
    sums = [figure.sum().cast(COUNT).alias(name) for name, figure in figures.items()]
    yield judged.fields.group_by(COMMUNITY).agg(sums)


def _judged(
    recipe: Recipe, asked: Sequence[Asked], places: pl.DataFrame, entries: pl.DataFrame
) -> pl.LazyFrame:
    mentions = mentions_in(entries, [one.field for one in asked])
    conditions = _conditions(asked)
    terms = _terms(recipe, asked, conditions)
    is_plain = pl.col("#when").is_null() & pl.col("#demand").is_null()
    cells = places.lazy().join(terms.lazy().filter(is_plain), how="cross")
    grid = cells.with_columns(YES.alias("applies"), YES.alias("required"))
    if conditions:
        held = _held(recipe, asked, conditions, places, mentions).lazy()
        cells = places.lazy().join(terms.lazy().filter(~is_plain), how="cross")
        for name, condition in (("applies", "#when"), ("required", "#demand")):
            meant = held.rename({"#holds": name, "#condition": condition})
            cells = cells.join(meant, on=[PLACE, condition], how="left")
        grid = pl.concat([grid, cells])
    grid = grid.join(mentions.newest.lazy(), on=[PLACE, "#field"], how="left")
    now, then = _valid(recipe, "now"), _valid(recipe, "before")
    return grid.select(
        PLACE,
        COMMUNITY,
        "#field",
        "bucket",
        "before",
        pl.col("applies").fill_null(YES),
        pl.col("required").fill_null(YES) & pl.col("#demanded"),
        (NO if recipe.asks == Asks.EVERYTHING else then).alias("then"),
        now.alias("valid"),
        is_value("before").fill_null(NO).alias("known"),
    )


def _conditions(asked: Sequence[Asked]) -> dict[Terms, int]:
    """Return the alternatives under which fields are asked or required, numbered."""
    found = {terms for one in asked for terms in (one.whens, one.demands) if terms and None not in terms}
    return {terms: number for number, terms in enumerate(sorted(found, key=str))}


def _terms(recipe: Recipe, asked: Sequence[Asked], conditions: Mapping[Terms, int]) -> pl.DataFrame:
    """Return one row per field: what decides whether it is asked, required and still valid."""
    buckets = {bucket: number for number, bucket in enumerate(recipe.buckets)}
    rows = [
        (
            number,
            buckets[one.bucket],
            conditions.get(one.whens),
            conditions.get(one.demands),
            bool(one.demands),
            0 if (cutoff := recipe.cutoff(one.field)) is None else (cutoff - EPOCH).days,
        )
        for number, one in enumerate(asked)
    ]
    schema = {
        "#field": pl.UInt16, "bucket": pl.UInt16, "#when": pl.UInt16, "#demand": pl.UInt16,
        "#demanded": pl.Boolean, "#cutoff": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _held(
    recipe: Recipe,
    asked: Sequence[Asked],
    conditions: Mapping[Terms, int],
    places: pl.DataFrame,
    mentions: Mentions,
) -> pl.DataFrame:
    """Return for each place and condition whether any of its alternatives does not fail: unknown does not."""
    named = named_in_conditions(asked)
    fields = [(number, one.field) for number, one in enumerate(asked) if one.field.id in named]
    values = places.lazy().select(PLACE).join(mentions.values_of(fields).lazy(), on=PLACE, how="left")
    column = rules.reader().column
    holds = [
        reduce(or_, (column(rule, recipe.as_of).fill_null(YES) for rule in terms if rule)).alias(str(number))
        for terms, number in conditions.items()
    ]
    long = values.select(PLACE, *holds).unpivot(index=PLACE, variable_name="#condition", value_name="#holds")
    return long.with_columns(pl.col("#condition").cast(pl.UInt16)).collect()


def _valid(recipe: Recipe, code: str) -> pl.Expr:
    """Return whether what a mention says holds for the round."""
    if recipe.asks == Asks.EVERYTHING:
        return (is_value(code) & is_value("here")).fill_null(NO)
    return (is_value(code) & (day_of(code) >= pl.col("#cutoff"))).fill_null(NO)
