"""Who said what last: for each place and field the newest entry that names the field, as one number.

The number packs the entry's rank, the day on which its values were true, its way, and whether it gave a
value or took one back. The newest mention is the greatest number, so that many fields of many places cost
one aggregation.
"""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date

import polars as pl
from django.conf import settings

from greenward.packs.schema.forms import Field
from greenward.survey.answers.columns import KINDS
from greenward.survey.queries.coverage.asking import Recipe
from greenward.survey.queries.coverage.ground import PLACE
from greenward.survey.queries.values import copied, end_of, kind_of
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


def newest_mentions(
    entries: pl.DataFrame, fields: Sequence[Field], *, wanted: Collection[str], here: bool
) -> pl.DataFrame:
    """Return one row per place with entries: ``#place``, ``#here`` and numbers per field.

    ``now:<field>`` is its newest mention, ``before:<field>`` the newest before the round opened, with
    ``here`` also ``here:<field>``, the newest in the round itself. The fields ``wanted`` stand there with
    their values.
    """
    said = entries.hstack(_answers(entries["#kept"], fields)).with_columns(_nulls(entries["#kept"]))
    taken = set(said["#nulls"].explode(empty_as_null=True).drop_nulls().unique())
    number = (
        (pl.int_range(pl.len(), dtype=pl.Int64) * DAYS + pl.col("#day")) * WAYS
        + pl.col("#way").replace_strict(WAY, return_dtype=pl.Int64)
    ) * 2
    codes = (
        said.lazy()
        .with_columns(number.alias("#number"))
        .select(PLACE, HERE, *_codes(fields, taken, here=here))
    )
    found = codes.group_by(PLACE).agg(pl.all().max()).collect()
    values = [
        _typed(said[one.id].gather(found[f"now:{one.id}"] // (DAYS * WAYS * 2)), one)
        for one in fields
        if one.id in wanted
    ]
    return found.hstack(values) if values else found


def is_value(code: str) -> pl.Expr:
    """Return whether a mention gave a value; null where there is no mention."""
    return pl.col(code) % 2 == 1


def way_of(code: str) -> pl.Expr:
    """Return the number of a mention's way."""
    return pl.col(code) // 2 % WAYS


def is_since(code: str, day: date) -> pl.Expr:
    """Return whether what a mention says was true on ``day`` or later."""
    return pl.col(code) // (2 * WAYS) % DAYS >= (day - EPOCH).days


def _codes(fields: Sequence[Field], taken: Collection[str], *, here: bool) -> Iterator[pl.Expr]:
    for name in (one.id for one in fields):
        given = pl.col(name).is_not_null()
        mentioned = given | pl.col("#nulls").list.contains(name) if name in taken else given
        code = pl.col("#number") + given.cast(pl.Int64)
        yield pl.when(mentioned).then(code).alias(f"now:{name}")
        yield pl.when(mentioned & pl.col("#before")).then(code).alias(f"before:{name}")
        if here:
            yield pl.when(mentioned & pl.col(HERE)).then(code).alias(f"here:{name}")


def _answers(kept: pl.Series, fields: Sequence[Field]) -> pl.DataFrame:
    """Return a column per field, null where an entry gives no value: as text, which any value can be."""
    shape = {one.id: kind_of(one) if one.type == "table" else pl.String() for one in fields}
    if kept.is_empty():
        return pl.DataFrame(schema=shape)
    return kept.str.json_decode(pl.Struct(shape)).struct.unnest()


def _typed(text: pl.Series, one: Field) -> pl.Series:
    kind = KINDS.get(one.type, pl.String())
    if kind == pl.Boolean():
        return text == "true"
    if kind == pl.Date():
        return text.str.to_date("%Y-%m-%d", strict=False)
    return text if kind == pl.String() or one.type == "table" else text.cast(kind, strict=False)


def _nulls(kept: pl.Series) -> pl.Series:
    """Return the fields that each entry takes back: few do, so these few are read one by one."""
    doubtful = kept.str.contains(": null", literal=True)
    found = (
        [
            [name for name, value in json.loads(text).items() if value is None] if has_null else []
            for text, has_null in zip(kept, doubtful, strict=True)
        ]
        if doubtful.any()
        else [[]] * len(kept)
    )
    return pl.Series("#nulls", found, dtype=pl.List(pl.String()))
