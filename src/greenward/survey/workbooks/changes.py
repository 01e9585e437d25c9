"""Comparing a workbook's rows with what is known: what is new, changed, the same, or newer than the template.

Columns of the rows, by field: ``=`` what the workbook says, ``<`` what is known, ``!`` what this round says,
``@`` what the template knew, ``^`` whether the round asks anew although it is known, ``+`` what to keep.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.conf import settings

from greenward.packs.schema.forms import Field, Form
from greenward.survey.answers.columns import KINDS
from greenward.survey.models import Round
from greenward.survey.queries.values import MANY, copied, decoded
from greenward.survey.states import Asks, Outcome
from greenward.survey.workbooks.communities import ID, TEXT

STANDING = "(file_id IS NULL OR file_id NOT IN (SELECT id FROM survey_importfile WHERE state = 'undone'))"
KNOWN = """
    SELECT place_id, jsonb_merge(values ORDER BY id)::text,
           CASE WHEN NOT bool_and(round_id = %(round)s)
                THEN coalesce(
                    jsonb_merge(values ORDER BY id) FILTER (WHERE round_id = %(round)s), '{{}}'
                )::text
           END,
           {base}
    FROM survey_entry WHERE {which} AND {standing} GROUP BY place_id
"""
BASE = """coalesce(jsonb_merge(values ORDER BY id) FILTER (
    WHERE pg_visible_in_snapshot(transaction::text::xid8, %(seen)s::pg_snapshot)), '{}')::text"""
SAID = """
    SELECT place_id, jsonb_merge(said.days ORDER BY id)::text
    FROM survey_entry e, LATERAL (
        SELECT jsonb_object_agg(name, coalesce(e.observed_on, (e.at AT TIME ZONE %(zone)s)::date)) AS days
        FROM jsonb_object_keys(e.values) AS name WHERE name = ANY(%(fields)s)
    ) said
    WHERE {which} AND said.days IS NOT NULL AND {standing} GROUP BY place_id
