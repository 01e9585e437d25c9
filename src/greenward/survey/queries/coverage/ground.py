"""Whom a round concerns: the communities due on its reference date, and the units that belong to them."""

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl
from django.db import connection

from greenward.survey.queries.coverage.asking import Kind, Recipe
from greenward.survey.queries.values import copied
from greenward.territories.models import Level
from greenward.territories.queries import urban_communities

PLACE, COMMUNITY = "#place", "#community"
DEPTHS = 4
"""Down to a community a path has at most so many codes: city, district, subdistrict, community."""

UNITS = """
    WITH under AS (
        SELECT DISTINCT v.place_id, c.id AS community_id, p.level, v.sort
        FROM unnest(%(communities)s::bigint[]) AS c(id)
        JOIN territories_placeversion w ON w.parent_id = c.id
            AND (w.during @> %(reference)s::date OR w.during @> %(on)s::date)
        JOIN territories_placeversion v ON v.place_id = w.place_id AND v.during @> %(on)s::date
        JOIN territories_place p ON p.id = v.place_id AND p.level IN ('compound', 'facility')
        LEFT JOIN territories_placeversion r ON r.place_id = v.place_id AND r.during @> %(reference)s::date
        WHERE coalesce(r.parent_id, v.parent_id) = c.id
    ), inside AS (
        SELECT DISTINCT v.place_id, u.community_id, 'building', v.sort
        FROM under u
        JOIN territories_placeversion w ON w.parent_id = u.place_id
            AND (w.during @> %(reference)s::date OR w.during @> %(on)s::date)
        JOIN territories_placeversion v ON v.place_id = w.place_id AND v.during @> %(on)s::date
        LEFT JOIN territories_placeversion r ON r.place_id = v.place_id AND r.during @> %(reference)s::date
        WHERE u.level = 'compound' AND %(buildings)s AND coalesce(r.parent_id, v.parent_id) = u.place_id
    )
    SELECT * FROM under UNION ALL SELECT * FROM inside
"""
"""Units that still stand on the day, under the community to which they belonged on the reference date; one
that came later under the one where it stands. So a community that was merged since keeps its compounds."""

ABOVE = """
    SELECT DISTINCT c.id
    FROM territories_placeversion v
    CROSS JOIN LATERAL unnest(string_to_array(v.path, '/')) AS a(code)
    JOIN territories_place c ON c.code = a.code AND c.level = 'community'
    WHERE v.place_id = ANY(%s)
"""


def communities_due(reference_on: date) -> pl.DataFrame:
    """Return every community due, sorted by path.

    Columns: ``#community``, ``path``, ``at1`` … (the codes of the places above it and its own, by depth) and
    ``order`` (its rank by pinyin).
    """
    shape: dict[str, pl.DataType] = {COMMUNITY: pl.Int64(), "path": pl.String(), "pinyin": pl.String()}
    due = urban_communities(reference_on).values_list("place_id", "path", "pinyin")
    found = copied(*due.query.sql_with_params(), shape)
    codes = pl.col("path").str.split("/")
    return found.sort("path").select(
        COMMUNITY,
        "path",
        *(codes.list.get(depth, null_on_oob=True).alias(f"at{depth}") for depth in range(1, DEPTHS)),
        pl.struct("pinyin", "path").rank("ordinal").cast(pl.UInt32).alias("order"),
    )


def units_under(recipe: Recipe, communities: Sequence[int]) -> pl.DataFrame:
    """Return the units of these communities that the round asks about or counts.

    Columns: ``#place``, ``#community``, ``level``, ``sort``. One query.
    """
    schema = {PLACE: pl.Int64(), COMMUNITY: pl.Int64(), "level": pl.String(), "sort": pl.String()}
    if recipe.kinds.keys() <= {Kind(Level.COMMUNITY.value)}:
        return pl.DataFrame(schema=schema)
    parameters = {
        "communities": list(communities),
        "reference": recipe.reference_on,
        "on": recipe.as_of,
        "buildings": Kind(Level.BUILDING.value) in recipe.kinds,
    }
    return copied(UNITS, parameters, schema).with_columns(pl.col("sort").fill_null(""))


def communities_above(places: Collection[int]) -> set[int]:
    """Return the communities that these places are or ever stood in."""
    if not places:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [list(places)])
        return {pk for (pk,) in cursor.fetchall()}
