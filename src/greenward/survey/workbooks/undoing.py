"""Taking an import back: what stands in the way, and the entries that lay the earlier values over its own."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

LATER = """
    SELECT min(later.id)
    FROM survey_entry mine
    JOIN survey_entry later ON later.place_id = mine.place_id AND later.id > mine.id
    LEFT JOIN survey_importfile source ON source.id = later.file_id
    WHERE mine.file_id = %(file)s AND later.file_id IS DISTINCT FROM mine.file_id
      AND source.state IS DISTINCT FROM 'undone'
      AND EXISTS (SELECT 1 FROM jsonb_object_keys(later.values) AS name WHERE mine.values ? name)
"""
"""The first entry of another source that says something of the same fields of the same places."""

BACK = """
    INSERT INTO survey_entry
        (round_id, form, level, place_id, values, way, at, by_id, file_id, sheet, row)
    SELECT mine.round_id, mine.form, mine.level, mine.place_id,
           (SELECT jsonb_object_agg(name, before.kept -> name) FROM jsonb_object_keys(mine.values) AS name),
           'undo', %(at)s, %(by)s, mine.file_id, mine.sheet, mine.row
    FROM survey_entry mine
    LEFT JOIN LATERAL (
        SELECT jsonb_merge(e.values ORDER BY e.id) AS kept
        FROM survey_entry e LEFT JOIN survey_importfile source ON source.id = e.file_id
        WHERE e.place_id = mine.place_id AND e.id < mine.id AND e.file_id IS DISTINCT FROM mine.file_id
          AND source.state IS DISTINCT FROM 'undone'
    ) before ON true
    WHERE mine.file_id = %(file)s
    ORDER BY mine.id
"""

COMMUNITIES = """
    SELECT DISTINCT coalesce(above.parent_id, own.parent_id, mine.place_id)
    FROM (SELECT DISTINCT place_id, level FROM survey_entry WHERE file_id = %(file)s) mine
    LEFT JOIN territories_placeversion own
        ON own.place_id = mine.place_id AND own.during @> %(day)s::date AND mine.level <> 'community'
    LEFT JOIN territories_placeversion above
        ON above.place_id = own.parent_id AND above.during @> %(day)s::date AND mine.level = 'building'
"""

USED = """
    SELECT place_id FROM survey_entry e LEFT JOIN survey_importfile source ON source.id = e.file_id
    WHERE e.place_id = ANY(%(places)s) AND e.file_id IS DISTINCT FROM %(file)s
      AND source.state IS DISTINCT FROM 'undone'
    UNION SELECT place_id FROM survey_remark WHERE place_id = ANY(%(places)s)
    UNION SELECT place_id FROM survey_returnedfield WHERE place_id = ANY(%(places)s)
    UNION SELECT parent_id FROM territories_placeversion
    WHERE parent_id = ANY(%(places)s) AND place_id <> ALL(%(places)s)
      AND NOT isempty(during) AND upper(during) IS NULL
    UNION SELECT v.place_id FROM territories_placeversion v JOIN territories_placeevent w ON w.id = v.event_id
    WHERE v.place_id = ANY(%(places)s) AND w.kind <> 'create'
"""
"""Of units that the import made, those that somebody else has used since."""


@dataclass(frozen=True)
class Touched:
    """The communities that an import touched, and the entry that was built on it (None: none)."""

    communities: frozenset[int]
    later: int | None


def touched(file: int, day: date) -> Touched:
    """Return what an import touched; ``day`` says which units stand under which community."""
    with connection.cursor() as cursor:
        cursor.execute(LATER, {"file": file})
        later = cursor.fetchone()[0]
        cursor.execute(COMMUNITIES, {"file": file, "day": day})
        return Touched(frozenset(pk for (pk,) in cursor.fetchall()), later)


def lay_back(file: int, *, by: int | None, at: datetime) -> int:
    """Append the entries that take the import back; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(BACK, {"file": file, "by": by, "at": at})
        return int(cursor.rowcount)


def used_units(file: int, places: list[int]) -> set[int]:
    """Return those of the units that anybody but the import has used."""
    with connection.cursor() as cursor:
        cursor.execute(USED, {"file": file, "places": places})
        return {pk for (pk,) in cursor.fetchall()}
