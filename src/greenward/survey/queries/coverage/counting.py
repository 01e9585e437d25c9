"""The counts of every community in a round, and how they are brought up to date by what is new.

Every update begins with one question to the database: what did transactions write since? It names the
oldest transaction that its snapshot could not be sure of (``pg_snapshot_xmin``); next time everything from
there on is looked at again. So what commits late is never missed, however the transactions interleave.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
from django.db import connection

from greenward.core import clock
from greenward.core.clock import end_of
from greenward.survey.queries.coverage.asking import Recipe
from greenward.survey.queries.coverage.ground import COMMUNITY, communities_above, communities_due
from greenward.survey.queries.coverage.judging import FIGURES, bucket_names, tally
from greenward.survey.queries.coverage.mentions import HERE
from greenward.survey.queries.values import copied
from greenward.survey.states import UNDER_REVIEW, CaseState, Progress
from greenward.territories.models import UNIT_PARENT

NEWS = """
    WITH seen AS (
        SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest,
               pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next,
               pg_current_xact_id_if_assigned()::text::bigint AS own
    )
    SELECT oldest, own,
        ARRAY(SELECT DISTINCT place_id FROM survey_entry
              WHERE transaction >= %(since)s AND transaction <= greatest(next, own)),
        ARRAY(SELECT DISTINCT c.place_id FROM survey_step s JOIN survey_case c ON c.id = s.case_id
              WHERE c.round_id = %(round)s AND s.transaction >= %(since)s
              AND s.transaction <= greatest(next, own)),
        ARRAY(SELECT id FROM territories_placeevent
              WHERE transaction >= %(since)s AND transaction <= greatest(next, own))
    FROM seen
"""
"""Rows of a restored database may bear numbers that this server has not come to yet: they are no news."""
BEGINNING = (
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint, pg_current_xact_id_if_assigned() IS NULL"
)
TOUCHED = """
    SELECT DISTINCT t.place_id, p.level FROM (
        SELECT place_id FROM territories_placeversion WHERE event_id = ANY(%(events)s)
        UNION SELECT place_id FROM territories_placeevent_places WHERE placeevent_id = ANY(%(events)s)
    ) t JOIN territories_place p ON p.id = t.place_id
"""
CASES = """
    SELECT c.place_id, CASE WHEN c.moved_at < %(until)s THEN c.state ELSE
        (SELECT s.state FROM survey_step s WHERE s.case_id = c.id AND s.at < %(until)s
         ORDER BY s.id DESC LIMIT 1) END
    FROM survey_case c WHERE c.round_id = %(round)s {only}
