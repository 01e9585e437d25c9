"""``/api/v1/survey/rounds/{code}/cases``: where a community's survey stands, and its moves."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from greenward.accounts.api.callers import person_of
from greenward.core import clock
from greenward.survey import access, queries
from greenward.survey.actions import cases as actions
from greenward.survey.actions.cases import SentBack
from greenward.survey.models import ReturnedField, Round
from greenward.survey.queries.cases import case_of, get_community_for
from greenward.survey.sensitivity import mark, sight_of
from greenward.survey.states import MOVES
from greenward.territories.models import PlaceVersion

router = Router(tags=["survey"])


class StepOut(Schema):
    """A move that was made; ``by`` null for the system."""

    number: int
    verb: str
    state: str
    by: str | None
    at: datetime
    note: str


class ReturnedOut(Schema):
    """A field that was sent back; ``settled_at`` null while it waits. ``answer``: why the value stands.

    ``withheld``: what was written about the figure is kept from the caller, as the figure is.
    """

    place: str
    field: str
    reason: str
    at: datetime
    settled_at: datetime | None
    answer: str
    withheld: bool

    @classmethod
    def of(cls, one: ReturnedField, *, shown: bool) -> "ReturnedOut":
        """Describe ``one``."""
        return cls(
            place=one.place.code,
            field=one.field,
            reason=one.reason if shown else mark(),
            at=one.at,
            settled_at=one.settled_at,
            answer=one.answer if shown or not one.answer else mark(),
            withheld=not shown,
        )


class CaseOut(Schema):
    """A community in a round. ``who``: the level that must act next, null for none; ``moves``: the caller's.

    ``seen`` is the number of the newest step, 0 for none: send it with a move.
    """

    round: str
    place: str
    name: str
    state: str
    since: datetime | None
    who: str | None
    seen: int
    moves: list[str]
    steps: list[StepOut]
    returned: list[ReturnedOut]


class SentBackIn(Schema):
    """A field to send back: of the community or one of its units, with a reason."""

    place: str = Field(max_length=32)
    field: str = Field(max_length=60)
    reason: str = Field(max_length=500)


class MoveIn(Schema):
    """A move: submit, withdraw, check, return, accept or reject. ``fields`` for those that send back."""

    verb: str = Field(max_length=12)
    seen: int | None = None
    note: str = Field("", max_length=500)
    fields: list[SentBackIn] = Field(default_factory=list, max_length=500)


@router.get("/survey/rounds/{code}/cases/{place}", response=CaseOut, summary="Where a survey stands")
def case(request: HttpRequest, code: str, place: str) -> CaseOut:
    """Give a community's case: state, who must act, every move, every field sent back."""
    held = queries.get_round(code)
    return _told(request, held, get_community_for(request.user, held, place))


@router.post("/survey/rounds/{code}/cases/{place}/moves", response=CaseOut, summary="Move it on or back")
def move(request: HttpRequest, code: str, place: str, sent: MoveIn) -> CaseOut:
    """Make a move; 409 says what is missing, or who was faster. Sent twice, it is one."""
    held = queries.get_round(code)
    version = get_community_for(request.user, held, place)
    actions.move(
        held,
        version.place,
        sent.verb,
        by=person_of(request),
        at=clock.now(),
        seen=sent.seen,
        note=sent.note,
        fields=[SentBack(one.place, one.field, one.reason) for one in sent.fields],
    )
    return _told(request, held, version)


def _told(request: HttpRequest, held: Round, version: PlaceVersion) -> CaseOut:
    found = case_of(held, version.place)
    level, hidden = found.standing.must_act, _hidden(request, held, version)
    return CaseOut(
        round=held.code,
        place=version.place.code,
        name=version.name,
        state=found.standing.state.value,
        since=found.standing.since,
        who=level.value if level is not None else None,
        seen=found.seen,
        moves=[
            one.verb
            for one in MOVES.values()
            if access.may_move(
                request.user, held, one, version.path, steps=found.steps, state=found.standing.state.value
            )
        ],
        steps=[
            StepOut(
                number=step.pk,
                verb=step.verb,
                state=step.state,
                by=str(step.by) if step.by else None,
                at=step.at,
                note=step.note,
            )
            for step in found.steps
        ],
        returned=[ReturnedOut.of(one, shown=(one.form, one.field) not in hidden) for one in found.returned],
    )


def _hidden(request: HttpRequest, held: Round, version: PlaceVersion) -> set[tuple[str, str]]:
    """Return the form and field of every figure at a community that the caller does not see."""
    sight = sight_of(request.user)
    return {
        (form.id, field.id)
        for form in queries.forms_of(held).values()
        for field in form.fields
        if not sight.shows(field, version.path)
    }
