"""Who may publish, handle objections, recognise and recheck, and when that can be done."""

from collections.abc import Collection, Sequence
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.models import Application, ApplicationMove, Notice, Objection, Recheck
from greenward.certification.states import (
    MOVES,
    OPEN_OBJECTIONS,
    RECHECK_MOVES,
    ApplicationState,
    Move,
    ObjectionState,
    RecheckState,
    Turn,
)
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.duties.access import is_one_hand
from greenward.packs.schema.route import Notice as NoticeRule
from greenward.packs.schema.route import Recheck as RecheckRule
from greenward.packs.schema.route import Route
from greenward.territories.access import check_may, may
from greenward.territories.roles import Permission

LONGEST_ANSWER = 1000


def check_may_here(by: User | None, permission: Permission, path: str) -> None:
    """Raise NotAllowedError unless ``by`` has the permission at ``path``; None is the system."""
    if by is not None:
        check_may(by, permission, path)


def check_is_apart(by: User | None, move: Move, applications: Collection[Application]) -> None:
    """Raise NotAllowedError where ``by`` had such a hand in one of the applications that another must act.

    Who covers for a colleague, or is covered by one, counts as both.
    """
    if by is None or not move.apart_from:
        return
    taken = ApplicationMove.objects.filter(
        application__in=[one.pk for one in applications], verb__in=move.apart_from
    )
    if is_one_hand(by, taken.values_list("by", "at")):
        raise NotAllowedError(
            _("您申报或推荐过其中的社区，不能再办理“%(move)s”。") % {"move": move.name},
            hint=_("请由本单位其他人员办理。"),
            move=move.verb,
        )


def check_can_carry(verb: str, applications: Sequence[Application]) -> Move:
    """Return the move; ConflictError naming the first application whose state does not allow it."""
    move = MOVES[verb]
    for one in applications:
        if one.state not in move.begins:
            raise ConflictError(
                _("这份申报现在是“%(state)s”，不能办理“%(move)s”。")
                % {"state": ApplicationState(one.state).label, "move": move.name},
                hint=_("请刷新页面，看看是谁办理的。"),
                application=one.pk,
                state=one.state,
            )
    return move


def check_has_notice(route: Route) -> NoticeRule:
    """Return the route's rule of the notice; ConflictError where it has none."""
    if route.notice is None or route.title_rules is None:
        raise ConflictError(
            _("方案没有规定公示和称号编号，不能公示和命名。"),
            hint=_("请先在方案的 route.yaml 中写明公示期和编号规则，并注明是本地规则。"),
        )
    return route.notice


def check_has_rechecks(route: Route) -> RecheckRule:
    """Return the route's rule of rechecks; ConflictError where it has none."""
    if route.recheck is None:
        raise ConflictError(
            _("方案没有规定复查。"), hint=_("请先在方案的 route.yaml 中写明复查规则，并注明是本地规则。")
        )
    return route.recheck


def check_is_over(notice: Notice, on: date) -> None:
    """Raise ConflictError unless the notice's last day has passed."""
    if on <= notice.ends_on:
        raise ConflictError(
            _("公示到 %(day)s 才结束，之前不能命名。") % {"day": notice.ends_on.isoformat()},
            hint=_("请在公示期满后办理。"),
            ends_on=notice.ends_on,
        )


def check_is_not_ended(application: Application) -> None:
    """Raise ConflictError for an application that ended with its community's merger or split."""
    if application.state == ApplicationState.ENDED:
        raise ConflictError(
            _("这个社区已经调整，申报随之终止，不再受理异议。"),
            hint=_("如有情况反映，请联系公示所列单位。"),
            application=application.pk,
        )


def check_no_open_objection(applications: Collection[Application]) -> None:
    """Raise ConflictError where an objection to one of the applications waits for its answer."""
    open_ones = Objection.objects.filter(
        entry__application__in=[one.pk for one in applications], state__in=OPEN_OBJECTIONS
    )
    first = open_ones.select_related("entry").first()
    if first is not None:
        raise ConflictError(
            _("%(name)s还有没有办结的异议，不能命名。") % {"name": first.entry.name},
            hint=_("请先办结异议，或把它从本次命名中去掉。"),
            application=first.entry.application_id,
        )


def check_can_turn_objection(objection: Objection, turn: Turn) -> None:
    """Raise ConflictError unless the objection's state allows the move: somebody may have been faster."""
    if objection.state not in turn.begins:
        who = f"{objection.decided_by}：" if objection.decided_by else ""
        raise ConflictError(
            _("这条异议现在是“%(state)s”，不能办理“%(move)s”。")
            % {"state": ObjectionState(objection.state).label, "move": turn.name},
            hint=_("已有人办理：%(said)s") % {"said": f"{who}{objection.answer}"},
            state=objection.state,
        )


def check_can_turn_recheck(recheck: Recheck, turn: Turn, route: Route, seen: int | None) -> None:
    """Raise ConflictError unless the recheck is as the person saw it and allows the move."""
    if (seen is not None and seen != recheck.version) or recheck.state not in turn.begins:
        raise ConflictError(
            _("这次复查现在是“%(state)s”，不能办理“%(move)s”。")
            % {"state": RecheckState(recheck.state).label, "move": turn.name},
            hint=_("请刷新页面，看看是谁办理的；您写的内容还在表单里。"),
            state=recheck.state,
            version=recheck.version,
        )
    hearing = route.recheck is not None and route.recheck.hearing
    if turn.verb == "revoke" and hearing and recheck.state != RecheckState.HEARING:
        raise ConflictError(
            _("撤销称号之前，应先听取社区的陈述申辩。"),
            hint=_("请先办理“通知陈述申辩”。"),
            state=recheck.state,
        )


def recheck_turn(verb: str) -> Turn:
    """Return a move that people make with a recheck; NotFoundError for every other."""
    if verb not in RECHECK_MOVES or verb == "lapse":  # a recheck lapses with its title
        raise NotFoundError(_("没有“%(verb)s”这一步。") % {"verb": verb}, verb=verb)
    return RECHECK_MOVES[verb]


def may_turn_recheck(
    user: User | AnonymousUser, recheck: Recheck, turn: Turn, route: Route, path: str
) -> bool:
    """Tell whether state, route and permissions allow the person a move now."""
    try:
        recheck_turn(turn.verb)
        check_can_turn_recheck(recheck, turn, route, None)
    except (ConflictError, NotFoundError):
        return False
    return may(user, turn.permission, path)


def check_said(text: str, *, needed: bool, field: str) -> str:
    """Return the text without blanks around; InvalidInputError where it must be given, or is too long."""
    said = text.strip()
    if needed and not said:
        raise InvalidInputError(_("没有写明理由。"), hint=_("请写明理由，让当事人看得懂。"), field=field)
    if len(said) > LONGEST_ANSWER:
        raise InvalidInputError(
            _("文字过长。"), hint=_("最多 %(most)d 个字。") % {"most": LONGEST_ANSWER}, field=field
        )
    return said


def check_document(text: str) -> str:
    """Return a document's number; InvalidInputError where it is missing or too long."""
    document = text.strip()
    if not document or len(document) > 100:  # noqa: PLR2004 - the column's width
        raise InvalidInputError(
            _("没有写文号，或超过100字。"), hint=_("请写命名或撤销文件的文号。"), field="document"
        )
    return document
