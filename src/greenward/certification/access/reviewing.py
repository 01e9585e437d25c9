"""Who countersigns and reviews, and what the review's state allows."""

from collections.abc import Collection, Mapping, Sequence

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.models import Application, Countersign, Seat
from greenward.certification.states import ApplicationState, Reply
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.territories.access import reach_of
from greenward.territories.roles import ROLES, Permission

LONGEST = 500


def departments_of(user: User | AnonymousUser, path: str) -> frozenset[str]:
    """Return the departments for which the person countersigns at ``path``."""
    return frozenset(
        grant.department
        for grant in reach_of(user).grants
        if grant.department
        and path.startswith(grant.path)
        and Permission.COUNTERSIGN in ROLES[grant.role].permissions
    )


def check_may_countersign(by: User | None, department: str, path: str) -> None:
    """Raise NotAllowedError unless ``by`` countersigns for the department; None is the system."""
    if by is not None and department not in departments_of(by, path):
        raise NotAllowedError(
            _("只有该部门的人员可以会签。"), hint=_("请由该部门的经办人办理。"), department=department
        )


def check_in_review(application: Application) -> None:
    """Raise ConflictError unless the application is in review."""
    if application.state != ApplicationState.IN_REVIEW:
        state = ApplicationState(application.state)
        raise ConflictError(
            _("这份申报是“%(state)s”，不在审核中。") % {"state": state.label},
            hint=_("审核期间才能会签和提出评审意见。"),
            state=state.value,
        )


def check_is_asked(asked: Mapping[str, Countersign], item: str) -> None:
    """Raise NotFoundError for an item about which the department is not asked."""
    if item not in asked:
        raise NotFoundError(
            _("第%(item)s项不需要该部门会签。") % {"item": item}, hint=_("请刷新页面。"), item=item
        )


def check_reasoned(item: str, reason: str, *, needed: bool) -> None:
    """Raise InvalidInputError where a reason is owed, or too long."""
    if needed and not reason.strip():
        raise InvalidInputError(
            _("第%(item)s项请写明理由。") % {"item": item},
            hint=_("不同意、不符合或不能判断时，要写理由。"),
            field=f"reason:{item}",
        )
    if len(reason) > LONGEST:
        raise InvalidInputError(
            _("第%(item)s项的理由过长。") % {"item": item},
            hint=_("最多 %(most)d 个字。") % {"most": LONGEST},
            field=f"reason:{item}",
        )


def check_is_same(row: Countersign, answer: Reply, reason: str) -> None:
    """Raise ConflictError where somebody answered for the department already, and otherwise."""
    if (row.said, row.reason) != (answer.value, reason.strip()):
        raise ConflictError(
            _("第%(item)s项已由%(by)s会签：%(said)s。")
            % {"item": row.item, "by": row.by or _("系统"), "said": Reply(row.said).label},
            hint=_("您填写的内容还在；会签后不能更改。"),
            item=row.item,
            said=row.said,
        )


def check_is_own(seat: Seat, by: User | None) -> None:
    """Raise NotAllowedError unless the seat is the person's own; None is the system."""
    if by is not None and seat.user_id != by.pk:
        raise NotAllowedError(_("只能填写本人的评审意见。"), hint=_("请从申报列表打开。"))


def check_is_not_done(seat: Seat) -> None:
    """Raise ConflictError where the reviewer has given the opinions."""
    if seat.done_at is not None:
        raise ConflictError(_("评审意见已经提交。"), hint=_("提交后不能再更改或回避。"))


def check_is_not_vacated(seat: Seat) -> None:
    """Raise ConflictError where the reviewer has left the seat."""
    if seat.vacated_at is not None:
        raise ConflictError(_("您已声明回避。"), hint=_("已另抽取评审专家。"))


def check_same_opinions(seat: Seat, said: Mapping[str, str]) -> None:
    """Raise ConflictError where the opinions given are others."""
    if said != dict(seat.opinions.values_list("item", "stance")):
        raise ConflictError(_("评审意见已经提交。"), hint=_("提交后不能再更改或回避。"))


def check_complete(wanted: Sequence[str], given: Collection[str]) -> None:
    """Raise InvalidInputError where an item has no opinion, or an unknown one has."""
    missing = [item for item in wanted if item not in given]
    if missing or len(given) != len(wanted):
        raise InvalidInputError(
            _("还有 %(n)d 项没有意见：%(items)s") % {"n": len(missing), "items": "、".join(missing)},
            hint=_("每一项都要选一种意见。"),
            field="opinions",
            missing=missing,
        )
