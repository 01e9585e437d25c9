"""Finding what is suspicious, each kind over all places at once; nothing here reads the database.

Frames hold ``place_id``, ``community_id``, ``peers`` (the code of the district) and a typed column per field.
Every search returns :data:`FOUND`.
"""

from collections.abc import Iterable, Sequence
from datetime import date

import polars as pl

from greenward.packs import rules
from greenward.packs.schema.forms import Check, CrossCheck, Field, Form
from greenward.survey.quality.scores import FAR, robust_score
from greenward.survey.states import Suspect

FOUND: dict[str, pl.DataType] = {
    "place_id": pl.Int64(),
    "community_id": pl.Int64(),
    "kind": pl.String(),
    "code": pl.String(),
    "field": pl.String(),
    "now": pl.String(),
    "against": pl.String(),
    "by": pl.String(),
}
"""``code`` names the suspicion at its place, ``now`` is the value (of a check: a JSON object of all that it
names), ``against`` what it is held against, and ``by`` who says that (another place's code, or source)."""
NUMERIC = ("count", "number")
PLACES = 8
"""Decimals of what is told of a size or ratio."""
FEWEST_COPIED = 8
"""Fewer equal numbers are chance."""
DISTINCT_COPIED = 4
"""So many of them must differ from one another: a row of zeros is no copy."""


def nothing() -> pl.DataFrame:
    """Return an empty finding."""
    return pl.DataFrame(schema=FOUND)


def numbers(form: Form) -> list[Field]:
    """Return the form's fields that hold sizes."""
    return [field for field in form.fields if field.type in NUMERIC]


def broken_checks(
    frame: pl.DataFrame, checks: Sequence[Check | CrossCheck], day: date, kind: Suspect
) -> pl.DataFrame:
    """Return the rows that break a check: its rule is false; what is unknown breaks nothing."""
    found = []
    for check in checks:
        named = rules.reader().names(check.rule)
        if not named <= set(frame.columns):
            continue
        holds = rules.reader().column(check.rule, day).fill_null(value=True)
        wrong = frame.lazy().with_columns(holds.alias("#holds")).filter(~pl.col("#holds")).collect()
        values = pl.struct(*sorted(named)).struct.json_encode()
        found.append(
            _found(wrong.with_columns(values.alias("#now")), kind, check.id, code=check.id, now="#now")
        )
    return _together(found)


