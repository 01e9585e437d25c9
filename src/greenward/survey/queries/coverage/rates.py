"""Coverage of a round (已摸底/应摸底): at a place, and at each place right below it.

Due: the urban communities (clause 1.1) on the round's reference date. What done and started mean stands at
``counting._with_progress``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl
from django.contrib.auth.models import AnonymousUser

from greenward.accounts.models import User
from greenward.survey.models import Round
from greenward.survey.queries.coverage.asking import Recipe
from greenward.survey.queries.coverage.counting import PROGRESS, STATES, Counts
from greenward.survey.queries.coverage.ground import COMMUNITY, DEPTHS
from greenward.survey.queries.coverage.keeping import counts_of
from greenward.survey.states import CaseState, Progress
from greenward.territories.access import reach_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import places_for, urban_communities, versions_on

BELOW = {Level.CITY: Level.DISTRICT, Level.DISTRICT: Level.SUBDISTRICT, Level.SUBDISTRICT: Level.COMMUNITY}
WORDS = {number: progress for progress, number in PROGRESS.items()}


@dataclass(frozen=True)
class CommunityProgress:
    """One community that is due, and how far it is."""

    place: PlaceVersion
    progress: Progress


@dataclass(frozen=True)
class Coverage:
    """A rate: communities ``done`` of those ``due`` at a place, as of a day. ``started`` are not done.

    ``cases`` says how many communities stand in each state of the way up; those never moved are filling.
    """

    place: PlaceVersion
    due: int
    done: int
    started: int
    cases: Mapping[CaseState, int] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """Communities that are not done: started or not."""
        return self.due - self.done

    @property
    def none(self) -> int:
        """Communities where nothing happened yet."""
        return self.due - self.done - self.started


def coverage_of(survey_round: Round, place: PlaceVersion, as_of: date | None = None) -> Coverage:
    """Return the coverage at ``place`` as of ``as_of`` (today if None). For calculations."""
    return coverage_at(counts_of(survey_round, as_of), place)


def coverage_for(
    user: User | AnonymousUser, survey_round: Round, as_of: date | None = None
) -> list[Coverage]:
    """Return the coverage at the places where the person's reach begins; empty for strangers."""
    homes = reach_of(user).paths()
    if not homes:
        return []
    here = list(places_for(user, on=survey_round.reference_on).filter(path__in=homes).order_by("path"))
    counts = counts_of(survey_round, as_of)
    return [coverage_at(counts, place) for place in here]


def coverage_below(survey_round: Round, place: PlaceVersion, as_of: date | None = None) -> list[Coverage]:
    """Return the coverage of each district, subdistrict or community right below ``place``."""
    return coverage_right_below(counts_of(survey_round, as_of), place)


def communities_below(survey_round: Round, path: str, as_of: date | None = None) -> list[CommunityProgress]:
    """Return every community due below ``path`` with its progress, by path: an object each, so for few.

    Figures for many come from ``coverage_of`` and ``coverage_below``, lists page by page from ``listed``.
    """
    rows = counts_of(survey_round, as_of).under(path)
    progress = dict(rows.select(COMMUNITY, "progress").iter_rows())
    due = urban_communities(survey_round.reference_on, under=path).order_by("path")
    return [
        CommunityProgress(place, WORDS[progress[place.place_id]])
        for place in due
        if place.place_id in progress
    ]


def coverage_at(counts: Counts, place: PlaceVersion) -> Coverage:
    """Return the coverage at a place. No query."""
    return _coverage(place, counts.under(place.path).select(_sums()).row(0, named=True))


def coverage_right_below(
    counts: Counts, place: PlaceVersion, children: Sequence[PlaceVersion] | None = None
) -> list[Coverage]:
    """Return the coverage right below a place, by path; communities only where they are due.

    One query, none where the ``children`` (from :func:`children_of`) are at hand.
    """
    found = {row["#code"]: row for row in summed_below(counts, place, _sums()).iter_rows(named=True)}
    return [
        _coverage(child, found.get(child.place.code))
        for child in (children_of(counts.recipe, place) if children is None else children)
        if child.place.level != Level.COMMUNITY or child.place.code in found
    ]


def children_of(recipe: Recipe, place: PlaceVersion) -> list[PlaceVersion]:
    """Return the places of the next level right below one on the round's reference date, by path."""
    level = BELOW.get(Level(place.place.level))
    if level is None:
        return []
    below = versions_on(recipe.reference_on).filter(parent=place.place_id, place__level=level)
    return list(below.order_by("path"))


def summed_below(counts: Counts, place: PlaceVersion, sums: Iterable[pl.Expr]) -> pl.DataFrame:
    """Return ``sums`` over the communities below each place right below one; ``#code`` is its code."""
    depth = place.path.count("/")
    rows = counts.under(place.path)
    if not 0 < depth < DEPTHS:
        rows = rows.clear().with_columns(pl.lit("").alias(f"at{depth}"))
    return rows.group_by(pl.col(f"at{depth}").alias("#code")).agg(sums)


def _sums() -> list[pl.Expr]:
    progress, case = pl.col("progress"), pl.col("case")
    return [
        pl.len().alias("due"),
        (progress == PROGRESS[Progress.DONE]).sum().alias("done"),
        (progress == PROGRESS[Progress.STARTED]).sum().alias("started"),
        *((case == number).sum().alias(state) for state, number in STATES.items()),
    ]


def _coverage(place: PlaceVersion, row: Mapping[str, Any] | None) -> Coverage:
    if row is None:
        return Coverage(place, 0, 0, 0, dict.fromkeys(CaseState, 0))
    cases = {state: row[state.value] for state in CaseState}
    return Coverage(place, row["due"], row["done"], row["started"], cases)
