"""Who may move an application, and what its state and the route allow."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.models import Application, ApplicationMove
from greenward.certification.states import MOVES, OPEN, WITH_COMMUNITY, ApplicationState, Move
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.duties.access import is_one_hand
from greenward.packs.schema.route import Route
from greenward.packs.schema.shape import Level
from greenward.territories.access import reach_of
from greenward.territories.models import Level as Levels
from greenward.territories.roles import ROLES, Permission

LONGEST = 2000


def move_of(verb: str) -> Move:
    """Return a move of the table; NotFoundError where there is none of this name."""
    if verb not in MOVES:
        raise NotFoundError(
            _("没有“%(verb)s”这一步。") % {"verb": verb},
            hint=_("可用的步骤：%(verbs)s。") % {"verbs": "、".join(MOVES)},
            verb=verb,
        )
    return MOVES[verb]


def acts_at(user: User | AnonymousUser, permission: Permission, path: str, level: Level) -> bool:
    """Tell whether the person has ``permission`` over ``path`` by a role that is held at ``level``.

    The route says at which level a step acts: a district's right to decide is none where the city decides.
    """
    return any(
        path.startswith(grant.path)
        and permission in grant.permissions
        and level in {one.value for one in ROLES[grant.role].levels}
        for grant in reach_of(user).grants
    )


def levels_of(route: Route, application: Application, move: Move) -> list[Level]:
    """Return the levels at which a move is made: the step's own, where the application stands at such a step.

    Elsewhere every level that makes it: somebody was faster, and the state tells who comes late.
    """
    if move.permission == Permission.APPLY:
        return [route.steps[0].level]
    if move.act != "recommend":
        return [route.decision.level]
    if route.act_of(application.step) == "recommend":
        return [route.step(application.step).level]
    return [step.level for step in route.steps if route.act_of(step.id) == "recommend"]


def check_may_move(by: User | None, move: Move, application: Application, route: Route, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may make this move with the application; None is the system."""
    levels = levels_of(route, application, move)
    if by is not None and not any(acts_at(by, move.permission, path, level) for level in levels):
        raise NotAllowedError(
            _("您的角色不能%(move)s。") % {"move": move.name},
            hint=_("请由“%(level)s”这一级的经办人办理。")
            % {"level": "、".join(str(Levels(level).label) for level in levels)},
            permission=move.permission,
        )


def check_may_apply(by: User | None, path: str, route: Route) -> None:
    """Raise NotAllowedError unless ``by`` applies for the community at ``path``; None is the system."""
    if by is not None and not acts_at(by, Permission.APPLY, path, route.steps[0].level):
        raise NotAllowedError(
            _("您的角色不能替这个社区申报。"),
            hint=_("由社区自己的工作者申报。"),
            permission=Permission.APPLY,
        )


def may_apply(user: User | AnonymousUser, path: str, route: Route) -> bool:
    """Tell templates whether the person applies for the community at ``path``."""
    return acts_at(user, Permission.APPLY, path, route.steps[0].level)


def check_can_move(
    application: Application, move: Move, route: Route, moves: Sequence[ApplicationMove], *, by: User | None
) -> None:
    """Raise ConflictError where the state or the route's step does not allow the move.

    ``moves`` are the application's, oldest first. NotAllowedError where the same person made a move from
    which this one is kept apart.
    """
    state = ApplicationState(application.state)
    at_step = move.act is None or route.act_of(application.step) == move.act
    if state not in move.begins or not at_step:
        raise ConflictError(
            _("这份申报现在是“%(state)s”，不能%(move)s。") % {"state": state.label, "move": move.name},
            hint=said_last(moves) or _("请刷新页面，查看当前状态。"),
            state=state.value,
            version=application.version,
        )
    check_is_apart(move, moves, by=by)


def check_is_apart(move: Move, moves: Sequence[ApplicationMove], *, by: User | None) -> None:
    """Raise NotAllowedError if ``by`` ever made a move from which this one is kept apart.

    Who covers for a colleague, or is covered by one, counts as both.
    """
    made = [(one.by_id, one.at) for one in moves if one.verb in move.apart_from]
    if by is not None and is_one_hand(by, made):
        raise NotAllowedError(
            _("这份申报由您自己提交或推荐，不能再由您%(move)s。") % {"move": move.name},
            hint=_("请由另一位经办人办理。"),
            move=move.verb,
        )


def check_is_seen(application: Application, moves: Sequence[ApplicationMove], seen: int | None) -> None:
    """Raise ConflictError where the application changed since the person looked at version ``seen``."""
    if seen is not None and seen != application.version:
        raise ConflictError(
            _("您查看期间，这份申报有了变化。您填写的内容还在，请核对后再办理。"),
            hint=said_last(moves),
            state=application.state,
            version=application.version,
        )


def check_note(move: Move, note: str) -> str:
    """Return the reasons without blanks around; InvalidInputError where they are owed, or too long."""
    text = note.strip()
    if move.reasons and not text:
        raise InvalidInputError(
            _("请写明理由。"), hint=_("“%(move)s”要写理由。") % {"move": move.name}, field="note"
        )
    if len(text) > LONGEST:
        raise InvalidInputError(
            _("理由过长。"), hint=_("最多 %(most)d 个字。") % {"most": LONGEST}, field="note"
        )
    return text


def check_is_with_community(application: Application) -> None:
    """Raise ConflictError unless the community writes at the application now."""
    state = ApplicationState(application.state)
    if state not in WITH_COMMUNITY:
        raise ConflictError(
            _("这份申报是“%(state)s”，内容已经冻结。") % {"state": state.label},
            hint=_("退回补正后，只有被退回的项可以改。")
            if state in OPEN
            else _("如需再次申报，请另开一份。"),
            state=state.value,
        )


def may_move(
    user: User | AnonymousUser,
    application: Application,
    move: Move,
    *,
    route: Route,
    moves: Sequence[ApplicationMove],
    path: str,
) -> bool:
    """Tell templates whether the person may make a move now."""
    if not isinstance(user, User):
        return False
    try:
        check_can_move(application, move, route, moves, by=user)
        check_may_move(user, move, application, route, path)
    except (ConflictError, NotAllowedError):
        return False
    return True


def said_last(moves: Sequence[ApplicationMove]) -> str:
    """Say in words who moved the application last and when; empty where nobody did."""
    if not moves:
        return ""
    last = moves[-1]
    return _("%(by)s 已于 %(at)s 办理：%(state)s。") % {
        "by": last.by or _("系统"),
        "at": timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M"),
        "state": ApplicationState(last.state).label,
    }


def is_repeated(
    application: Application, move: Move, moves: list[ApplicationMove], *, by: User | None
) -> bool:
    """Tell whether this is the move that the same person made last, sent once more."""
    if not moves or application.state != move.ends or moves[-1].verb != move.verb:
        return False
    return moves[-1].by_id == (by.pk if by else None) and by is not None
