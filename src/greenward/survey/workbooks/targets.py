"""Whose entry a row becomes: the community itself, or one of its units, known or yet to be made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from greenward.packs.schema.forms import Form
from greenward.survey.queries.values import MANY
from greenward.survey.workbooks.communities import ID, TEXT, rows_of
from greenward.territories.models import Level
from greenward.territories.queries import versions_on

UNITS: dict[str, pl.DataType] = {"parent_id": ID, "unit": TEXT, "place_id": ID}


@dataclass(frozen=True)
class Ground:
    """What rows are held against: the communities within reach, and the compounds that the file will make."""

    within: pl.DataFrame
    today: date
    fresh: pl.DataFrame


def nothing_fresh() -> pl.DataFrame:
    """Return no compounds: ``community_id`` and ``unit`` (its name) of those that a file will make."""
    return pl.DataFrame(schema={"community_id": ID, "unit": TEXT})


def with_targets(rows: pl.DataFrame, form: Form, ground: Ground) -> pl.DataFrame:
    """Return the rows with whose entry each will be.

    ``name`` is the community's, ``compound`` and ``unit`` are names as written (null where there is none),
    ``parent_id`` is the place that a unit stands under, and ``place_id`` is null for a unit that does not
    exist yet. The same target twice: ``row_twice`` from the second row on.
    """
    rows = rows.join(
        ground.within.select("community_id", "name"), on="community_id", how="left", maintain_order="left"
    ).with_columns(name=pl.coalesce("name", "community"))
    if form.level == Level.COMMUNITY.value:
        nobody = pl.lit(None, TEXT)
        own = rows.with_columns(
            compound=nobody, unit=nobody, parent_id=pl.lit(None, ID), place_id="community_id"
        )
        return once(own, ["place_id"])
    key = pl.col(f"={form.key}").cast(TEXT) if f"={form.key}" in rows.columns else pl.lit(None, TEXT)
    rows = rows.with_columns(unit=key.str.strip_chars())
    rows = _with_compound(rows, ground) if form.level == Level.BUILDING.value else _in_community(rows)
    rows = _wrong_where(rows, pl.col("unit").is_null() | (pl.col("unit") == ""), _missing(form))
    rows = _joined(rows, known_units(form.level, form.sort or "", rows["parent_id"], ground.today))
    return once(rows, ["community_id", "#compound", "#unit"]).drop("#compound", "#unit")


def known_units(level: str, sort: str, parents: pl.Series, day: date) -> pl.DataFrame:
    """Return the standing units of a level (and sort) below the parents: :data:`UNITS`."""
    ids = parents.drop_nulls().unique().to_list()
    found = versions_on(day).filter(place__level=level, sort=sort)
    if len(ids) <= MANY:
        found = found.filter(parent__in=ids)
    return rows_of(found.values_list("parent_id", "name", "place_id"), UNITS)


def alike(text: str) -> pl.Expr:
    """Return a column of names without spaces, width and case: what people take for one name."""
    return pl.col(text).str.normalize("NFKC").str.replace_all(r"\s+", "").str.to_lowercase()


def once(rows: pl.DataFrame, target: Sequence[str]) -> pl.DataFrame:
    """Return the rows with ``row_twice`` where an earlier sound row has the same target."""
    sound = pl.col("where_problem").is_null()
    again = sound & (pl.int_range(pl.len()).over([*target, sound]) > 0)
    return rows.with_columns(
        where_problem=pl.when(again).then(pl.lit("row_twice")).otherwise("where_problem")
    )


def _missing(form: Form) -> str:
    return "compound_name_missing" if form.level == Level.COMPOUND.value else "unit_name_missing"


def _in_community(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(compound=pl.lit(None, TEXT), parent_id="community_id").with_columns(
        alike("compound").alias("#compound")
    )


def _with_compound(rows: pl.DataFrame, ground: Ground) -> pl.DataFrame:
    """Return the rows of buildings with the compound that each names; it is known, or made by the file."""
    written = pl.col("compound") if "compound" in rows.columns else pl.lit(None, TEXT)
    rows = rows.with_columns(compound=written.str.strip_chars()).with_columns(
        alike("compound").alias("#compound")
    )
    known = known_units(Level.COMPOUND.value, "", rows["community_id"], ground.today)
    known = known.with_columns(alike("unit").alias("#compound"))
    known = known.unique(["parent_id", "#compound"], keep="none")
    known = known.select(pl.col("parent_id").alias("community_id"), "#compound", parent_id="place_id")
    fresh = ground.fresh.select("community_id", alike("unit").alias("#compound"), made=True).unique()
    rows = rows.join(known, on=["community_id", "#compound"], how="left", maintain_order="left")
    rows = rows.join(fresh, on=["community_id", "#compound"], how="left", maintain_order="left")
    rows = _wrong_where(rows, pl.col("compound").is_null(), "compound_name_missing")
    nowhere = pl.col("parent_id").is_null() & pl.col("made").is_null()
    return _wrong_where(rows, nowhere, "compound_not_found").drop("made")


def _joined(rows: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with ``place_id``: of the unit of this very name, else of the only one alike."""
    rows = rows.with_columns(alike("unit").alias("#unit"))
    exact = known.unique(["parent_id", "unit"], keep="first")
    close = known.with_columns(alike("unit").alias("#unit")).unique(["parent_id", "#unit"], keep="none")
    close = close.select("parent_id", "#unit", close_id="place_id")
    rows = rows.join(exact, on=["parent_id", "unit"], how="left", maintain_order="left")
    rows = rows.join(close, on=["parent_id", "#unit"], how="left", maintain_order="left")
    return rows.with_columns(place_id=pl.coalesce("place_id", "close_id")).drop("close_id")


def _wrong_where(rows: pl.DataFrame, wrong: pl.Expr, code: str) -> pl.DataFrame:
    return rows.with_columns(
        where_problem=pl.when(pl.col("where_problem").is_null() & wrong)
        .then(pl.lit(code))
        .otherwise("where_problem")
    )
