"""The states of an application, and the table of moves that it may make."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from greenward.packs.schema.route import Act
from greenward.territories.roles import Permission


class ApplicationState(models.TextChoices):
    """Where an application stands."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待推荐")
    RETURNED = "returned", _("退回补正")
    RECOMMENDED = "recommended", _("已推荐")
    DECLINED = "declined", _("未予推荐")
    IN_REVIEW = "in_review", _("审核中")
    APPROVED = "approved", _("审核通过")
    REFUSED = "refused", _("审核未通过")
    IN_NOTICE = "in_notice", _("公示中")
    OBJECTED = "objected", _("异议复核中")
    RECOGNISED = "recognised", _("已命名")
    WITHDRAWN = "withdrawn", _("已撤回")


class Finding(models.TextChoices):
    """What somebody on the spot saw of an item."""

    AGREES = "agrees", _("与申报一致")
    DIFFERS = "differs", _("与申报不符")
    UNSEEN = "unseen", _("未能查看")


class Said(models.TextChoices):
    """What a department says of an item that it countersigns. Saying nothing is neither."""

    AGREED = "agreed", _("同意")
    OBJECTED = "objected", _("不同意")


class Stance(models.TextChoices):
    """What a reviewer thinks of an item."""

    FOR = "for", _("符合")
    AGAINST = "against", _("不符合")
    UNSURE = "unsure", _("不能判断")


S, P = ApplicationState, Permission

FINAL = frozenset({S.DECLINED, S.REFUSED, S.RECOGNISED, S.WITHDRAWN})
"""States that an application never leaves: the community may apply anew."""
OPEN = frozenset(S) - FINAL
"""A community has at most one application in these states."""
WITH_COMMUNITY = frozenset({S.DRAFT, S.RETURNED})
"""States in which the community writes; in every other one the application is frozen."""


@dataclass(frozen=True)
class Move:
    """A move of an application: from which states it may be made, where it leads, and who may make it.

    ``act``: the step of the route at which the application stands must do this; None where the step does
    not matter. ``apart_from``: not by anybody who ever made one of these moves with the application.
    ``reasons``: it says why.
    """

    verb: str
    name: StrOrPromise
    begins: frozenset[ApplicationState]
    ends: ApplicationState
    permission: Permission
    act: Act | None = None
    apart_from: frozenset[str] = frozenset()
    reasons: bool = False


WAITING = frozenset({S.SUBMITTED, S.RECOMMENDED})
"""The next step has not taken it up yet: what the route's step does decides which moves there are."""
APPLYING = frozenset({"submit", "resubmit"})
RECOMMENDING = frozenset({"recommend", "decline"})

MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        Move("submit", _("提交申报"), frozenset({S.DRAFT}), S.SUBMITTED, P.APPLY, "apply"),
        Move("resubmit", _("补正后再提交"), frozenset({S.RETURNED}), S.SUBMITTED, P.APPLY),
        Move(
            "withdraw",
            _("撤回申报"),
            WITH_COMMUNITY | WAITING | {S.IN_REVIEW},
            S.WITHDRAWN,
            P.APPLY,
            reasons=True,
        ),
        Move("return", _("退回补正"), WAITING, S.RETURNED, P.RECOMMEND, "recommend", reasons=True),
        Move(
            "recommend", _("推荐"), WAITING, S.RECOMMENDED, P.RECOMMEND, "recommend", APPLYING, reasons=True
        ),
        Move("decline", _("不予推荐"), WAITING, S.DECLINED, P.RECOMMEND, "recommend", APPLYING, reasons=True),
        Move("take_up", _("受理"), WAITING, S.IN_REVIEW, P.DECIDE_APPLICATION, "decide"),
        Move(
            "send_back",
            _("审核退回"),
            frozenset({S.IN_REVIEW}),
            S.RETURNED,
            P.DECIDE_APPLICATION,
            "decide",
            reasons=True,
        ),
        Move(
            "approve",
            _("审核通过"),
            frozenset({S.IN_REVIEW}),
            S.APPROVED,
            P.DECIDE_APPLICATION,
            "decide",
            APPLYING | RECOMMENDING,
            reasons=True,
        ),
        Move(
            "refuse",
            _("审核不通过"),
            frozenset({S.IN_REVIEW}),
            S.REFUSED,
            P.DECIDE_APPLICATION,
            "decide",
            APPLYING | RECOMMENDING,
            reasons=True,
        ),
        Move("publish", _("列入公示"), frozenset({S.APPROVED}), S.IN_NOTICE, P.PUBLISH_NOTICES),
        Move("object", _("受理异议"), frozenset({S.IN_NOTICE}), S.OBJECTED, P.HANDLE_OBJECTIONS),
        Move(
            "reject_objection",
            _("异议不成立"),
            frozenset({S.OBJECTED}),
            S.IN_NOTICE,
            P.HANDLE_OBJECTIONS,
            apart_from=APPLYING | RECOMMENDING,
            reasons=True,
        ),
        Move(
            "uphold_objection",
            _("异议成立"),
            frozenset({S.OBJECTED}),
            S.REFUSED,
            P.HANDLE_OBJECTIONS,
            apart_from=APPLYING | RECOMMENDING,
            reasons=True,
        ),
        Move(
            "recognise",
            _("命名"),
            frozenset({S.IN_NOTICE}),
            S.RECOGNISED,
            P.RECOGNISE,
            apart_from=APPLYING | RECOMMENDING,
        ),
    )
}
"""Every move there is. Which act a step of the route asks for stands in the pack (``Route.act_of``)."""


def diagram() -> str:
    """Return the moves as a Mermaid state diagram: the documentation's picture is drawn from the table."""
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [
        f"    {begin.value} --> {move.ends.value}: {move.verb} ({move.permission.value})"
        for move in MOVES.values()
        for begin in ApplicationState
        if begin in move.begins
    ]
    ends = [f"    {state.value} --> [*]" for state in ApplicationState if state in FINAL]
    return "\n".join([*lines, *ends, ""])
