"""What communities answered and what their units add up to: the facts that a pack takes from the survey."""

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl
from django.db.models import Count, F, OuterRef, Subquery

from greenward.packs.schema.facts import Fact, FromField, FromRows
from greenward.packs.schema.forms import Form
from greenward.packs.schema.pack import Pack
from greenward.survey.queries import rollup
from greenward.survey.queries.freshness import fresh_values
from greenward.survey.queries.values import values_frame
from greenward.territories.models import Level
from greenward.territories.queries import versions_on

PLACE, STANDING, ANSWERED = "place_id", "units_standing", "units_answered"
FEW = 1000
"""Up to so many communities are named to the database; for more, everything is read."""


def figures(
    pack: Pack,
    facts: Sequence[Fact],
    as_of: date,
    places: Collection[int],
    *,
    until: int | None = None,
    expiring: bool = False,
) -> pl.DataFrame:
    """Return a row per community of ``places``, in order: ``place_id`` and a column per fact, null unknown.

    Facts of other sources than the survey's forms have no column. ``until`` as for ``values_frame``. With
    ``expiring``, what has expired by the day is unknown (``freshness``). A fixed number of queries: up to
    three per form.
    """
    frame = pl.DataFrame({PLACE: list(places)}, schema={PLACE: pl.Int64})
    for form in pack.forms:
        asked = [f for f in facts if isinstance(f.origin, FromField | FromRows) and f.origin.form == form.id]
        if asked:
            found = _of_form(form, asked, as_of, places, until=until, expiring=expiring)
            frame = frame.join(found, on=PLACE, how="left", maintain_order="left")
    return frame


def _of_form(
    form: Form,
    facts: Sequence[Fact],
    as_of: date,
    places: Collection[int],
    *,
    until: int | None,
    expiring: bool,
) -> pl.DataFrame:
    only = places if len(places) <= FEW else None
    answers = values_frame(form, as_of, only, until=until)
    if expiring:
        answers = fresh_values(answers, form, as_of, _named(facts), until=until)
    if form.level == Level.COMMUNITY.value:
        columns = [(f, f.origin.field) for f in facts if isinstance(f.origin, FromField)]
        return answers.select(PLACE, *(pl.col(name).alias(f.id) for f, name in columns))
    sums = [(f, f.origin) for f in facts if isinstance(f.origin, FromRows)]
    added = answers.group_by(rollup.COMMUNITY).agg(
        pl.len().alias(ANSWERED), *(rollup.figure(origin).alias(f.id) for f, origin in sums)
    )
    return (
        _standing(form, as_of, only)
        .join(added, left_on=PLACE, right_on=rollup.COMMUNITY, how="left")
        .select(PLACE, *(_complete(f, origin).alias(f.id) for f, origin in sums))
    )


def _named(facts: Sequence[Fact]) -> set[str]:
    """Return the fields that facts are taken from."""
    found: set[str | None] = set()
    for fact in facts:
        if isinstance(fact.origin, FromField):
            found.add(fact.origin.field)
        elif isinstance(fact.origin, FromRows):
            where = fact.origin.where
            found |= {fact.origin.field, where.field if where is not None else None}
    return {name for name in found if name}


def _complete(fact: Fact, origin: FromRows) -> pl.Expr:
    """Return a figure over all units that stand; one that never answered leaves it unknown."""
    if origin.aggregate == "count" and origin.where is None:
        return pl.col(STANDING)
    return pl.when(pl.col(ANSWERED) == pl.col(STANDING)).then(pl.col(fact.id))


def _standing(form: Form, as_of: date, places: Collection[int] | None) -> pl.DataFrame:
    """Return how many units that the form asks about stand in each community that has any."""
    versions = versions_on(as_of).filter(place__level=form.level, sort=form.sort or "")
    if Level(form.level) == Level.BUILDING:
        compounds = versions_on(as_of).filter(place=OuterRef("parent"))
        versions = versions.annotate(community=Subquery(compounds.values("parent")[:1]))
    else:
        versions = versions.annotate(community=F("parent"))
    if places is not None:
        versions = versions.filter(community__in=places)
    rows = versions.order_by().values_list("community").annotate(number=Count("id"))
    return pl.DataFrame(list(rows), schema={PLACE: pl.Int64, STANDING: pl.UInt32}, orient="row")
