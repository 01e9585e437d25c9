"""Who may draft, decide and comment on a district's plan, and what its state allows."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError
from greenward.duties.access import is_one_hand
from greenward.plans.models import PlanStep, PlanVersion
from greenward.plans.states import MOVES, OPEN, Move, PlanState
from greenward.territories.access import check_may, may, reach_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.roles import Permission


def check_may_draft(by: User | None, place: PlaceVersion) -> None:
    """Raise NotAllowedError unless ``by`` drafts the plan of the district; None is the system."""
    if by is not None:
        check_may(by, Permission.PLAN, place.path)


def may_draft(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person drafts plans at ``path``."""
    return may(user, Permission.PLAN, path)


def sees_drafts(user: User | AnonymousUser, path: str) -> bool:
    """Tell whether the person works in the district itself: what is not filed yet stays inside it."""
    return any(grant.path == path for grant in reach_of(user).grants)


def check_may_comment(by: User, path: str) -> None:
    """Raise NotAllowedError unless ``by`` comments on filed plans at ``path``: the city, and the district."""
    if not may_comment(by, path):
        raise NotAllowedError(
            _("您的角色不能对方案提出意见。"),
            hint=_("市级牵头单位和本区牵头单位可以。"),
            permission=Permission.COMMENT_PLAN,
        )


def may_comment(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person comments on filed plans at ``path``."""
    return any(may(user, one, path) for one in (Permission.COMMENT_PLAN, Permission.PLAN))


def check_is_district(place: PlaceVersion) -> None:
    """Raise InvalidInputError unless the place is a district: clause 3.1.2 asks districts for plans."""
    if place.place.level != Level.DISTRICT:
        raise InvalidInputError(
            _("“%(name)s”不是区，不制定区级方案。") % {"name": place.name},
            hint=_("方案由区制定（条款 3.1.2）。"),
            code=place.place.code,
        )


def check_is_open(version: PlanVersion) -> None:
    """Raise ConflictError unless the version's content may be written now."""
    if PlanState(version.state) not in OPEN:
        raise ConflictError(
            _("第%(number)d版现在是“%(state)s”，内容不能改动。")
            % {"number": version.number, "state": PlanState(version.state).label},
            hint=_("要修改，请先撤回或退回；已报送的，请起草新版。"),
            state=version.state,
        )


def check_may_move(by: User | None, move: Move, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may make this move at ``path``; None is the system."""
    if by is not None:
        check_may(by, move.permission, path)


def check_can_move(version: PlanVersion, move: Move, steps: Sequence[PlanStep], *, by: User | None) -> None:
    """Raise ConflictError where the state does not allow the move, NotAllowedError for one's own draft."""
    if PlanState(version.state) not in move.begins:
        last = steps[-1] if steps else None
        raise ConflictError(
            _("第%(number)d版现在是“%(state)s”，不能%(move)s。")
            % {"number": version.number, "state": PlanState(version.state).label, "move": move.name},
            hint=_("%(who)s 在 %(when)s 刚办理过，请刷新页面。")
            % {"who": last.by or _("系统"), "when": f"{last.at:%Y-%m-%d %H:%M}"}
            if last
            else _("请刷新页面，查看当前状态。"),
            state=version.state,
        )
    check_is_apart(move, steps, by=by)


def check_is_apart(move: Move, steps: Sequence[PlanStep], *, by: User | None) -> None:
    """Raise NotAllowedError if ``by`` wrote or submitted the version that somebody else must decide.

    Who covers for a colleague, or is covered by one, counts as both.
    """
    wrote = [(step.by_id, step.at) for step in steps if step.verb in {"begin", "save", "submit"}]
    if move.apart and by is not None and is_one_hand(by, wrote):
        raise NotAllowedError(
            _("这一版由您起草、修改或提交，须由本区另一人%(move)s。") % {"move": move.name},
            hint=_("请本区另一位有审定权限的人办理。"),
            permission=move.permission,
        )


def moves_open_to(
    user: User | AnonymousUser, version: PlanVersion, path: str, steps: Sequence[PlanStep]
) -> list[str]:
    """Return the verbs of the moves that the person may make now, in the table's order."""
    found = []
    for verb, move in MOVES.items():
        if not isinstance(user, User) or PlanState(version.state) not in move.begins:
            continue
        try:
            check_may_move(user, move, path)
            check_is_apart(move, steps, by=user)
        except NotAllowedError:
            continue
        found.append(verb)
    return found
