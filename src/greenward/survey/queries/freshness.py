"""Which answers still count on a day: each is valid for so many months from when it was last said.

The field dictionary says for how many (``Field.valid_months``); what was said again counts from then.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import polars as pl
from django.conf import settings

from greenward.core.clock import end_of
from greenward.core.months import after_months, months_before
from greenward.packs.schema.forms import Field, Form
from greenward.survey.queries.values import MANY, Value, copied

PLACE = "place_id"
SAID = """
    SELECT e.place_id, {fresh}
    FROM survey_entry e
    WHERE e.level = %(level)s AND e.at < %(until)s AND e.way <> 'undo' {only} {known}
      AND (e.file_id IS NULL OR e.file_id NOT IN (
        SELECT undone.file_id FROM survey_entry undone
        WHERE undone.way = 'undo' AND undone.file_id IS NOT NULL AND undone.at < %(until)s))
    GROUP BY e.place_id
"""
FRESH = """coalesce(bool_or(
    jsonb_exists(e.values, %(field_{n})s)
    AND coalesce(e.observed_on, (e.at AT TIME ZONE %(zone)s)::date) >= %(since_{n})s), false)"""

WHEN = """max(CASE WHEN jsonb_exists(e.values, %(field_{n})s)
    THEN coalesce(e.observed_on, (e.at AT TIME ZONE %(zone)s)::date) END)"""


def valid_until(field: Field, value: Value) -> date | None:
    """Return the last day on which an answer counts; None where it counts until it is changed."""
    return None if field.valid_months is None else after_months(value.true_on, field.valid_months)


def fresh_values(
    answers: pl.DataFrame, form: Form, as_of: date, names: Collection[str], *, until: int | None = None
) -> pl.DataFrame:
    """Return a form's answers without those that have expired by ``as_of``; they are null then.

    ``answers`` and ``until`` as from ``values_frame``; only the fields in ``names`` are looked at. One query
    where one of them expires at all, none otherwise.
    """
    fields = {one.id: one.valid_months for one in form.fields if one.id in names and one.valid_months}
    if not fields or not answers.height:
        return answers
    fresh = _said(form, as_of, answers[PLACE].to_list(), fields, until)
    joined = answers.join(fresh, on=PLACE, how="left", maintain_order="left")
    kept = [pl.when(pl.col(_mark(name))).then(pl.col(name)).alias(name) for name in fields]
    return joined.with_columns(kept).drop(_mark(name) for name in fields)


def said_on(form: Form, as_of: date, places: Sequence[int], names: Sequence[str]) -> pl.DataFrame:
    """Return a row per place that was told of: per field the day it was last said, null for never."""
    fields = dict.fromkeys(names, 0)
    found = _rows(WHEN, form, as_of, places, fields, None)
    return found.rename({_mark(name): name for name in fields}).with_columns(
        pl.col(name).str.to_date() for name in fields
    )


def _said(
    form: Form, as_of: date, places: Sequence[int], fields: Mapping[str, int], until: int | None
) -> pl.DataFrame:
    """Return a row per place that was told of: per field whether it was said late enough to count."""
    found = _rows(FRESH, form, as_of, places, fields, until)
    return found.with_columns(pl.col(_mark(name)) == "t" for name in fields)


def _rows(  # noqa: PLR0917 - what the two ask alike
    column: str,
    form: Form,
    as_of: date,
    places: Sequence[int],
    fields: Mapping[str, int],
    until: int | None,
) -> pl.DataFrame:
    """Return a row per place that was told of, with the same said of each field (name to months)."""
    some = len(places) <= MANY
    parameters: dict[str, object] = {
        "level": form.level,
        "until": end_of(as_of),
        "places": list(places) if some else None,
        "newest": until,
        "zone": settings.TIME_ZONE,
    }
    for number, (name, months) in enumerate(fields.items()):
        parameters |= {f"field_{number}": name, f"since_{number}": months_before(as_of, months)}
    statement = SAID.format(
        fresh=", ".join(column.format(n=number) for number in range(len(fields))),
        only="AND e.place_id = ANY(%(places)s)" if some else "",
        known="" if until is None else "AND e.id <= %(newest)s",
    )
    schema: dict[str, pl.DataType] = {PLACE: pl.Int64(), **{_mark(name): pl.String() for name in fields}}
    return copied(statement, parameters, schema)


def _mark(name: str) -> str:
    return f"{name}.fresh"
