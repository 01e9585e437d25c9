"""Who may run an assessment, who may judge, and what the state of a judging allows."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.models import Judging
from greenward.assessment.states import JudgingState, Move
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError
from greenward.duties.access import is_one_hand
from greenward.territories.access import check_may, may, reach_of
from greenward.territories.roles import Permission

LONGEST_REASON = 200


def check_may_assess(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may assess the territory at ``path``; None is the system."""
    if by is not None:
        check_may(by, Permission.RUN_ASSESSMENT, path)


def check_may_see(by: User, paths: Iterable[str]) -> None:
    """Raise NotAllowedError unless the places at all these paths are within the person's reach."""
    for path in paths:
        check_may(by, Permission.READ, path)


def may_ask(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person asks for judgements at ``path``, decides them and takes them back."""
    return may(user, Permission.DECIDE_JUDGEMENT, path)


def check_may_ask(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may ask for, decide and reopen judgements at ``path``."""
    if by is not None:
        check_may(by, Permission.DECIDE_JUDGEMENT, path)


def may_judge(user: User | AnonymousUser, path: str) -> bool:
    """Tell whether the person gives opinions on the community at ``path``.

    Not who decides there, for they see all opinions; nor who works at the community or below.
    """
    own = any(grant.path.startswith(path) for grant in reach_of(user).grants)
    return may(user, Permission.JUDGE, path) and not own and not may_ask(user, path)


def check_may_judge(by: User, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may give an opinion on the community at ``path``."""
    check_may(by, Permission.JUDGE, path)
    if not may_judge(by, path):
        raise NotAllowedError(
            _("您在本社区任职，或在这里负责裁定，不能提出评议意见。"),
            hint=_("请由其他评议员评议。"),
            permission=Permission.JUDGE,
        )


def check_can_move(judging: Judging, move: Move) -> None:
    """Raise ConflictError where the judging's state does not allow the move."""
    if judging.state != move.begins:
        raise ConflictError(
            _("这项评议现在是“%(state)s”，不能%(move)s。")
            % {"state": JudgingState(judging.state).label, "move": move.name},
            hint=_("别人可能已经处理过；请刷新页面查看。"),
            number=judging.pk,
            state=judging.state,
        )


def check_has_opinions(judging: Judging, given: int) -> None:
    """Raise ConflictError while fewer reviewers than needed gave their opinion."""
    if given < judging.needed:
        raise ConflictError(
            _("评议意见还不够：需要 %(needed)d 份，现有 %(given)d 份。")
            % {"needed": judging.needed, "given": given},
            hint=_("请等评议员提交，或另请评议员。"),
            number=judging.pk,
        )


def check_gave_none(judging: Judging, by: User | None) -> None:
    """Raise NotAllowedError for who gave one of the opinions: nobody decides on their own.

    Who covers for one of the reviewers, or is covered by one, counts as both.
    """
    if by is not None and is_one_hand(by, judging.opinions.values_list("by", "at")):
        raise NotAllowedError(
            _("您对这一项提过评议意见，不能裁定。"),
            hint=_("请由本区另一位负责人裁定。"),
            number=judging.pk,
        )


def check_reason(reason: str) -> None:
    """Raise InvalidInputError unless it is said what a frozen run is for, in 200 characters at most."""
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise InvalidInputError(
            _("固定对标结果要写明用途，不超过200字。"),
            hint=_("例如：2022年第三季度报送。"),
            field="reason",
        )
