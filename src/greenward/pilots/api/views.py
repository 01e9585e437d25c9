"""``/api/v1/pilots``: candidates of streets with their reasons, and lessons; reading only."""

from datetime import date
from decimal import Decimal
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema

from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.pilots import queries
from greenward.pilots.queries import Candidate, Reason, Shown, StreetProposals

router = Router(tags=["pilots"])
MOST = 200


class PilotReasonOut(Schema):
    """How a community stands by a criterion, between ``least`` and ``most`` (0 to 1); 0 and 1: unknown."""

    criterion: str
    least: float
    most: float
    text: str
    source: str

    @classmethod
    def of(cls, one: Reason) -> "PilotReasonOut":
        """Describe a reason."""
        return cls(
            criterion=one.criterion.id, least=one.least, most=one.most, text=one.text, source=one.source
        )


class CandidateOut(Schema):
    """A community with its reasons; ``score`` (0 to 100) is null where nothing is known.

    ``proposed``: why it is proposed, empty where it is not.
    """

    code: str
    name: str
    is_pilot: bool
    participates: bool
    age: str | None
    score: float | None
    least: float
    most: float
    proposed: str
    reasons: list[PilotReasonOut]

    @classmethod
    def of(cls, one: Candidate) -> "CandidateOut":
        """Describe a candidate."""
        return cls(
            code=one.code,
            name=one.name,
            is_pilot=one.is_pilot,
            participates=one.participates,
            age=one.age,
            score=one.score,
            least=one.least,
            most=one.most,
            proposed=one.proposed,
            reasons=[PilotReasonOut.of(reason) for reason in one.reasons],
        )


class StreetPilotsOut(Schema):
    """A street or town: pilots that it owes at least and at most, how many it has, and its candidates."""

    code: str
    name: str
    least: int
    most: int | None
    communities: int
    pilots: int
    missing: int
    exception: str
    candidates: list[CandidateOut]

    @classmethod
    def of(cls, one: StreetProposals) -> "StreetPilotsOut":
        """Describe a street."""
        return cls(
            code=one.street.code,
            name=one.street.name,
            least=one.least,
            most=one.most,
            communities=one.communities,
            pilots=one.pilots,
            missing=one.missing,
            exception=one.exception,
            candidates=[CandidateOut.of(each) for each in one.candidates],
        )


class LessonOut(Schema):
    """What a pilot learnt: problem, practice, effect (measured where ``before`` and ``after`` are given)."""

    id: int
    place: str
    item: str
    title: str
    problem: str
    practice: str
    effect: str
    before: Decimal | None
    after: Decimal | None
    unit: str
    applies: str
    age: str
    shared: bool

    @classmethod
    def of(cls, shown: Shown) -> "LessonOut":
        """Describe a lesson."""
        one = shown.lesson
        return cls(
            id=one.pk,
            place=one.place.code,
            item=one.item,
            title=one.title,
            problem=one.problem,
            practice=one.practice,
            effect=one.effect,
            before=one.before,
            after=one.after,
            unit=one.unit,
            applies=one.applies,
            age=one.age,
            shared=one.shared_at is not None,
        )


class LessonsOut(Schema):
    """A part of the lessons; ``count``: how many there are in all."""

    count: int
    items: list[LessonOut]


class LessonsAsked(Schema):
    """Which lessons, and which part of the list."""

    q: str = ""
    item: str = ""
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0


@router.get("/pilots/lessons", response=LessonsOut, summary="Lessons of pilots")
def lessons(request: HttpRequest, asked: Query[LessonsAsked]) -> LessonsOut:
    """Return at most 200 lessons that the caller may read, the newest first."""
    day: date = clock.today()
    programme, _pack = queries.policy_on(day)
    found = queries.search(queries.lessons_for(request.user, programme, day), text=asked.q, item=asked.item)
    page = queries.shown_of(request.user, found[asked.offset : asked.offset + MOST], day)
    return LessonsOut(count=found.count(), items=[LessonOut.of(one) for one in page])


@router.get("/pilots/{code}", response=list[StreetPilotsOut], summary="Candidates with their reasons")
def proposals(
    request: HttpRequest, code: Annotated[str, Path(max_length=32)], as_of: Day | None = None
) -> list[StreetPilotsOut]:
    """Return the candidates of a district's or a street's streets, the best first."""
    place, day = queries.get_place_with_streets(request.user, code), as_of or clock.today()
    return [StreetPilotsOut.of(one) for one in queries.street_proposals(place.path, day)]
