"""The survey's states, and the table of moves that a community's case may make."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from greenward.territories.models import Level
from greenward.territories.roles import Permission


class ImportState(models.TextChoices):
    """How far an uploaded workbook came. Discarded and undone are final."""

    PREVIEWED = "previewed", _("待确认")
    CONFIRMED = "confirmed", _("已导入")
    DISCARDED = "discarded", _("已放弃")
    UNDONE = "undone", _("已撤回")


class Outcome(models.TextChoices):
    """What an import does with a row."""

    NEW = "new", _("新增")
    CHANGED = "changed", _("更改")
    UNCHANGED = "unchanged", _("不变")
    REJECTED = "rejected", _("有问题")
    SKIPPED = "skipped", _("跳过")


class Progress(models.TextChoices):
    """How far the survey of one community is in a round."""

    NONE = "none", _("未摸底")
    STARTED = "started", _("部分填报")
    DONE = "done", _("已摸底")


class Way(models.TextChoices):
    """By which way values came in."""

    FORM = "form", _("填报")
    WORKBOOK = "workbook", _("表格导入")
    FEED = "feed", _("部门数据")
    RECORD = "record", _("日常工作记录")
    FIELD_APP = "field_app", _("外业填报（XLSForm）")
    CORRECTION = "correction", _("更正")
    UNDO = "undo", _("撤回导入")


class Asks(models.TextChoices):
    """What a round asks of what is known already."""

    EXPIRED = "expired", _("只问过期和缺少的")
    EVERYTHING = "everything", _("全部重新确认")


class AskState(models.TextChoices):
    """What a round still asks about one field of one place."""

    NEEDED = "needed", _("待填")
    EXPIRED = "expired", _("待确认")
    KNOWN = "known", _("已有")
    ANSWERED = "answered", _("本轮已填")
    RETURNED = "returned", _("退回补正")
    NOT_APPLICABLE = "not_applicable", _("不适用")


class CaseState(models.TextChoices):
    """Where one community's survey stands on its way up. Without a case it is being filled in."""

    FILLING = "filling", _("填报中")
    SUBMITTED = "submitted", _("待街道核对")
    RETURNED = "returned", _("退回补正")
    CHECKED = "checked", _("待区核验")
    ACCEPTED = "accepted", _("已核验")


UNDER_REVIEW = frozenset({CaseState.SUBMITTED, CaseState.CHECKED, CaseState.ACCEPTED})
"""States in which no value may be written but by a correction of what is accepted."""

MUST_ACT: dict[CaseState, Level | None] = {
    CaseState.FILLING: Level.COMMUNITY,
    CaseState.SUBMITTED: Level.SUBDISTRICT,
    CaseState.RETURNED: Level.COMMUNITY,
    CaseState.CHECKED: Level.DISTRICT,
    CaseState.ACCEPTED: None,
}
"""At which level somebody must act next; nobody where the case is at its end."""

LIST_OF_UNITS = "#units"
"""Stands for a field where the list of a community's units is returned: units may be added then."""


@dataclass(frozen=True)
class Move:
    """A move of a case: from which states it may be made, where it leads, and who may make it.

    ``apart_from``: not by who made one of these moves since the case was last submitted. ``fields``: it
    names the fields that it sends back. ``while_open``: not in a closed round, for values must follow.
    """

    verb: str
    name: StrOrPromise
    begins: frozenset[CaseState]
    ends: CaseState
    permission: Permission
    apart_from: frozenset[str] = frozenset()
    fields: bool = False
    while_open: bool = False


S, P = CaseState, Permission
MOVES: dict[str, Move] = {
    move.verb: move
    for move in (
        Move("submit", _("提交"), frozenset({S.FILLING, S.RETURNED}), S.SUBMITTED, P.SURVEY, while_open=True),
        Move("withdraw", _("撤回提交"), frozenset({S.SUBMITTED}), S.FILLING, P.SURVEY, while_open=True),
        Move(
            "check", _("核对通过"), frozenset({S.SUBMITTED}), S.CHECKED, P.CHECK_SURVEY, frozenset({"submit"})
        ),
        Move(
            "return",
            _("退回"),
            frozenset({S.SUBMITTED}),
            S.RETURNED,
            P.CHECK_SURVEY,
            fields=True,
            while_open=True,
        ),
        Move(
            "accept",
            _("核验通过"),
            frozenset({S.CHECKED}),
            S.ACCEPTED,
            P.ACCEPT_SURVEY,
            frozenset({"submit", "check"}),
        ),
        Move(
            "reject",
            _("核验退回"),
            frozenset({S.CHECKED}),
            S.RETURNED,
            P.ACCEPT_SURVEY,
            fields=True,
            while_open=True,
        ),
    )
}
"""Every move there is. Values of an accepted case change only by a correction, which is no move."""


def diagram() -> str:
    """Return the moves as a Mermaid state diagram: the documentation's picture is drawn from the table."""
    lines = ["stateDiagram-v2", "    [*] --> filling"]
    lines += [
        f"    {begin.value} --> {move.ends.value}: {move.verb} ({move.permission.value})"
        for move in MOVES.values()
        for begin in CaseState
        if begin in move.begins
    ]
    return "\n".join([*lines, "    accepted --> [*]", ""])


class Suspect(models.TextChoices):
    """Kinds of what is suspicious in values."""

    CHECK = "check", _("不符合表内检查")
    CROSS = "cross", _("上下级或各表之间对不上")
    JUMP = "jump", _("与上一轮相差过大")
    OUTLIER = "outlier", _("与同区相差过大")
    COPIED = "copied", _("与别处完全相同")
    DISAGREEMENT = "disagreement", _("两个来源说法不一")