def jumps(now: pl.DataFrame, before: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Return numbers that moved since the round before by more than their field usually does.

    Of what was zero or unknown before, nothing is said.
    """
    watched = [field for field in numbers(form) if field.usual_change is not None]
    if not watched or not before.height:
        return nothing()
    both = now.join(
        before.select("place_id", *(pl.col(f.id).alias(f"<{f.id}") for f in watched)), on="place_id"
    )
    found = []
    for field in watched:
        was, share = pl.col(f"<{field.id}"), float(field.usual_change or 0)
        moved = both.filter((was != 0) & ((pl.col(field.id) - was).abs() > share * was.abs()))
        found.append(
            _found(moved, Suspect.JUMP, field.id, field=field.id, now=field.id, against=f"<{field.id}")
        )
    return _together(found)


def outliers(frame: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Return numbers far from those of the same district, compared by size or per what the field names."""
    found = []
    for field in numbers(form):
        value = pl.col(field.id).cast(pl.Float64)
        if field.compare_by is not None and field.compare_by in frame.columns:
            per = pl.col(field.compare_by).cast(pl.Float64)
            value = pl.when(per > 0).then(value / per)
        elif field.usual_change is None:
            continue
        scored = frame.with_columns(value.alias("#size")).with_columns(
            robust_score(pl.col("#size"), "peers").alias("#score"),
            pl.col("#size").median().over("peers").round(PLACES).alias("#middle"),
            pl.col("#size").round(PLACES),
        )
        far = scored.filter(pl.col("#score").abs() > FAR)
        per_one = pl.lit(field.compare_by, pl.String())
        found.append(
            _found(far, Suspect.OUTLIER, field.id, field=field.id, now="#size", against="#middle", by=per_one)
        )
    return _together(found)


def copies(frame: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Return the places whose numbers are all the same as another place's of the same district."""
    fields = [field.id for field in numbers(form)]
    if not fields:
        return nothing()
    values = pl.concat_list(pl.col(name).cast(pl.Float64) for name in fields)
    rows = frame.select("place_id", "community_id", "peers", values.alias("#all")).with_columns(
        pl.col("#all").list.drop_nulls().list.len().alias("#known"),
        pl.col("#all").list.drop_nulls().list.n_unique().alias("#distinct"),
        pl.col("#all")
        .cast(pl.List(pl.String))
        .list.eval(pl.element().fill_null("?"))
        .list.join(" ")
        .alias("#text"),
    )
    rows = rows.filter((pl.col("#known") >= FEWEST_COPIED) & (pl.col("#distinct") >= DISTINCT_COPIED))
    twins = rows.with_columns(
        pl.len().over("peers", "#text").alias("#same"),
        pl.col("place_id").first().over("peers", "#text").alias("#first"),
        pl.col("place_id").last().over("peers", "#text").alias("#last"),
    ).filter(pl.col("#same") > 1)
    other = pl.when(pl.col("#first") == pl.col("place_id")).then("#last").otherwise("#first").cast(pl.String)
    return _found(twins, Suspect.COPIED, "numbers", now="#known", against="#same", by=other)


def disagreements(said: pl.DataFrame, fields: Iterable[Field]) -> pl.DataFrame:
    """Return fields of which two sources say different things: the newest of each source is held.

    ``said``: place_id, community_id, field, value (JSON text), source, entry; one row per place, field and
    source.
    """
    known = {field.id for field in fields}
    rows = said.filter(pl.col("field").is_in(known) & (pl.col("value") != "null")).sort("entry")
    number = pl.col("value").cast(pl.Float64, strict=False)
    told = rows.with_columns(pl.coalesce(number.cast(pl.String), "value").alias("#plain"))
    group = ["place_id", "community_id", "field"]
    apart = told.group_by(group, maintain_order=True).agg(
        pl.col("#plain").n_unique().alias("#values"),
        pl.col("value").last().alias("#now"),
        pl.struct("value", "source", "#plain").alias("#told"),
        pl.col("#plain").last().alias("#newest"),
    )
    apart = apart.filter(pl.col("#values") > 1)
    other = apart.explode("#told").unnest("#told").filter(pl.col("#plain") != pl.col("#newest"))
    other = other.unique(group, keep="last", maintain_order=True)
    return other.select(
        "place_id",
        "community_id",
        pl.lit(Suspect.DISAGREEMENT.value).alias("kind"),
        pl.format("disagreement:{}", "field").alias("code"),
        "field",
        pl.col("#now").alias("now"),
        pl.col("value").alias("against"),
        pl.col("source").alias("by"),
    ).cast(FOUND)  # type: ignore[arg-type]  # polars' schema of instances


def _found(
    rows: pl.DataFrame,
    kind: Suspect,
    name: str,
    *,
    code: str | None = None,
    field: str | None = None,
    now: str | None = None,
    against: str | None = None,
    by: pl.Expr | None = None,
) -> pl.DataFrame:
    text = pl.String()
    return rows.select(
        pl.col("place_id").cast(pl.Int64),
        pl.col("community_id").cast(pl.Int64),
        pl.lit(kind.value).alias("kind"),
        pl.lit(code or f"{kind.value}:{name}").alias("code"),
        pl.lit(field, text).alias("field"),
        (pl.col(now).cast(text) if now else pl.lit(None, text)).alias("now"),
        (pl.col(against).cast(text) if against else pl.lit(None, text)).alias("against"),
        (by if by is not None else pl.lit(None, text)).alias("by"),
    )


def _together(found: Sequence[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat([nothing(), *found])
