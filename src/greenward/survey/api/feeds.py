"""``/api/v1/survey/feeds``: what departments' programs send."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from greenward.accounts.api.callers import person_of
from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.core.errors import NotFoundError
from greenward.survey import actions, queries
from greenward.survey.api.answers import Values
from greenward.survey.api.numbers import Number, one_number
from greenward.survey.feeds.delivery import LONGEST_DATASET, MOST_ROWS, Delivery, FeedRow
from greenward.survey.models import Feed

router = Router(tags=["survey"])


class PlaceIn(Schema):
    """A place: its code, or a community's name (with the street where names repeat).

    ``unit``: a unit of that community by name, where the feed's form is about units.
    """

    code: str = ""
    name: str = ""
    street: str = ""
    unit: str = ""


class RowIn(Schema):
    """A place and its values; a field that is null or absent says nothing."""

    place: PlaceIn
    values: Values


class FeedIn(Schema):
    """A dataset of a department: rows that were true on ``observed_on``, about places of ``form``.

    ``round``: the newest open one if absent. ``only_valid``: leave rows with problems out instead of
    refusing all. ``office``: the caller's office by name, where there are several. ``request``: the
    caller's own number of this feed (or the header ``Idempotency-Key``).
    """

    dataset: Annotated[str, Field(min_length=1, max_length=LONGEST_DATASET)]
    observed_on: Day
    rows: Annotated[list[RowIn], Field(min_length=1, max_length=MOST_ROWS)]
    form: str = "community"
    round: str | None = None
    only_valid: bool = False
    office: str = ""
    request: UUID | None = None


class RowProblemOut(Schema):
    """Something about a row, counted from 1: of its ``field``, or (empty) of its place."""

    row: int
    field: str
    code: str
    message: str


class FeedOut(Schema):
    """What came of a feed: rows by outcome, and the first thousand of each kind in full.

    ``problems``: rows left out; ``warnings``: taken, but to be looked at again; ``older``: values left aside
    because the place has said something else about a later day.
    """

    number: int
    round: str
    office: str
    dataset: str
    observed_on: date
    rows: int
    written: int
    unchanged: int
    rejected: int
    problems: list[RowProblemOut]
    warnings: list[RowProblemOut]
    older: list[RowProblemOut]

    @classmethod
    def of(cls, feed: Feed) -> "FeedOut":
        """Describe ``feed``."""
        told: dict[str, Any] = {name: feed.report[name] for name in cls.model_fields if name in feed.report}
        return cls(
            number=feed.pk,
            round=feed.round.code,
            office=feed.office.name,
            dataset=feed.dataset,
            observed_on=feed.observed_on,
            **told,
        )


@router.post("/survey/feeds", response=FeedOut, summary="Feed a department's values")
def feed(request: HttpRequest, sent: FeedIn, number: Number = None) -> FeedOut:
    """Take up to 5,000 rows of fields that the caller's department holds, at places below its office.

    422 names fields of other departments, or the rows with problems; nothing is taken then.
    """
    person = person_of(request)
    held = queries.get_round(sent.round) if sent.round else queries.current_round(clock.today())
    if held is None:
        raise NotFoundError(_("还没有开始的摸底轮次。"), hint=_("请等轮次开始后再发送。"))
    rows = [FeedRow(values=row.values, **row.place.dict()) for row in sent.rows]
    delivery = Delivery(
        sent.dataset.strip(),
        sent.observed_on,
        rows,
        sent.form,
        only_valid=sent.only_valid,
        office=sent.office,
    )
    done = actions.take_feed(
        held, delivery, by=person, at=clock.now(), request=one_number(sent.request, number)
    )
    return FeedOut.of(done)
