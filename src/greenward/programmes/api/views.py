"""``/api/v1/duties``: what the places within the caller's reach owe, and by when."""

from django.http import HttpRequest
from ninja import Query, Router

from greenward.core import clock
from greenward.programmes import queries
from greenward.programmes.api.schemas import DutiesAsked, DutiesOut, DutyOut

router = Router(tags=["duties"])


@router.get("/duties", response=DutiesOut, summary="Duties within reach")
def duties(request: HttpRequest, asked: Query[DutiesAsked]) -> DutiesOut:
    """List what is overdue, and what falls due within the horizon."""
    day = asked.as_of or clock.today()
    found = queries.duties_for(request.user, day, horizon_days=asked.horizon_days)
    return DutiesOut(as_of=day, items=[DutyOut.of(due) for due in found])
