"""The states of applications, objections and rechecks, and the tables of moves that they may make."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
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
    ENDED = "ended", _("随社区调整终止")


class Finding(models.TextChoices):
    """What somebody on the spot saw of an item."""

    AGREES = "agrees", _("与申报一致")
    DIFFERS = "differs", _("与申报不符")
    UNSEEN = "unseen", _("未能查看")


class Reply(models.TextChoices):
    """What a department says of an item that it countersigns. Saying nothing is neither."""

    AGREED = "agreed", _("同意")
    OBJECTED = "objected", _("不同意")


class Stance(models.TextChoices):
    """What a reviewer thinks of an item."""

    FOR = "for", _("符合")
    AGAINST = "against", _("不符合")
    UNSURE = "unsure", _("不能判断")


S, P = ApplicationState, Permission

FINAL = frozenset({S.DECLINED, S.REFUSED, S.RECOGNISED, S.WITHDRAWN, S.ENDED})
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
        Move(
            "return",
            pgettext_lazy("a move", "退回补正"),
            WAITING,
            S.RETURNED,
            P.RECOMMEND,
            "recommend",
            reasons=True,
        ),
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
            pgettext_lazy("a move", "审核通过"),
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
            pgettext_lazy("a move", "异议不成立"),
            frozenset({S.OBJECTED}),
            S.IN_NOTICE,
            P.HANDLE_OBJECTIONS,
            apart_from=APPLYING | RECOMMENDING,
            reasons=True,
        ),
        Move(
            "uphold_objection",
            pgettext_lazy("a move", "异议成立"),
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
        Move("end", _("随社区调整终止"), OPEN, S.ENDED, P.CHANGE_PLACES),
    )
}
"""Every move there is. ``end`` goes with a merger or split of the community (decision 25).

Which act a step of the route asks for stands in the pack (``Route.act_of``)."""


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


class ObjectionState(models.TextChoices):
    """Where an objection to a notice stands."""

    RECEIVED = "received", _("待受理")
    ACCEPTED = "accepted", _("复核中")
    UPHELD = "upheld", _("异议成立")
    REJECTED = "rejected", _("异议不成立")
    DISMISSED = "dismissed", _("不予受理")
    MOOT = "moot", _("申报已了结，不再复核")
    FILED = "filed", _("逾期，作为线索留存")


class RecheckState(models.TextChoices):
    """Where the recheck of a title stands, rectification and hearing included."""

    PLANNED = "planned", _("待复查")
    PASSED = "passed", _("复查通过")
    RECTIFYING = "rectifying", _("限期整改")
    REPORTED = "reported", _("已报整改，待验收")
    HEARING = "hearing", _("陈述申辩")
    REVOKED = "revoked", _("已撤销称号")
    LAPSED = "lapsed", _("称号已终止，不再复查")


@dataclass(frozen=True)
class Turn:
    """A move of an objection or a recheck: from which states, where to, by whom, and whether it says why."""

    verb: str
    name: StrOrPromise
    begins: frozenset[str]
    ends: str
    permission: Permission
    reasons: bool = True


Said, R = ObjectionState, RecheckState

OPEN_OBJECTIONS = frozenset({Said.RECEIVED, Said.ACCEPTED})
"""While one stands here, its application is not recognised."""
OBJECTION_MOVES: dict[str, Turn] = {
    turn.verb: turn
    for turn in (
        Turn(
            "accept", _("受理"), frozenset({Said.RECEIVED}), Said.ACCEPTED, P.HANDLE_OBJECTIONS, reasons=False
        ),
        Turn(
            "dismiss",
            pgettext_lazy("a move", "不予受理"),
            frozenset({Said.RECEIVED}),
            Said.DISMISSED,
            P.HANDLE_OBJECTIONS,
        ),
        Turn(
            "uphold",
            pgettext_lazy("a move", "异议成立"),
            frozenset({Said.ACCEPTED}),
            Said.UPHELD,
            P.HANDLE_OBJECTIONS,
        ),
        Turn(
            "reject",
            pgettext_lazy("a move", "异议不成立"),
            frozenset({Said.ACCEPTED}),
            Said.REJECTED,
            P.HANDLE_OBJECTIONS,
        ),
        Turn("settle", _("随申报了结"), OPEN_OBJECTIONS, Said.MOOT, P.HANDLE_OBJECTIONS),
    )
}
"""Every move of an objection.

``settle`` goes with another objection to the same application being upheld, or with the application's end.
"""

OPEN_RECHECKS = frozenset({R.PLANNED, R.RECTIFYING, R.REPORTED, R.HEARING})
RECHECK_MOVES: dict[str, Turn] = {
    turn.verb: turn
    for turn in (
        Turn(
            "pass",
            pgettext_lazy("a move", "复查通过"),
            frozenset({R.PLANNED}),
            R.PASSED,
            P.RECHECK,
            reasons=False,
        ),
        Turn("rectify", _("责令限期整改"), frozenset({R.PLANNED, R.REPORTED}), R.RECTIFYING, P.RECHECK),
        Turn("report", _("报送整改情况"), frozenset({R.RECTIFYING}), R.REPORTED, P.APPLY),
        Turn("accept", _("整改验收通过"), frozenset({R.REPORTED}), R.PASSED, P.RECHECK),
        Turn("hear", _("通知陈述申辩"), frozenset({R.RECTIFYING, R.REPORTED}), R.HEARING, P.RECHECK),
        Turn("keep", _("保留称号"), frozenset({R.HEARING}), R.PASSED, P.RECHECK),
        Turn("revoke", _("撤销称号"), frozenset({R.HEARING, R.RECTIFYING, R.REPORTED}), R.REVOKED, P.RECHECK),
        Turn("lapse", _("随称号终止"), OPEN_RECHECKS, R.LAPSED, P.RECHECK),
    )
}
"""Every move of a recheck. Where the route asks for a hearing, ``revoke`` begins there alone."""


def pairs(moves: dict[str, Turn]) -> str:
    """Return every allowed pair of states as SQL, for the triggers that hold the tables."""
    found = sorted({(str(begin), str(turn.ends)) for turn in moves.values() for begin in turn.begins})
    return ", ".join(f"('{begin}', '{end}')" for begin, end in found)


def drawn(moves: dict[str, Turn], first: str) -> str:
    """Return the moves of an objection or recheck as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    lines += [
        f"    {begin!s} --> {turn.ends!s}: {turn.verb} ({turn.permission.value})"
        for turn in moves.values()
        for begin in sorted(str(one) for one in turn.begins)
    ]
    ends = {str(turn.ends) for turn in moves.values()} - {str(b) for t in moves.values() for b in t.begins}
    return "\n".join([*lines, *(f"    {end} --> [*]" for end in sorted(ends)), ""])
