"""The burden of a round (填报负担): how many fields it asks of a community, at every level of the tree.

Asked of a community in a round: the fields of its forms, and of the forms of all its units, that apply and
of which no valid answer was known when the round opened. What was known then is not asked, but shown for
confirmation. The number of fields is the figure; no time is made up from it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from greenward.packs.schema.pack import Pack
from greenward.survey.models import Round
from greenward.survey.queries.coverage.asking import NOBODY
from greenward.survey.queries.coverage.counting import Counts
from greenward.survey.queries.coverage.judging import bucket_names
from greenward.survey.queries.coverage.keeping import counts_of
from greenward.survey.queries.coverage.rates import children_of, summed_below
from greenward.survey.queries.rounds import policy_of, rounds
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import version_on

FIELDS = ("asked", "known", "expired", "left")


@dataclass(frozen=True)
class Burden:
    """What a round asks of the communities at a place, in fields.

    ``median`` and ``highest`` are per community, None where none is due. ``known`` applied and held when the
    round opened, so was not asked; ``expired`` is what was asked although it had been known; ``left`` what
    does not hold yet.
    """

    place: PlaceVersion
    communities: int
    asked: int
    median: float | None
    highest: int | None
    known: int
    expired: int
    left: int


@dataclass(frozen=True)
class Share:
    """What a part of the fields (a form's, a department's) adds to the burden."""

    key: str
    title: str
    asked: int


@dataclass(frozen=True)
class Meter:
    """The burden at a place, by form and by department, and what the round before asked there."""

    own: Burden
    by_form: tuple[Share, ...]
    by_holder: tuple[Share, ...]
    before: Burden | None
    previous: Round | None


def burden_of(survey_round: Round, place: PlaceVersion, as_of: date | None = None) -> Burden:
    """Return what a round asks at a place, as of a day (today if None)."""
    return burden_at(counts_of(survey_round, as_of), place)


def meter_of(
    survey_round: Round, place: PlaceVersion, as_of: date | None = None, *, counts: Counts | None = None
) -> Meter:
    """Return the burden meter of a round at a place: with its parts, and beside the round before.

    ``counts`` are the round's as of the day, where they are at hand.
    """
    counts = counts_of(survey_round, as_of) if counts is None else counts
    previous = previous_round(survey_round)
    then = version_on(place.place, previous.reference_on) if previous else None
    return Meter(
        own=burden_at(counts, place),
        by_form=tuple(_by_form(counts, place, policy_of(survey_round))),
        by_holder=tuple(_by_holder(counts, place, policy_of(survey_round))),
        before=burden_of(previous, then, as_of) if previous and then else None,
        previous=previous,
    )


def previous_round(survey_round: Round) -> Round | None:
    """Return the round that opened last before this one in the same territory; None for the first."""
    before = rounds().filter(
        programme__territory=survey_round.programme.territory, opens_on__lt=survey_round.opens_on
    )
    return before.order_by("-opens_on", "-id").first()


def burden_at(counts: Counts, place: PlaceVersion) -> Burden:
    """Return the burden at a place. No query."""
    return _burden(place, counts.under(place.path).select(_sums()).row(0, named=True))


def burden_right_below(
    counts: Counts, place: PlaceVersion, children: Sequence[PlaceVersion] | None = None
) -> list[Burden]:
    """Return the burden of each place right below one, by path, where communities are due.

    One query, none where the ``children`` are at hand.
    """
    found = {row["#code"]: row for row in summed_below(counts, place, _sums()).iter_rows(named=True)}
    return [
        _burden(child, found[child.place.code])
        for child in (children_of(counts.recipe, place) if children is None else children)
        if child.place.code in found
    ]


def holder_name(pack: Pack, slug: str) -> str:
    """Return a department's name; what no department holds is said to be known in the community alone."""
    names = {one.slug: str(one.name) for one in pack.departments}
    return str(_("没有部门掌握")) if slug == NOBODY else names.get(slug, slug)


def _sums() -> list[pl.Expr]:
    return [
        pl.len().alias("communities"),
        pl.col("asked").median().alias("median"),
        pl.col("asked").max().alias("highest"),
        *(pl.col(name).cast(pl.Int64).sum() for name in FIELDS),
    ]


def _burden(place: PlaceVersion, row: Mapping[str, Any]) -> Burden:
    named = ("communities", "asked", "median", "highest", "known", "expired", "left")
    return Burden(place, **{name: row[name] for name in named})


def _by_form(counts: Counts, place: PlaceVersion, pack: Pack) -> Iterable[Share]:
    forms = pack.form_by_id
    for form, asked in _added(counts, place, lambda bucket: bucket[0]).items():
        yield Share(form, str(forms[form].title), asked)


def _by_holder(counts: Counts, place: PlaceVersion, pack: Pack) -> Iterable[Share]:
    found = _added(counts, place, lambda bucket: bucket[1])
    for holder, asked in sorted(found.items(), key=lambda pair: (pair[0] == NOBODY, -pair[1])):
        yield Share(holder, holder_name(pack, holder), asked)


def _added(counts: Counts, place: PlaceVersion, part: Callable[[tuple[str, str]], str]) -> Mapping[str, int]:
    """Return the fields asked at a place, by a part of their bucket (form, department)."""
    columns = bucket_names(counts.recipe)
    sums = counts.under(place.path).select(pl.col(*columns.values()).cast(pl.Int64).sum()).row(0, named=True)
    found: dict[str, int] = defaultdict(int)
    for bucket, column in columns.items():
        found[part(bucket)] += sums[column]
    return found