"""
STATES = {state.value: number for number, state in enumerate(CaseState)}
FILLING = STATES[CaseState.FILLING.value]
BEYOND = [STATES[state.value] for state in UNDER_REVIEW]
PROGRESS = {Progress.NONE: 0, Progress.STARTED: 1, Progress.DONE: 2}


@dataclass(frozen=True)
class Counts:
    """What is counted of every community due in a round as of a day. Never changed: an update makes another.

    ``frame`` has a row per community, sorted by path: its ground (``communities_due``), its tally, ``case``
    (the number of its state in ``STATES``) and ``progress`` (its number in ``PROGRESS``). ``since`` is the
    oldest transaction that is looked at again, ``taken_on`` the day on which the database was asked.
    """

    recipe: Recipe
    frame: pl.DataFrame
    since: int
    taken_on: date

    def under(self, path: str) -> pl.DataFrame:
        """Return the rows of the communities at and below a path: a slice, nothing is copied."""
        paths = self.frame["path"]
        first = int(paths.search_sorted(path, side="left"))
        return self.frame.slice(first, int(paths.search_sorted(f"{path}\U0010ffff", side="left")) - first)


def fresh(recipe: Recipe) -> tuple[Counts, bool]:
    """Count everything; also tell whether others may use it: not what an open transaction wrote itself."""
    with connection.cursor() as cursor:
        cursor.execute(BEGINNING)
        since, is_settled = cursor.fetchone()
    ground = communities_due(recipe.reference_on)
    counted = tally(recipe, ground[COMMUNITY].to_list())
    frame = ground.join(counted, on=COMMUNITY, how="left", maintain_order="left")
    frame = _with_progress(recipe, _with_cases(frame, _cases(recipe)))
    return Counts(recipe, frame, since, clock.today()), is_settled


def updated(counts: Counts) -> tuple[Counts, bool]:
    """Return the counts with what is new, and whether others may use them, as for :func:`fresh`."""
    recipe = counts.recipe
    with connection.cursor() as cursor:
        cursor.execute(NEWS, {"since": counts.since, "round": recipe.round_id})
        since, own, places, moved, events = cursor.fetchone()
    frame, changed = counts.frame, communities_above(places)
    if events:
        frame, reshaped = _replaced(recipe, frame, events)
        changed |= reshaped
    if changed:
        due = frame.filter(pl.col(COMMUNITY).is_in(pl.Series(list(changed), dtype=pl.Int64).implode()))
        frame = _overwritten(frame, tally(recipe, due[COMMUNITY].to_list()))
    if moved or events:
        frame = _with_cases(frame, _cases(recipe, None if events else moved), keep=not events)
    if changed or moved or events:
        frame = _with_progress(recipe, frame)
    return replace(counts, frame=frame, since=since, taken_on=clock.today()), own is None


def _replaced(recipe: Recipe, frame: pl.DataFrame, events: Sequence[int]) -> tuple[pl.DataFrame, set[int]]:
    """Return the frame on the ground after ``events``, and the communities to be counted anew."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, {"events": list(events)})
        touched = dict(cursor.fetchall())
    changed = communities_above(touched)
    if set(touched.values()) <= {level.value for level in UNIT_PARENT}:
        return frame, changed
    ground = communities_due(recipe.reference_on)
    fresh = ground.join(frame, on=COMMUNITY, how="anti")[COMMUNITY].to_list()
    counted = frame.select(COMMUNITY, HERE, *FIGURES, *bucket_names(recipe).values())
    return ground.join(counted, on=COMMUNITY, how="left", maintain_order="left"), changed | set(fresh)


def _overwritten(frame: pl.DataFrame, fresh: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the rows of ``fresh`` in place of the old ones."""
    rows = frame.select(COMMUNITY).with_row_index("#row").join(fresh, on=COMMUNITY, how="inner")
    if rows.is_empty():
        return frame
    where = rows["#row"]
    return frame.with_columns(
        frame[name].clone().scatter(where, rows[name]) for name in fresh.columns if name != COMMUNITY
    )


def _cases(recipe: Recipe, communities: Collection[int] | None = None) -> pl.DataFrame:
    """Return ``#community`` and ``case`` of the communities moved by the day, or of those given."""
    only = "" if communities is None else "AND c.place_id = ANY(%(only)s)"
    parameters = {
        "until": end_of(recipe.as_of),
        "round": recipe.round_id,
        "only": list(communities or ()),
    }
    found = copied(CASES.format(only=only), parameters, {COMMUNITY: pl.Int64(), "state": pl.String()})
    number = pl.col("state").fill_null("").replace_strict(STATES, default=FILLING, return_dtype=pl.UInt8)
    return found.select(COMMUNITY, number.alias("case"))


def _with_cases(frame: pl.DataFrame, cases: pl.DataFrame, *, keep: bool = False) -> pl.DataFrame:
    """Return the frame with the communities' states; the others begin, with ``keep`` they stay."""
    if not keep:
        frame = frame.with_columns(pl.lit(FILLING, dtype=pl.UInt8).alias("case"))
    return _overwritten(frame, cases)


def _with_progress(recipe: Recipe, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the communities' progress, as the contract of the figure says it.

    Done: something was recorded in the round or the case is on its way up, no required field is lacking,
    and there is a compound where the round asks about compounds. Started: anything happened.
    """
    is_whole = pl.col("lacking") == 0
    if recipe.wants_compounds:
        is_whole &= pl.col("compounds") > 0
    is_done = is_whole & (pl.col(HERE) | pl.col("case").is_in(BEYOND))
    is_begun = pl.col(HERE) | (pl.col("case") != FILLING)
    number = pl.when(is_done).then(PROGRESS[Progress.DONE]).when(is_begun).then(PROGRESS[Progress.STARTED])
    return frame.with_columns(number.otherwise(PROGRESS[Progress.NONE]).cast(pl.UInt8).alias("progress"))
