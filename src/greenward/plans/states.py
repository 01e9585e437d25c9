"""The states of a version of a district's plan, and the table of moves that it may make."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from greenward.territories.roles import Permission


class PlanState(models.TextChoices):
    """Where a version of a plan stands. Filed is final: what changes then is a new version."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待区内审定")
    RETURNED = "returned", _("退回修改")
    APPROVED = "approved", _("区内已审定")
    FILED = "filed", _("已报送市级")


OPEN = frozenset({PlanState.DRAFT, PlanState.RETURNED})
"""States in which the content may be written."""


class Measure(models.TextChoices):
    """What a target counts; the same words as the pack's targets."""

    MEETING = "meeting", _("参与创建并达到要求的社区")
    PILOTS = "pilots", _("试点社区")


@dataclass(frozen=True)
class Move:
    """A move: from which states, where to, and who may make it.

    ``apart``: not by anybody who wrote or submitted this version. ``note``: it needs a reason.
    """

    verb: str
    name: StrOrPromise
    begins: frozenset[PlanState]
    ends: PlanState
    permission: Permission
    apart: bool = False
    note: bool = False


S, P = PlanState, Permission
MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        Move("submit", _("提交审定"), OPEN, S.SUBMITTED, P.PLAN),
        Move("withdraw", _("撤回提交"), frozenset({S.SUBMITTED}), S.DRAFT, P.PLAN),
        Move(
            "return",
            _("退回修改"),
            frozenset({S.SUBMITTED}),
            S.RETURNED,
            P.APPROVE_PLAN,
            apart=True,
            note=True,
        ),
        Move("approve", _("审定通过"), frozenset({S.SUBMITTED}), S.APPROVED, P.APPROVE_PLAN, apart=True),
        Move("file", _("报送市级"), frozenset({S.APPROVED}), S.FILED, P.DELIVER_DUTIES),
    )
}
"""Every move there is. The city has none: it reads what was filed and comments."""


def diagram() -> str:
    """Return the moves as a Mermaid state diagram: the documentation's picture is drawn from the table."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [
        f"    {begin.value} --> {move.ends.value}: {move.verb} ({move.permission.value})"
        for move in MOVES.values()
        for begin in PlanState
        if begin in move.begins
    ]
    return "\n".join([*lines, "    filed --> [*]", ""])
