"""``/api/v1/survey/rounds/{code}/quality``: what is suspicious in a round's figures."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router, Schema

from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.survey import queries
from greenward.survey.queries.quality import findings
from greenward.survey.queries.suspicions import read
from greenward.survey.sensitivity import sight_of
from greenward.territories.queries import get_place_for

router = Router(tags=["survey"])
MOST = 1000


class SuspicionOut(Schema):
    """Something to look at again: ``reason`` is empty where nobody said why it is so.

    ``withheld``: message and reason are without the figures of people that the caller does not see.
    """

    community: str
    place: str
    kind: str
    code: str
    field: str | None
    message: str
    who: str
    reason: str
    withheld: bool


@router.get("/survey/rounds/{code}/quality", response=list[SuspicionOut], summary="What is suspicious")
def quality(
    request: HttpRequest,
    code: str,
    place: str,
    as_of: Day | None = None,
    start: Annotated[int, Query(ge=0, le=10**9)] = 0,
) -> list[SuspicionOut]:
    """List what is suspicious below a place, from number ``start`` on, a thousand at most, by path."""
    held, day = queries.get_round(code), as_of or clock.today()
    version = get_place_for(request.user, place, on=held.reference_on)
    rows = findings(held, version.path, day).rows.slice(start, MOST)
    return [
        SuspicionOut(
            community=one.community.place.code,
            place=one.place.place.code,
            kind=one.kind.value,
            code=one.code,
            field=one.field.id if one.field is not None else None,
            message=one.sentence,
            who=one.who,
            reason=one.reason,
            withheld=one.withheld,
        )
        for one in read(held, list(rows.iter_rows(named=True)), day, sight=sight_of(request.user))
    ]
