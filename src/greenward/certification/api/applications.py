"""``/api/v1/certification/applications``: where applications stand, what they froze, and plain moves."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Path, Query, Router, Schema

from greenward.accounts.api.callers import person_of
from greenward.certification.access.applications import move_of
from greenward.certification.actions import applying, recommending, reviewing
from greenward.certification.queries.applications import get_application_for
from greenward.certification.queries.case import case_for
from greenward.certification.queries.queue import Line, Wanted, lines_of, queue_for
from greenward.certification.states import ApplicationState
from greenward.core import clock
from greenward.core.errors import InvalidInputError

router = Router(tags=["certification"])
MOST = 200
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
REASONED: dict[str, Callable[..., object]] = {
    "withdraw": applying.withdraw_application,
    "recommend": recommending.recommend,
    "decline": recommending.decline,
    "approve": reviewing.approve,
    "refuse": reviewing.refuse,
}


class ApplicationOut(Schema):
    """An application; ``left`` are working days to ``due_on``, both null where the route sets no term."""

    number: int
    code: str
    name: str
    state: str
    step: str
    holder: str
    version: int
    since: date
    due_on: date | None
    left: int | None

    @classmethod
    def of(cls, line: Line) -> "ApplicationOut":
        """Describe a line of the queue."""
        one = line.application
        return cls(
            number=one.pk,
            code=line.place.place.code,
            name=line.place.name,
            state=one.state,
            step=one.step,
            holder=line.holder,
            version=one.version,
            since=line.since,
            due_on=one.due_on,
            left=line.left,
        )


class ApplicationsOut(Schema):
    """A page of applications and how many there are."""

    count: int
    items: list[ApplicationOut]


class ApplicationMoveOut(Schema):
    """A move that was made; ``by`` null for the system."""

    verb: str
    state: str
    by: str | None
    at: datetime
    note: str


class ApplicationFileOut(Schema):
    """An application with its newest frozen items; single figures of people are marked as on the page."""

    application: ApplicationOut
    sha256: str | None
    signature: str | None
    items: list[dict[str, Any]]
    lacks: list[str]
    differences: list[str]
    moves: list[ApplicationMoveOut]


class ApplicationMoveIn(Schema):
    """A move to make; ``seen`` is the version that the caller looked at."""

    verb: str
    note: str = Field("", max_length=2000)
    seen: int | None = Field(None, ge=1, le=2**31 - 1)


@router.get("/certification/applications", response=ApplicationsOut, summary="Applications within reach")
def applications(
    request: HttpRequest,
    state: ApplicationState | None = None,
    show: Literal["", "mine", "overdue"] = "",
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> ApplicationsOut:
    """Return at most 200 applications; ``show``: mine or overdue."""
    found = queue_for(request.user, Wanted(state=state or "", show=show))
    page = lines_of(found[offset : offset + MOST])
    return ApplicationsOut(count=found.count(), items=[ApplicationOut.of(line) for line in page])


@router.get("/certification/applications/{number}", response=ApplicationFileOut, summary="One application")
def application(request: HttpRequest, number: Number) -> ApplicationFileOut:
    """Return an application with what it froze, what it lacks today, and its moves."""
    return _file_of(request, number)


@router.post(
    "/certification/applications/{number}/moves",
    response=ApplicationFileOut,
    summary="Move an application",
)
def move_application(request: HttpRequest, number: Number, sent: ApplicationMoveIn) -> ApplicationFileOut:
    """Withdraw, recommend, decline, take up, approve or refuse; signing and returning happen on the page."""
    found, person = get_application_for(request.user, number), person_of(request)
    move_of(sent.verb)
    if sent.verb == "take_up":
        reviewing.take_up(found, by=person, at=clock.now(), seen=sent.seen)
    elif sent.verb in REASONED:
        REASONED[sent.verb](found, by=person, at=clock.now(), note=sent.note, seen=sent.seen)
    else:
        raise InvalidInputError(
            _("“%(move)s”不能通过接口办理。") % {"move": move_of(sent.verb).name},
            hint=_("请在申报页面办理。"),
            verb=sent.verb,
        )
    return _file_of(request, number)


def _file_of(request: HttpRequest, number: Number) -> ApplicationFileOut:
    found = case_for(request.user, get_application_for(request.user, number), clock.today())
    snapshot = found.snapshot
    return ApplicationFileOut(
        application=ApplicationOut.of(found.line),
        sha256=snapshot.digest if snapshot else None,
        signature=snapshot.signature if snapshot else None,
        items=found.items,
        lacks=[one.text for one in found.readiness.lacks],
        differences=[f"{one.item}: {one.text}" for one in found.differences],
        moves=[
            ApplicationMoveOut(
                verb=one.verb,
                state=one.state,
                by=str(one.by) if one.by else None,
                at=one.at,
                note=one.note,
            )
            for one in found.moves
        ]
        if found.reads_all
        else [],
    )
