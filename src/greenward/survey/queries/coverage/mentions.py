"""Who said what last: for each place and field the newest entry that names the field, as one number.

The number packs the entry's rank, the day on which its values were true, its way, and whether it gave a
value or took one back. The newest mention is the greatest number, so that many fields of many places cost
one aggregation.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.conf import settings

from greenward.core.clock import end_of
from greenward.packs.schema.forms import Field
from greenward.survey.answers.columns import KINDS
from greenward.survey.queries.coverage.asking import Recipe
from greenward.survey.queries.coverage.ground import PLACE
from greenward.survey.queries.values import copied, kind_of
from greenward.survey.states import Way

DAYS, WAYS = 1 << 18, 1 << 4
EPOCH = date(1970, 1, 1)
WAY = {way.value: number for number, way in enumerate(Way)}
HERE = "#here"

ENTRIES = """
    SELECT e.place_id, e.id,
           least(greatest(coalesce(e.observed_on, (e.at AT TIME ZONE %(zone)s)::date) - DATE '1970-01-01', 0),
                 %(last)s),
           coalesce(e.round_id = %(round)s, false)::int,
           (e.at < %(opened)s AND e.round_id IS DISTINCT FROM %(round)s)::int,
           e.file_id, e.way, e.values::text
    FROM unnest(%(places)s::bigint[]) AS t(id)
    JOIN survey_entry e ON e.place_id = t.id
    WHERE e.at < %(until)s
"""
SHAPE = {
    PLACE: pl.Int64(), "#id": pl.Int64(), "#day": pl.Int64(), HERE: pl.Boolean(), "#before": pl.Boolean(),
    "#file": pl.Int64(), "#way": pl.String(), "#kept": pl.String(),
}  # fmt: skip


def entries_at(recipe: Recipe, places: Sequence[int]) -> pl.DataFrame:
    """Return the entries of ``places`` that count as of the recipe's day, oldest first. One query."""
    parameters = {
        "zone": settings.TIME_ZONE,
        "last": DAYS - 1,
        "round": recipe.round_id,
        "opened": recipe.opened,
        "places": list(places),
        "until": end_of(recipe.as_of),
    }
    flags = {HERE: pl.Int8(), "#before": pl.Int8()}
    raw = copied(ENTRIES, parameters, {**SHAPE, **flags})
    raw = raw.with_columns(pl.col(HERE, "#before").cast(pl.Boolean)).sort(PLACE, "#id")
    undone = raw.filter(pl.col("#way") == Way.UNDO.value).select(PLACE, "#file")
    return raw.join(undone, on=[PLACE, "#file"], how="anti", maintain_order="left") if len(undone) else raw


@dataclass(frozen=True)
class Mentions:
    """What entries say of fields, each by its number in the list of fields.

    ``newest``: one row per place and field mentioned, ``#place``, ``#field`` and the numbers of its mentions:
    ``now`` the newest, ``before`` the newest before the round opened, ``here`` the newest in the round.
    ``said``: every mention that gives a value, ``#field``, ``#number`` and ``#text``.
    """

    newest: pl.DataFrame
    said: pl.DataFrame

    def values_of(self, fields: Sequence[tuple[int, Field]]) -> pl.DataFrame:
        """Return one row per place with the newest values of some fields: ``#place`` and a column each."""
        among = pl.col("#field").is_in([number for number, _field in fields])
        wanted = self.newest.filter(among).select(PLACE, "#field", (pl.col("now") // 2 * 2).alias("#number"))
        told = wanted.join(self.said.filter(among), on=["#field", "#number"], how="left")
        wide = told.pivot(on="#field", index=PLACE, values="#text", on_columns=[n for n, _f in fields])
        return wide.select(PLACE, *(_typed(wide[str(number)], one).alias(one.id) for number, one in fields))


def mentions_in(entries: pl.DataFrame, fields: Sequence[Field]) -> Mentions:
    """Return what ``entries`` (from :func:`entries_at`) say of ``fields``."""
    rank = pl.int_range(pl.len(), dtype=pl.Int64)
    way = pl.col("#way").replace_strict(WAY, return_dtype=pl.Int64)
    number = (((rank * DAYS + pl.col("#day")) * WAYS + way) * 2).alias("#number")
    marks = entries.select(PLACE, HERE, "#before", number)
    long = marks.hstack(_texts(entries["#kept"], fields)).unpivot(
        index=marks.columns, variable_name="#field", value_name="#text"
    )
    said = long.lazy().drop_nulls("#text").with_columns(pl.col("#field").cast(pl.UInt16))
    mentions = pl.concat([said, _taken_back(marks, entries["#kept"], fields)])
    code = pl.col("#number") + pl.col("#text").is_not_null()
    newest = (
        mentions.select(
            PLACE,
            "#field",
            code.alias("now"),
            pl.when("#before").then(code).alias("before"),
            pl.when(HERE).then(code).alias("here"),
        )
        .group_by(PLACE, "#field")
        .agg(pl.all().max())
    )
    return Mentions(*pl.collect_all([newest, said.select("#field", "#number", "#text")]))


def is_value(code: str) -> pl.Expr:
    """Return whether a mention gave a value; null where there is no mention."""
    return pl.col(code) % 2 == 1


def way_of(code: str) -> pl.Expr:
    """Return the number of a mention's way."""
    return pl.col(code) // 2 % WAYS


def day_of(code: str) -> pl.Expr:
    """Return the day on which what a mention says was true, in days since 1970."""
    return pl.col(code) // (2 * WAYS) % DAYS


def _texts(kept: pl.Series, fields: Sequence[Field]) -> pl.DataFrame:
    """Return a column per field, named by its number: answers as text, which any can be, or null."""
    shape = {one.id: kind_of(one) if one.type == "table" else pl.String() for one in fields}
    if kept.is_empty():
        return pl.DataFrame(schema={str(number): pl.String() for number in range(len(fields))})
    answers = kept.str.json_decode(pl.Struct(shape)).struct.unnest()
    tables = [
        pl.when(pl.col(one.id).is_not_null()).then(pl.lit("[]")).alias(one.id)
        for one in fields
        if one.type == "table"
    ]
    answers = answers.with_columns(tables) if tables else answers
    return answers.rename({one.id: str(number) for number, one in enumerate(fields)})


def _typed(text: pl.Series, one: Field) -> pl.Series:
    kind = KINDS.get(one.type, pl.String())
    if kind == pl.Boolean():
        return text == "true"
    if kind == pl.Date():
        return text.str.to_date("%Y-%m-%d", strict=False)
    return text if kind == pl.String() else text.cast(kind, strict=False)


def _taken_back(marks: pl.DataFrame, kept: pl.Series, fields: Sequence[Field]) -> pl.LazyFrame:
    """Return the mentions that take a value back: few entries do, so these few are read one by one."""
    numbers = {one.id: number for number, one in enumerate(fields)}
    doubtful = kept.str.contains(": null", literal=True).arg_true().to_list()
    found = [
        (row, numbers[name])
        for row in doubtful
        for name, value in json.loads(kept[row]).items()
        if value is None and name in numbers
    ]
    rows = marks[[row for row, _field in found]] if found else marks.clear()
    taken = pl.Series("#field", [field for _row, field in found], dtype=pl.UInt16)
    return rows.lazy().with_columns(taken, pl.lit(None, dtype=pl.String).alias("#text"))
