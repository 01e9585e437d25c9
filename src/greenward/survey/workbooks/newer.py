"""Cells of a template that would go over a value which is newer than the template: both are shown."""

import json
from collections.abc import Iterator, Sequence

import polars as pl
from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Field
from greenward.survey.answers.single import Answer, from_json
from greenward.survey.answers.words import as_written, in_words
from greenward.survey.models import Entry
from greenward.survey.queries.values import day_of, source_of
from greenward.survey.workbooks.checks import Places
from greenward.survey.workbooks.decisions import NEWER
from greenward.survey.workbooks.problems import Problem, Problems

MOST_SOURCES = 2000


def tell_newer(
    rows: pl.DataFrame, fields: Sequence[Field], warnings: Problems, places: Places, *, why: str
) -> pl.DataFrame:
    """Tell ``warnings`` of every cell marked in ``*field``; return the rows, ``why`` among their reasons.

    Without a reason the newer value stands, and the cell is left out.
    """
    there = [field for field in fields if f"*{field.id}" in rows.columns and rows[f"*{field.id}"].any()]
    if not there:
        return rows
    for field in there:
        group = rows.filter(pl.col(f"*{field.id}"))
        warnings.add(NEWER, group.height, _problems(field, group, places))
    if not why:
        return rows
    passed = pl.any_horizontal(f"*{field.id}" for field in there)
    said = f"{json.dumps(NEWER)}:{json.dumps(why, ensure_ascii=False)}"
    both = (
        pl.when(pl.col("reasons").is_null())
        .then(pl.lit(f"{{{said}}}"))
        .otherwise(pl.concat_str(pl.col("reasons").str.strip_suffix("}"), pl.lit(f",{said}}}")))
    )
    return rows.with_columns(reasons=pl.when(passed).then(both).otherwise("reasons"))


def _problems(field: Field, rows: pl.DataFrame, places: Places) -> Iterator[Problem]:
    sources = _sources(field, rows["place_id"].drop_nulls().head(MOST_SOURCES).to_list())
    columns = ["sheet", "row", "column", "place_id", f"={field.id}", f"<{field.id}"]
    for row in rows.select(columns).iter_rows(named=True):
        line, letter = places.of(row, field.id)
        mine, theirs = (_answer(field, row[f"{mark}{field.id}"]) for mark in ("=", "<"))
        message = _("%(field)s：表格写 %(mine)s，系统里已有更新的 %(theirs)s（%(source)s）。") % {
            "field": field.label,
            "mine": in_words(field, mine),
            "theirs": in_words(field, theirs),
            "source": sources.get(row["place_id"], _("下载模板之后填报")),
        }
        yield Problem(row["sheet"], line, letter, "" if mine is None else as_written(mine), NEWER, message)


def _answer(field: Field, value: object) -> Answer | None:
    if field.type == "table" and isinstance(value, str):
        return from_json(field, json.loads(value))
    return value  # type: ignore[return-value]  # the column has the field's type


def _sources(field: Field, places: Sequence[int]) -> dict[int, str]:
    """Return who said last what is known of the field, by place. One query."""
    found = (
        Entry.objects.filter(place__in=places, values__has_key=field.id)
        .select_related("by", "file")
        .defer("file__content", "file__plan", "file__cells", "file__faults", "file__report")
        .order_by("id")
    )
    return {entry.place_id: f"{source_of(entry)}，{day_of(entry)}" for entry in found}
