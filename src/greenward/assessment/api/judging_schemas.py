"""What programs are told about judgings, and what they send."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from ninja import Schema
from pydantic import Field

from greenward.assessment.actions import Answer
from greenward.assessment.actions.judging import MOST_OPINIONS
from greenward.assessment.models import Decision, Judging, Opinion
from greenward.assessment.queries.judging import Case, Queued, Spread
from greenward.core.api.schemas import Day

LARGEST = 2**31 - 1
"""A version is an int4."""
Version = Annotated[int, Field(ge=0, le=LARGEST)]
Filed = Annotated[int, Field(ge=1, le=2**63 - 1)]
"""The number under which a file is filed is a bigint."""


class JudgingsAsked(Schema):
    """Which judgings, and which part of the list."""

    state: Literal["open", "decided", "withdrawn", "all"] = "open"
    number: str = Field("", max_length=20)
    place: str = Field("", max_length=32)
    mine: bool = False
    ready: bool = False
    limit: int = Field(100, ge=1, le=1000)
    offset: int = Field(0, ge=0, le=LARGEST)


class QueuedOut(Schema):
    """A judging in the list: ``given`` of ``needed`` opinions, and whether the caller's is among them."""

    id: int
    place: str
    name: str
    number: str
    state: str
    given: int
    needed: int
    said: bool
    due_on: date
    overdue: bool

    @classmethod
    def of(cls, one: Queued) -> "QueuedOut":
        """Describe ``one``."""
        judging = one.judging
        return cls(
            id=judging.pk,
            place=one.place.place.code,
            name=one.place.name,
            number=judging.number,
            state=judging.state,
            given=one.given,
            needed=judging.needed,
            said=one.said,
            due_on=judging.due_on,
            overdue=one.overdue,
        )


class JudgingsOut(Schema):
    """A part of the list; ``count``: how many there are in all."""

    count: int
    items: list[QueuedOut]


class AskIn(Schema):
    """What to ask: a row's number, below which place, at which communities (none: all), until when.

    ``needed``: how many opinions before somebody may decide.
    """

    number: str = Field(max_length=20)
    under: str = Field(max_length=32)
    codes: list[str] = Field(default_factory=list, max_length=1000)
    due_on: Day
    needed: int = Field(2, ge=1, le=MOST_OPINIONS)
    note: str = Field("", max_length=500)


class JudgingsAskedOut(Schema):
    """The judgings that are new, and how many communities were asked about already."""

    made: list[int]
    known: int


class OpinionIn(Schema):
    """Met or not, or points (a deduction is negative), with a reason.

    ``evidence``: numbers of files filed under the community; ``seen``: one's own newest version, 0 for none.
    """

    met: bool | None = None
    points: Decimal | None = Field(None, max_digits=9, decimal_places=3)
    reason: str = Field(max_length=1000)
    evidence: list[Filed] = Field(default_factory=list, max_length=100)
    seen: Version

    @property
    def answer(self) -> Answer:
        """What was said."""
        return Answer(self.reason, met=self.met, points=self.points, evidence=tuple(self.evidence))


class DecisionIn(Schema):
    """Met or not, or points, with a reason, and the day on which things were so.

    ``seen``: the judging's version that the caller saw.
    """

    met: bool | None = None
    points: Decimal | None = Field(None, max_digits=9, decimal_places=3)
    reason: str = Field(max_length=1000)
    observed_on: Day
    seen: Version

    @property
    def answer(self) -> Answer:
        """What was decided."""
        return Answer(self.reason, met=self.met, points=self.points)


class TakeBackIn(Schema):
    """Why, and the judging's version that the caller saw."""

    reason: str = Field(max_length=1000)
    seen: Version


class OpinionOut(Schema):
    """What a reviewer said: exactly one of ``met`` and ``points``."""

    by: str
    version: int
    met: bool | None
    points: float | None
    reason: str
    evidence: list[int]
    at: datetime

    @classmethod
    def of(cls, one: Opinion) -> "OpinionOut":
        """Describe ``one``."""
        return cls(
            by=str(one.by),
            version=one.version,
            met=one.met,
            points=_plain(one.points),
            reason=one.reason,
            evidence=[use.pk for use in one.evidence.all()],
            at=one.at,
        )


class SpreadOut(Schema):
    """How far opinions lie apart: how many say met, or the least, most and mean points."""

    given: int
    agreed: bool
    met: int | None
    least: float | None
    most: float | None
    mean: float | None

    @classmethod
    def of(cls, one: Spread) -> "SpreadOut":
        """Describe ``one``."""
        return cls(
            given=one.given,
            agreed=one.agreed,
            met=one.met if one.least is None else None,
            least=_plain(one.least),
            most=_plain(one.most),
            mean=_plain(one.mean),
        )


class TakenBackOut(Schema):
    """A decision was taken back: why, by whom, when."""

    reason: str
    by: str | None
    at: datetime


class DecisionOut(Schema):
    """A decision, by an office; ``taken_back`` null while it stands."""

    met: bool | None
    points: float | None
    reason: str
    observed_on: date
    office: str
    by: str | None
    at: datetime
    taken_back: TakenBackOut | None

    @classmethod
    def of(cls, one: Decision) -> "DecisionOut":
        """Describe ``one``."""
        back = getattr(one, "reopening", None)
        return cls(
            met=one.met,
            points=_plain(one.points),
            reason=one.reason,
            observed_on=one.observed_on,
            office=one.office,
            by=str(one.by) if one.by else None,
            at=one.at,
            taken_back=TakenBackOut(reason=back.reason, by=str(back.by) if back.by else None, at=back.at)
            if back
            else None,
        )


class JudgingOut(Schema):
    """A judging as the caller may see it.

    ``least`` and ``most``: between which points are picked; null where the answer is met or not met.
    ``fact``: the key under which the standard takes the decision, null where it takes none. ``own``: the
    caller's opinions, the latest first. ``opinions`` and ``spread`` are null until the caller may see them.
    ``seen`` goes with an opinion, ``version`` with every other move.
    """

    id: int
    place: str
    name: str
    number: str
    fact: str | None
    state: str
    version: int
    seen: int
    least: float | None
    most: float | None
    given: int
    needed: int
    due_on: date
    note: str
    withdrawn_because: str
    own: list[OpinionOut]
    opinions: list[OpinionOut] | None
    spread: SpreadOut | None
    decisions: list[DecisionOut]
    may_judge: bool
    may_decide: bool

    @classmethod
    def of(cls, case: Case) -> "JudgingOut":
        """Describe ``case``."""
        judging: Judging = case.judging
        return cls(
            id=judging.pk,
            place=case.place.place.code,
            name=case.place.name,
            number=judging.number,
            fact=judging.key or None,
            state=judging.state,
            version=judging.version,
            seen=case.seen,
            least=_plain(judging.least),
            most=_plain(judging.most),
            given=case.given,
            needed=judging.needed,
            due_on=judging.due_on,
            note=judging.note,
            withdrawn_because=judging.withdrawn_because,
            own=[OpinionOut.of(one) for one in case.own],
            opinions=None if case.opinions is None else [OpinionOut.of(one) for one in case.opinions],
            spread=None if case.spread is None else SpreadOut.of(case.spread),
            decisions=[DecisionOut.of(one) for one in case.decisions],
            may_judge=case.may_judge,
            may_decide=case.may_decide,
        )


def _plain(points: Decimal | None) -> float | None:
    return None if points is None else float(points)
