"""``/api/v1/certification/rechecks``: drift, plans with their seed, rechecks and their moves."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from greenward.accounts.api.callers import person_of
from greenward.certification.access.aftercare import may_turn_recheck, recheck_turn
from greenward.certification.actions.recheck import move_recheck, plan_rechecks
from greenward.certification.models import Recheck, RecheckMove, RecheckPlan
from greenward.certification.queries import rechecks as queries
from greenward.certification.queries.route import route_of
from greenward.certification.states import RECHECK_MOVES, RecheckState
from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.programmes import queries as programmes
from greenward.territories.access import check_may
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import get_place_for
from greenward.territories.roles import Permission

router = Router(tags=["certification"])
MOST = 200
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


class DriftOut(Schema):
    """A held title that the newest facts no longer carry: items unmet, and items now unknown."""

    title: str
    place: str
    name: str
    unmet: list[str]
    unknown: list[str]


class RecheckOut(Schema):
    """A recheck of a title where it is held; ``name`` is empty where the community is no more."""

    id: int
    title: str
    place: str
    name: str
    plan: int | None
    why: str
    state: str
    due_on: date | None
    version: int

    @classmethod
    def of(cls, one: Recheck, name: str) -> "RecheckOut":
        """Describe a recheck."""
        return cls(
            id=one.pk,
            title=one.title.number,
            place=one.place.code,
            name=name,
            plan=one.plan_id,
            why=one.why,
            state=one.state,
            due_on=one.due_on,
            version=one.version,
        )


class RechecksOut(Schema):
    """A part of the list; ``count``: how many there are in all."""

    count: int
    items: list[RecheckOut]


class FindingIn(Schema):
    """What was found of an item: not looked at is not found wanting."""

    found: Literal["holds", "fails", "open"]
    note: str = Field("", max_length=300)


class RecheckMoveIn(Schema):
    """A move: ``findings`` by item for pass, rectify and accept; ``document`` for revoke.

    ``seen`` is the version that the caller looked at.
    """

    verb: str = Field(max_length=20)
    note: str = Field("", max_length=1000)
    document: str = Field("", max_length=100)
    findings: dict[str, FindingIn] = Field(default_factory=dict, max_length=200)
    seen: int | None = Field(None, ge=1, le=2**31 - 1)


class RecheckMoveOut(Schema):
    """A move that was made; ``by`` null for the system."""

    verb: str
    state: str
    by: str | None
    at: datetime
    note: str
    document: str
    findings: dict[str, dict[str, str]]

    @classmethod
    def of(cls, one: RecheckMove) -> "RecheckMoveOut":
        """Describe a move."""
        return cls(
            verb=one.verb,
            state=one.state,
            by=str(one.by) if one.by else None,
            at=one.at,
            note=one.note,
            document=one.document,
            findings=one.findings,
        )


class RecheckFileOut(Schema):
    """A recheck, its moves, and the verbs that the caller may use now."""

    recheck: RecheckOut
    moves: list[RecheckMoveOut]
    open: list[str]


class RecheckPlanIn(Schema):
    """A plan for a district: the seed is published, so that anybody draws the same again."""

    territory: str = Field(max_length=32)
    title: str = Field(max_length=120)
    seed: str = Field(max_length=60)
    due_on: Day


class RecheckPlanOut(Schema):
    """A plan with its seed, how many titles were held, and the rechecks that it began."""

    id: int
    territory: str
    title: str
    seed: str
    as_of: date
    due_on: date
    held: int
    rechecks: list[int]

    @classmethod
    def of(cls, one: RecheckPlan) -> "RecheckPlanOut":
        """Describe a plan."""
        return cls(
            id=one.pk,
            territory=one.territory.code,
            title=one.title,
            seed=one.seed,
            as_of=one.as_of,
            due_on=one.due_on,
            held=one.held,
            rechecks=[each.pk for each in one.rechecks.all()],
        )


@router.get("/certification/drift", response=list[DriftOut], summary="Titles whose facts drifted")
def drift(
    request: HttpRequest, place: Annotated[str, Query(max_length=32)], as_of: Day | None = None
) -> list[DriftOut]:
    """Return the titles below a place that newer facts no longer carry, the furthest drifted first."""
    day, under = as_of or clock.today(), get_place_for(request.user, place)
    check_may(person_of(request), Permission.RECHECK, under.path)
    return [
        DriftOut(
            title=one.title.number,
            place=one.place.place.code,
            name=one.place.name,
            unmet=list(one.unmet),
            unknown=list(one.unknown),
        )
        for one in queries.drifted(programmes.current(day), under.path, day)
    ]


@router.get("/certification/recheck-plans", response=list[RecheckPlanOut], summary="Recheck plans")
def recheck_plans(request: HttpRequest) -> list[RecheckPlanOut]:
    """Return the plans of districts where the caller rechecks, the newest first."""
    return [RecheckPlanOut.of(one) for one in queries.plans_for(request.user).select_related("territory")]


@router.post("/certification/recheck-plans", response={201: RecheckPlanOut}, summary="Plan rechecks")
def plan(request: HttpRequest, sent: RecheckPlanIn) -> Status[RecheckPlanOut]:
    """Choose titles by drift and by lot; the seed is published with the plan."""
    person = person_of(request)
    made = plan_rechecks(
        programme=programmes.current(),
        territory=get_place_for(person, sent.territory),
        title=sent.title,
        seed=sent.seed,
        due_on=sent.due_on,
        by=person,
        at=clock.now(),
    )
    return Status(201, RecheckPlanOut.of(made))


@router.get("/certification/rechecks", response=RechecksOut, summary="Rechecks within reach")
def rechecks(
    request: HttpRequest,
    state: RecheckState | None = None,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> RechecksOut:
    """Return at most 200 rechecks, those due first."""
    found = queries.rechecks_for(request.user, state=state or "")
    page = list(found[offset : offset + MOST])
    names = queries.names_of(page)
    return RechecksOut(
        count=found.count(), items=[RecheckOut.of(one, names.get(one.place_id, "")) for one in page]
    )


@router.get("/certification/rechecks/{number}", response=RecheckFileOut, summary="One recheck")
def recheck(request: HttpRequest, number: Number) -> RecheckFileOut:
    """Return a recheck with its moves and what the caller may do now."""
    return _file_of(request, number)


@router.post("/certification/rechecks/{number}/moves", response=RecheckFileOut, summary="Move a recheck")
def move(request: HttpRequest, number: Number, sent: RecheckMoveIn) -> RecheckFileOut:
    """Pass, order rectification, report it, accept it, hear, keep or revoke."""
    person, found = person_of(request), queries.get_recheck_for(request.user, number)
    recheck_turn(sent.verb)
    findings: Mapping[str, Mapping[str, str]] = {
        item: {"found": one.found, "note": one.note} for item, one in sent.findings.items()
    }
    move_recheck(
        found,
        sent.verb,
        note=sent.note,
        document=sent.document,
        findings=findings,
        seen=sent.seen,
        by=person,
        at=clock.now(),
    )
    return _file_of(request, number)


def _file_of(request: HttpRequest, number: int) -> RecheckFileOut:
    found = queries.get_recheck_for(request.user, number)
    place: PlaceVersion = queries.place_of(found)
    route = route_of(found.title.programme)
    return RecheckFileOut(
        recheck=RecheckOut.of(found, place.name),
        moves=[RecheckMoveOut.of(one) for one in queries.moves_of(found)],
        open=[
            turn.verb
            for turn in RECHECK_MOVES.values()
            if may_turn_recheck(request.user, found, turn, route, place.path)
        ],
    )
