"""Whether a community is old or new, from the years in which its compounds were built."""

from collections.abc import Sequence
from datetime import date

import polars as pl

from greenward.packs.schema.pack import Pack
from greenward.pilots.states import Age
from greenward.survey.queries.values import values_frame

YEAR = "year_built"
"""The compound's field that says so."""


def ages_of(pack: Pack, communities: Sequence[int], old_before: int, as_of: date) -> dict[int, Age]:
    """Return old or new of each community; who has no compound with a known year is left out: unknown.

    Old: more than half of the compounds with a known year were built before ``old_before``.
    """
    form = next(
        (f for f in pack.forms if f.level == "compound" and any(one.id == YEAR for one in f.fields)), None
    )
    if form is None or not communities:
        return {}
    frame = values_frame(form, as_of, communities)
    if YEAR not in frame.columns or "community_id" not in frame.columns:
        return {}
    known = frame.filter(pl.col("community_id").is_in(list(communities)) & pl.col(YEAR).is_not_null())
    shares = known.group_by("community_id").agg((pl.col(YEAR) < old_before).mean().alias("old"))
    return {place: Age.OLD if share > 0.5 else Age.NEW for place, share in shares.iter_rows()}  # noqa: PLR2004 - half