"""
"""The day on which each field was last said, so that its validity can be counted."""


@dataclass(frozen=True)
class Knowledge:
    """Which round asks, and the snapshot that the workbook was made in (None: it is no template)."""

    survey_round: Round
    seen: str | None = None


def with_known(rows: pl.DataFrame, knowledge: Knowledge, form: Form, fields: Sequence[Field]) -> pl.DataFrame:
    """Return the rows with the columns ``<``, ``!`` and, for a template, ``@`` and ``^`` of the fields."""
    known = _known(rows, knowledge, form, fields)
    marks = ("<", "!") if knowledge.seen is None else ("<", "!", "@")
    if known.height == 0:
        nothing = [pl.lit(None, column_of(f)).alias(f"{mark}{f.id}") for f in fields for mark in marks]
        return rows.with_columns(*nothing, *(pl.lit(value=True).alias(f"^{f.id}") for f in fields))
    rows = rows.join(known, on="place_id", how="left", maintain_order="left")
    if knowledge.seen is None:
        return rows
    valid = still_valid(rows["place_id"], knowledge.survey_round, form, fields)
    flags = valid.select("place_id", *(f"^{field.id}" for field in fields))
    rows = rows.join(flags, on="place_id", how="left", maintain_order="left")
    return rows.with_columns(pl.col(f"^{field.id}").fill_null(value=True) for field in fields)


def compared(rows: pl.DataFrame, fields: Sequence[Field], *, overrule: bool = False) -> pl.DataFrame:
    """Return the rows of ``with_known`` with ``+`` columns, ``given`` and ``outcome`` (see ``Plan``).

    A value that is newer than the template stands, and the cell that says otherwise is marked in
    ``*field``, unless ``overrule``: then the workbook's goes before it.
    """
    rows = rows.with_columns(
        expression for field in fields for expression in _kept(field, rows.columns, overrule=overrule)
    )
    kept = pl.any_horizontal(pl.col(f"+{field.id}").is_not_null() for field in fields)
    changed = pl.any_horizontal(_is_change(field) for field in fields)
    given = pl.sum_horizontal(pl.col(f"={field.id}").is_not_null() for field in fields)
    return rows.with_columns(
        given=given,
        outcome=pl.when(pl.col("faulty"))
        .then(pl.lit(Outcome.REJECTED.value))
        .when(changed)
        .then(pl.lit(Outcome.CHANGED.value))
        .when(kept)
        .then(pl.lit(Outcome.NEW.value))
        .otherwise(pl.lit(Outcome.UNCHANGED.value)),
    )


def changes_in_words(rows: pl.DataFrame, fields: Sequence[Field]) -> pl.Series:
    """Return for each changed row JSON: field → [old, new]; null for others."""
    changed = pl.col("outcome") == Outcome.CHANGED.value
    pairs = [
        pair(
            field,
            _is_change(field),
            pl.format(
                "[{},{}]", as_json(field, pl.col(f"<{field.id}")), as_json(field, pl.col(f"+{field.id}"))
            ),
        )
        for field in fields
    ]
    texts = rows.lazy().filter(changed).select("index", changes=joined(pairs)).collect()
    return rows.select("index").join(texts, on="index", how="left", maintain_order="left")["changes"]


def _kept(field: Field, columns: Sequence[str], *, overrule: bool) -> list[pl.Expr]:
    new, old, here = pl.col(f"={field.id}"), pl.col(f"<{field.id}"), pl.col(f"!{field.id}")
    differs, unsaid = new.ne_missing(old), new.ne_missing(here)
    kept, passed_over = differs | unsaid, pl.lit(value=False)
    if f"@{field.id}" in columns:
        base = pl.col(f"@{field.id}")
        untouched = new.eq_missing(base)
        passed_over = new.is_not_null() & ~untouched & differs & old.ne_missing(base)
        kept = (~untouched & (differs | unsaid)) | (untouched & ~differs & unsaid & pl.col(f"^{field.id}"))
        kept = kept if overrule else kept & ~passed_over
    mine = pl.when(kept & new.is_not_null()).then(new)
    marked = [passed_over.alias(f"*{field.id}")] if f"@{field.id}" in columns else []
    return [mine.alias(f"+{field.id}"), *marked]


def _is_change(field: Field) -> pl.Expr:
    new, old = pl.col(f"+{field.id}"), pl.col(f"<{field.id}")
    return new.is_not_null() & old.is_not_null() & new.ne_missing(old)


def _known(rows: pl.DataFrame, knowledge: Knowledge, form: Form, fields: Sequence[Field]) -> pl.DataFrame:
    """Return what is known of the rows' places: ``<`` in any round, ``!`` in this, ``@`` before.

    Most places know nothing from elsewhere: then the second is the first, and is not read twice.
    """
    which, parameters = _which(rows["place_id"], form)
    statement = KNOWN.format(which=which, standing=STANDING, base="NULL" if knowledge.seen is None else BASE)
    parameters |= {"round": knowledge.survey_round.pk, "seen": knowledge.seen}
    raw = copied(statement, parameters, {"place_id": ID, "all": TEXT, "here": TEXT, "base": TEXT})
    if raw.height == 0:
        return raw
    known = raw.select("place_id", *marked("<", fields, raw["all"]))
    if raw["here"].null_count() == raw.height:
        known = known.with_columns(pl.col(f"<{field.id}").alias(f"!{field.id}") for field in fields)
    else:
        known = known.with_columns(marked("!", fields, raw.select(pl.coalesce("here", "all"))["here"]))
    return known if knowledge.seen is None else known.with_columns(marked("@", fields, raw["base"]))


def still_valid(places: pl.Series, survey_round: Round, form: Form, fields: Sequence[Field]) -> pl.DataFrame:
    """Return ``place_id``, ``^field``, false where the round need not ask what is known, and ``until field``.

    A value is valid when its months since it was last said reach the round's reference date; without
    months, always. A round that asks everything asks all of it.
    """
    which, parameters = _which(places, form)
    parameters |= {"fields": [field.id for field in fields], "zone": settings.TIME_ZONE}
    raw = copied(SAID.format(which=which, standing=STANDING), parameters, {"place_id": ID, "days": TEXT})
    if raw.height == 0:
        flags = {f"^{field.id}": pl.Boolean() for field in fields}
        return pl.DataFrame(schema={"place_id": ID, **flags, **{f"until {f.id}": pl.Date() for f in fields}})
    days = raw["days"].str.json_decode(pl.Struct({field.id: TEXT for field in fields}))
    said = pl.DataFrame({"place_id": raw["place_id"], "days": days}).unnest("days")
    said = said.with_columns(pl.col(field.id).str.to_date("%Y-%m-%d") for field in fields)
    return said.select(
        "place_id",
        *(_asked_anew(field, survey_round).alias(f"^{field.id}") for field in fields),
        *(_until(field).alias(f"until {field.id}") for field in fields),
    )


def _until(field: Field) -> pl.Expr:
    """Return the last day on which what is known is valid; null where it stays valid."""
    if field.valid_months is None:
        return pl.lit(None, pl.Date())
    return pl.col(field.id).dt.offset_by(f"{field.valid_months}mo")


def _asked_anew(field: Field, survey_round: Round) -> pl.Expr:
    if survey_round.asks == Asks.EVERYTHING:
        return pl.lit(value=True)
    if field.valid_months is None:
        return pl.col(field.id).is_null()
    return (_until(field) < pl.lit(survey_round.reference_on)).fill_null(value=True)


def _which(places: pl.Series, form: Form) -> tuple[str, dict[str, object]]:
    """Name few places one by one; for many it is quicker to read the level."""
    ids = places.drop_nulls().unique()
    if ids.len() <= MANY:
        return "place_id = ANY(%(places)s)", {"places": ids.to_list()}
    return "level = %(level)s", {"level": form.level}


def marked(mark: str, fields: Sequence[Field], kept: pl.Series) -> list[pl.Series]:
    """Return a typed column ``<mark><field>`` per field from entries' JSON; tables as JSON text."""
    plain = [field for field in fields if field.type != "table"]
    columns = kept.to_frame().select(column.name.prefix(mark) for column in decoded(plain, kept))
    tables = [field for field in fields if field.type == "table"]
    if not tables:
        return columns.get_columns()
    whole = [json.loads(text) if text else {} for text in kept]
    return columns.get_columns() + [
        pl.Series(f"{mark}{field.id}", [table_text(one.get(field.id)) for one in whole], dtype=TEXT)
        for field in tables
    ]


