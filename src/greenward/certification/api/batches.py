"""``/api/v1/certification/batches``: several applications at once, a preview unless asked to act."""

from collections.abc import Sequence
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from greenward.accounts.api.callers import person_of
from greenward.certification.actions.batch import move_each
from greenward.certification.models import Application
from greenward.certification.queries.batch import (
    MOST,
    check_may_move_several,
    chosen_for,
    move_named,
    prospects_of,
)
from greenward.core import clock

router = Router(tags=["certification"])


class CaseIn(Schema):
    """An application and the version of it that the caller looked at."""

    number: int = Field(ge=1, le=2**63 - 1)
    seen: int = Field(ge=1, le=2**31 - 1)


class BatchIn(Schema):
    """A move for several applications with one reason; nothing is moved unless ``act`` is true."""

    verb: Literal["recommend", "take_up", "approve"]
    note: str = Field("", max_length=2000)
    cases: Annotated[list[CaseIn], Field(min_length=1, max_length=MOST)]
    act: bool = False


class BatchCaseOut(Schema):
    """An application: whether it went (in a preview: would go), else why not; its state and version now."""

    number: int
    state: str
    version: int
    goes: bool
    faults: list[str]

    @classmethod
    def of(cls, one: Application, faults: Sequence[str]) -> "BatchCaseOut":
        """Describe what became of an application."""
        return cls(number=one.pk, state=one.state, version=one.version, goes=not faults, faults=list(faults))


class BatchOut(Schema):
    """What became of each, or in a preview (``acted`` false) would become; in the order of the numbers."""

    acted: bool
    cases: list[BatchCaseOut]


@router.post("/certification/batches", response=BatchOut, summary="Move several applications")
def batch(request: HttpRequest, sent: BatchIn) -> BatchOut:
    """Recommend, take up or approve up to 50; each goes by its own action, and one refused stops no other."""
    person, seen = person_of(request), {one.number: one.seen for one in sent.cases}
    check_may_move_several(person, move_named(sent.verb))
    chosen = chosen_for(person, seen)
    if not sent.act:
        found = prospects_of(person, chosen, sent.verb, clock.today(), seen=seen)
        told = [BatchCaseOut.of(one.line.application, one.faults) for one in found]
        return BatchOut(acted=False, cases=told)
    moved = move_each(
        [(one, seen[one.pk]) for one in chosen], sent.verb, by=person, at=clock.now(), note=sent.note
    )
    faults = {one.application.pk: one.faults for one in moved}
    now = chosen_for(person, seen)
    return BatchOut(acted=True, cases=[BatchCaseOut.of(one, faults[one.pk]) for one in now])
