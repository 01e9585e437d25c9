"""Comparing a workbook's rows with what is known: what is new, changed, the same."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from greenward.packs.schema.forms import Field, Form
from greenward.survey.answers.columns import KINDS
from greenward.survey.models import Round
from greenward.survey.queries.values import copied, decoded
from greenward.survey.states import Outcome
from greenward.survey.workbooks.communities import ID, TEXT, rows_of
from greenward.territories.models import Level
from greenward.territories.queries import versions_on

KNOWN = """
    SELECT place_id, jsonb_merge(values ORDER BY id)::text,
           CASE WHEN NOT bool_and(round_id = %(round)s)
                THEN coalesce(jsonb_merge(values ORDER BY id) FILTER (WHERE round_id = %(round)s), '{}')::text
           END
    FROM survey_entry WHERE place_id = ANY(%(places)s) GROUP BY place_id
"""


def with_targets(rows: pl.DataFrame, form: Form, within: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return the rows with ``name`` (the community's), ``compound`` and ``place_id``: whose entry it will be.

    A compound that does not exist yet has no ``place_id``. The same target twice: ``row_twice`` from the
    second row on.
    """
    rows = rows.join(
        within.select("community_id", "name"), on="community_id", how="left", maintain_order="left"
    )
    rows = rows.with_columns(name=pl.coalesce("name", "community"))
    if form.level == "community":
        return _once(
            rows.with_columns(compound=pl.lit(None, TEXT), place_id=pl.col("community_id")), ["place_id"]
        )
    key = pl.col(f"={form.key}") if f"={form.key}" in rows.columns else pl.lit(None, TEXT)
    rows = rows.with_columns(compound=key.str.strip_chars()).with_columns(
        where_problem=pl.when(pl.col("where_problem").is_null() & pl.col("compound").is_null())
        .then(pl.lit("compound_name_missing"))
        .otherwise("where_problem")
    )
    known = rows_of(
        versions_on(today).filter(place__level=Level.COMPOUND).values_list("parent_id", "name", "place_id"),
        {"community_id": ID, "compound": TEXT, "place_id": ID},
    )
    rows = rows.join(known, on=["community_id", "compound"], how="left", maintain_order="left")
    return _once(rows, ["community_id", "compound"])


def _once(rows: pl.DataFrame, target: Sequence[str]) -> pl.DataFrame:
    sound = pl.col("where_problem").is_null()
    again = sound & (pl.int_range(pl.len()).over([*target, sound]) > 0)
    return rows.with_columns(
        where_problem=pl.when(again).then(pl.lit("row_twice")).otherwise("where_problem")
    )


def with_known(rows: pl.DataFrame, survey_round: Round, fields: Sequence[Field]) -> pl.DataFrame:
    """Return the rows with ``<field``, what any round knows of the place, and ``!field``, what this does."""
    known = _known(rows, survey_round, fields)
    if known.height:
        return rows.join(known, on="place_id", how="left", maintain_order="left")
    nothing = [pl.lit(None, KINDS[f.type]).alias(f"{mark}{f.id}") for f in fields for mark in ("<", "!")]
    return rows.with_columns(nothing)


def compared(rows: pl.DataFrame, fields: Sequence[Field]) -> pl.DataFrame:
    """Return the rows of ``with_known`` with ``outcome``, ``given``, ``changes``, ``kept`` (see ``Plan``)."""
    kept, changed = [], []
    for field in fields:
        new, old, here = pl.col(f"={field.id}"), pl.col(f"<{field.id}"), pl.col(f"!{field.id}")
        differs = new.is_not_null() & new.ne_missing(old)
        unsaid = new.is_not_null() & new.ne_missing(here)
        kept.append(_pair(field, differs | unsaid, as_json(field, new)))
        both = pl.format("[{},{}]", as_json(field, old), as_json(field, new))
        changed.append(_pair(field, differs & old.is_not_null(), both))
    given = pl.sum_horizontal(pl.col(f"={field.id}").is_not_null() for field in fields)
    rows = rows.with_columns(given=given, kept=_object(kept), changes=_object(changed))
    return rows.with_columns(
        outcome=pl.when(pl.col("faulty"))
        .then(pl.lit(Outcome.REJECTED.value))
        .when(pl.col("changes").is_not_null())
        .then(pl.lit(Outcome.CHANGED.value))
        .when(pl.col("kept").is_not_null())
        .then(pl.lit(Outcome.NEW.value))
        .otherwise(pl.lit(Outcome.UNCHANGED.value))
    ).with_columns(pl.when(~pl.col("faulty")).then(pl.col("kept", "changes")).name.keep())


def _known(rows: pl.DataFrame, survey_round: Round, fields: Sequence[Field]) -> pl.DataFrame:
    """Return what is known of the rows' places: ``<field`` in any round, ``!field`` in this round.

    Most places know nothing from elsewhere: then the second is the first, and is not read twice.
    """
    places = rows["place_id"].drop_nulls().unique().to_list()
    parameters = {"round": survey_round.pk, "places": places}
    raw = copied(KNOWN, parameters, {"place_id": ID, "all": TEXT, "here": TEXT})
    if raw.height == 0:
        return raw
    known = raw.select("place_id", *(column.name.prefix("<") for column in decoded(fields, raw["all"])))
    if raw["here"].null_count() == raw.height:
        return known.with_columns(pl.col(f"<{field.id}").alias(f"!{field.id}") for field in fields)
    here = raw.select(pl.coalesce("here", "all"))["here"]
    return known.with_columns(raw.select(column.name.prefix("!") for column in decoded(fields, here)))


def as_json(field: Field, column: pl.Expr) -> pl.Expr:
    """Return each answer as JSON text, as entries keep it; null for none."""
    if field.type == "bool":
        return pl.when(column).then(pl.lit("true")).when(~column).then(pl.lit("false"))
    if field.type == "text":
        escaped = column.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
        return pl.format('"{}"', escaped.str.replace_all("\n", "\\n", literal=True))
    if field.type == "choice":
        return pl.format('"{}"', column)
    if field.type == "date":
        return column.dt.strftime('"%Y-%m-%d"')
    return column.cast(TEXT)


def _pair(field: Field, when: pl.Expr, value: pl.Expr) -> pl.Expr:
    return pl.when(when).then(pl.format('"{}":{}', pl.lit(field.id), value))


def _object(pairs: Sequence[pl.Expr]) -> pl.Expr:
    """Join the pairs that there are into a JSON object; null when there are none."""
    inside = pl.concat_str(pairs, separator=",", ignore_nulls=True)
    return pl.when(inside.str.len_bytes() > 0).then(pl.format("{{{}}}", inside))