def table_text(rows: object) -> str | None:
    """Return a table's rows as JSON in one spelling, without blanks; None for none."""
    if not isinstance(rows, list):
        return None
    filled = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return json.dumps(filled, ensure_ascii=False, sort_keys=True)


def column_of(field: Field) -> pl.DataType:
    """Return the type of a field's columns here: tables, positions and files are text."""
    return KINDS.get(field.type, TEXT)


def as_json(field: Field, column: pl.Expr) -> pl.Expr:
    """Return each answer as JSON text, as entries keep it; null for none."""
    if field.type == "bool":
        return pl.when(column).then(pl.lit("true")).when(~column).then(pl.lit("false"))
    if field.type in {"text", "position", "file"}:
        return _quoted(column)
    if field.type == "choice":
        return pl.format('"{}"', column)
    if field.type == "date":
        return column.dt.strftime('"%Y-%m-%d"')
    return column.cast(TEXT)


def _quoted(column: pl.Expr) -> pl.Expr:
    escaped = column.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
    return pl.format('"{}"', escaped.str.replace_all("\n", "\\n", literal=True))


def pair(field: Field, when: pl.Expr, value: pl.Expr) -> pl.Expr:
    """Return ``"field":value`` where ``when`` holds, else null."""
    return pl.when(when).then(pl.format('"{}":{}', pl.lit(field.id), value))


def joined(pairs: Sequence[pl.Expr]) -> pl.Expr:
    """Join the pairs that there are into a JSON object; null when there are none."""
    inside = pl.concat_str(pairs, separator=",", ignore_nulls=True)
    return pl.when(inside.str.len_bytes() > 0).then(pl.format("{{{}}}", inside))


def kept_json(fields: Sequence[Field]) -> pl.Expr:
    """Return what a row keeps as the JSON of its entry; null when it is nothing."""
    return joined(
        [
            pair(field, pl.col(f"+{field.id}").is_not_null(), as_json(field, pl.col(f"+{field.id}")))
            for field in fields
        ]
    )
