"""Where values come from, for many places at once: one row per place and field."""

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl

from greenward.core.clock import end_of
from greenward.survey.models import Entry
from greenward.survey.queries.values import copied, day_of, source_of
from greenward.territories.models import Level

MENTIONS = """
    SELECT place_id, field, max(id) FILTER (WHERE changed), max(id)
    FROM (
        SELECT e.place_id, e.id, kv.key AS field, kv.value IS DISTINCT FROM lag(kv.value)
               OVER (PARTITION BY e.place_id, kv.key ORDER BY e.id) AS changed
        FROM survey_entry e CROSS JOIN LATERAL jsonb_each(e.values) kv
        WHERE e.level = %(level)s AND e.at < %(until)s AND e.place_id = ANY(%(places)s)
          AND kv.key = ANY(%(fields)s) AND e.way <> 'undo'
          AND (e.file_id IS NULL OR NOT EXISTS (
              SELECT 1 FROM survey_entry u WHERE u.place_id = e.place_id AND u.file_id = e.file_id
              AND u.way = 'undo' AND u.at < %(until)s))
    ) mentions
    GROUP BY place_id, field
"""
SHAPE = {"place_id": pl.Int64(), "field": pl.String(), "gave": pl.Int64(), "confirmed": pl.Int64()}


def sources_frame(level: Level, places: Sequence[int], fields: Collection[str], as_of: date) -> pl.DataFrame:
    """Return ``place_id``, ``field``, ``source`` (in words), ``on``, ``confirmed_on`` and ``entry``.

    ``on`` is the day on which the value was first true, ``confirmed_on`` the last day on which somebody said
    the same, null where nobody did; ``entry`` is the number of the entry that gave the value. Undone imports
    are no source. Two queries.
    """
    parameters = {
        "level": level.value,
        "until": end_of(as_of),
        "places": list(places),
        "fields": list(fields),
    }
    found = copied(MENTIONS, parameters, SHAPE)
    told = _entries(pl.concat([found["gave"], found["confirmed"]]).drop_nulls().unique().to_list())
    found = found.join(told, left_on="gave", right_on="id", how="left")
    again = told.select("id", confirmed_on="on")
    found = found.join(again, left_on="confirmed", right_on="id", how="left")
    repeated = pl.col("confirmed") != pl.col("gave")
    return found.select(
        "place_id",
        "field",
        "source",
        "on",
        pl.when(repeated).then(pl.col("confirmed_on")).alias("confirmed_on"),
        pl.col("gave").alias("entry"),
    )


def _entries(numbers: list[int]) -> pl.DataFrame:
    """Return ``id``, ``source`` and ``on`` of the entries."""
    left_out = ("values", "reasons", "file__content", "file__plan", "file__report")
    entries = Entry.objects.filter(pk__in=numbers).select_related("by", "file").defer(*left_out)
    rows = [(entry.pk, source_of(entry), day_of(entry)) for entry in entries]
    return pl.DataFrame(rows, {"id": pl.Int64(), "source": pl.String(), "on": pl.Date()}, orient="row")
