"""The states of a judging, and the table of moves that it may make."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from greenward.territories.roles import Permission


class JudgingState(models.TextChoices):
    """Where the judging of one indicator at one community stands."""

    OPEN = "open", _("评议中")
    DECIDED = "decided", _("已裁定")
    WITHDRAWN = "withdrawn", _("已撤销")


@dataclass(frozen=True)
class Move:
    """A move: from which state, where to, and who may make it. Each needs a reason."""

    verb: str
    name: StrOrPromise
    begins: JudgingState
    ends: JudgingState
    permission: Permission


S, P = JudgingState, Permission
MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        Move("opine", _("提交评议意见"), S.OPEN, S.OPEN, P.JUDGE),
        Move("decide", _("裁定"), S.OPEN, S.DECIDED, P.DECIDE_JUDGEMENT),
        Move("reopen", _("重新评议"), S.DECIDED, S.OPEN, P.DECIDE_JUDGEMENT),
        Move("withdraw", _("撤销评议"), S.OPEN, S.WITHDRAWN, P.DECIDE_JUDGEMENT),
    )
}
"""Every move there is. Withdrawn is final: the question may be asked anew."""


def diagram() -> str:
    """Return the moves as a Mermaid state diagram: the documentation's picture is drawn from the table."""
    lines = ["stateDiagram-v2", "    [*] --> open: ask (decide_judgement)"]
    lines += [
        f"    {move.begins.value} --> {move.ends.value}: {move.verb} ({move.permission.value})"
        for move in MOVES.values()
    ]
    return "\n".join([*lines, "    withdrawn --> [*]", ""])
