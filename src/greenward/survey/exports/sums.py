"""Sums per street of the fields that are shown only as sums over several places."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from greenward.packs.schema.forms import Field, Form, Section
from greenward.survey.exports.chosen import Chosen, Subject
from greenward.survey.exports.rows import COMMUNITIES, community_ids, parts, placed
from greenward.survey.exports.withholding import shown_sum, summable
from greenward.survey.queries.values import values_frame
from greenward.survey.sensitivity import sight_of
from greenward.territories.models import Level


@dataclass(frozen=True)
class Sum:
    """One field's sum over the places of a subject in a street; ``total`` is None where it is not shown.

    ``places`` are all places of the subject there, ``known`` those with a value.
    """

    district: str
    street_code: str
    street: str
    subject: Subject
    field: Field
    places: int
    known: int
    total: float | None


def withheld(chosen: Chosen, subject: Subject) -> list[Field]:
    """Return the fields of which the person does not see every single value below the chosen place."""
    sight = sight_of(chosen.person)
    return [field for field in subject.fields if not sight.shows(field, chosen.place.path)]


def sums_of(chosen: Chosen, subject: Subject, *, size: int = COMMUNITIES) -> list[Sum]:
    """Return the sums per street below the chosen place, by path; none below a single community.

    Only whole streets are added up: a part of one could be traced back.
    """
    fields = summable(withheld(chosen, subject))
    if not fields or chosen.place.place.level not in {Level.CITY, Level.DISTRICT, Level.SUBDISTRICT}:
        return []
    section = Section(id=subject.form.sections[0].id, title=subject.form.title, fields=tuple(fields))
    form = subject.form.model_copy(update={"sections": (section,), "checks": ()})
    added = [_added(chosen, subject, part, form) for part in parts(placed(chosen, subject), size)]
    if not added:
        return []
    streets = ["#district", "#subdistrict_code", "#subdistrict"]
    whole = pl.concat(added).group_by(streets, maintain_order=True).sum()
    return [
        Sum(
            row["#district"] or "",
            row["#subdistrict_code"],
            row["#subdistrict"] or "",
            subject,
            field,
            row["places"],
            row[f"known:{field.id}"],
            total if shown_sum(row[f"known:{field.id}"], total := row[field.id]) else None,
        )
        for row in whole.iter_rows(named=True)
        for field in fields
    ]


def _added(chosen: Chosen, subject: Subject, places: pl.DataFrame, form: Form) -> pl.DataFrame:
    """Return places, places with a value and sums of a block's streets."""
    fields: Sequence[Field] = form.fields
    values = values_frame(form, chosen.as_of, community_ids(subject, places))
    rows = places.join(values, left_on="#id", right_on="place_id", how="left", maintain_order="left")
    return rows.group_by("#district", "#subdistrict_code", "#subdistrict", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("places"),
        *(pl.col(field.id).count().cast(pl.Int64).alias(f"known:{field.id}") for field in fields),
        *(pl.col(field.id).sum().cast(pl.Float64).alias(field.id) for field in fields),
    )
