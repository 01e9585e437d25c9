"""Attachments of answers are evidence of a community too: filed as such, nobody hands them in twice."""

from collections.abc import Mapping
from datetime import date, datetime

from greenward.accounts.models import User
from greenward.evidence.actions import file_record
from greenward.packs.schema.forms import Form
from greenward.survey.answers.single import Answer
from greenward.territories.models import Place

WORK = "survey"
"""The kind of daily work as which the survey is registered."""


def file_attachments(
    form: Form,
    values: Mapping[str, Answer | None],
    community: int,
    *,
    by: User | None,
    at: datetime,
    observed_on: date,
) -> None:
    """File the contents among new answers under the community; no query where there are none."""
    given = [field for field in form.fields if field.type == "file" and values.get(field.id) is not None]
    if not given:
        return
    place = Place.objects.get(pk=community)
    for field in given:
        file_record(
            str(values[field.id]),
            place,
            by=by,
            at=at,
            source=WORK,
            note=field.label.zh,
            observed_on=observed_on,
        )
