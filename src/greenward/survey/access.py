"""Who may record values, move cases and run rounds; and what the state of a round or case allows."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError
from greenward.core.rows import first_row
from greenward.duties.access import is_one_hand
from greenward.packs.schema.forms import Form
from greenward.survey.models import Case, ReturnedField, Round, Step
from greenward.survey.states import LIST_OF_UNITS, UNDER_REVIEW, CaseState, Move, Way
from greenward.territories import access
from greenward.territories.models import Level, Place, PlaceVersion
from greenward.territories.roles import Permission

CASE = "FROM survey_case held WHERE held.round_id = %(round)s AND held.place_id = %(place)s"


def check_may_record(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may survey the place at ``path``; None is the system."""
    if by is not None:
        access.check_may(by, Permission.SURVEY, path)


def may_record(user: User | AnonymousUser, survey_round: Round, path: str) -> bool:
    """Tell templates whether the person may enter values at ``path`` in this round now."""
    return survey_round.closed_at is None and access.may(user, Permission.SURVEY, path)


def may_fill(user: User | AnonymousUser, path: str) -> bool:
    """Tell whether the person's role fills in forms at ``path``, whatever the round takes now."""
    return access.may(user, Permission.SURVEY, path)


def check_may_correct(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` checks or accepts surveys at ``path``; None is the system."""
    if by is None or access.may(by, Permission.CHECK_SURVEY, path):
        return
    access.check_may(by, Permission.ACCEPT_SURVEY, path)


def check_may_attach(by: User, path: str) -> None:
    """Raise NotAllowedError unless ``by`` fills in, corrects or feeds values at ``path``."""
    writing = (Permission.CHECK_SURVEY, Permission.ACCEPT_SURVEY, Permission.FEED)
    if not any(access.may(by, one, path) for one in writing):
        access.check_may(by, Permission.SURVEY, path)


def may_remark(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person may ask, comment and answer at ``path``."""
    reach = access.reach_of(user)
    return any(reach.covers(path, one) for one in (Permission.SURVEY, Permission.CHECK_SURVEY))


def check_may_remark(by: User, path: str) -> None:
    """Raise NotAllowedError unless ``by`` fills in or checks forms at ``path``."""
    if not may_remark(by, path):
        raise NotAllowedError(
            _("您的角色不能在这里留言。"), hint=_("可以请填报或核对的人留言。"), permission=Permission.SURVEY
        )


def check_may_import(by: User | None) -> None:
    """Raise NotAllowedError unless ``by`` may survey anywhere; rows elsewhere are found nowhere."""
    if by is not None and not access.reach_of(by).paths(Permission.SURVEY):
        raise NotAllowedError(_("您的角色不能导入摸底数据。"), hint=_("请联系街道或区的经办人。"))


def check_may_run_rounds(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may open and close rounds at ``path``; None is the system."""
    if by is not None:
        access.check_may(by, Permission.RUN_SURVEY_ROUNDS, path)


def may_run_rounds(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person may open, change and close rounds at ``path``."""
    return access.may(user, Permission.RUN_SURVEY_ROUNDS, path)


def check_is_open(survey_round: Round, at: datetime) -> None:
    """Raise ConflictError when the round has not begun or was closed."""
    check_is_not_closed(survey_round)
    if timezone.localdate(at) < survey_round.opens_on:
        raise ConflictError(
            _("摸底轮次“%(round)s”从 %(day)s 开始。")
            % {"round": survey_round.title, "day": survey_round.opens_on},
            hint=_("请在开始之后填报。"),
            round=survey_round.code,
        )


def check_is_not_closed(survey_round: Round) -> None:
    """Raise ConflictError when the round was closed."""
    if survey_round.closed_at is not None:
        raise ConflictError(
            _("摸底轮次“%(round)s”已于 %(day)s 关闭，不再接收数据。")
            % {"round": survey_round.title, "day": timezone.localdate(survey_round.closed_at)},
            hint=_("请改在当前轮次填报。"),
            round=survey_round.code,
        )


def check_has_not_begun(survey_round: Round, at: datetime) -> None:
    """Raise ConflictError when the round began: its first day stays, for what was known then counts."""
    if timezone.localdate(at) >= survey_round.opens_on:
        raise ConflictError(
            _("摸底轮次“%(round)s”已经开始，不能再改开始日。") % {"round": survey_round.title},
            hint=_("只能改截止日。"),
            round=survey_round.code,
        )


def check_form_fits(form: Form, version: PlaceVersion) -> None:
    """Raise InvalidInputError when the form does not ask about places of this level and sort."""
    if (form.level, form.sort or "") != (version.place.level, version.sort):
        raise InvalidInputError(
            _("“%(form)s”不适用于这个层级或种类的地方。") % {"form": form.title},
            hint=_("社区表填社区，小区表填小区，设施填各自种类的表。"),
            form=form.id,
        )


def check_may_move(by: User | None, move: Move, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may make this move at ``path``; None is the system."""
    if by is not None:
        access.check_may(by, move.permission, path)


def check_may_certify(by: User | None, place: PlaceVersion) -> None:
    """Raise NotAllowedError unless ``by`` answers for the place's survey; None is the system.

    The city's lead answers for the city, a district for itself and its streets. InvalidInputError for a
    place of another level.
    """
    level = Level(place.place.level)
    if level not in {Level.CITY, Level.DISTRICT, Level.SUBDISTRICT}:
        raise InvalidInputError(
            _("完整性证明按市、区或街道（乡镇）出具。"), hint=_("请选择上一级。"), code=place.place.code
        )
    if by is not None:
        needed = Permission.RUN_SURVEY_ROUNDS if level == Level.CITY else Permission.ACCEPT_SURVEY
        access.check_may(by, needed, place.path)


def may_certify(user: User | AnonymousUser, place: PlaceVersion) -> bool:
    """Tell templates whether the person answers for the survey at the place."""
    needed = Permission.RUN_SURVEY_ROUNDS if place.place.level == Level.CITY else Permission.ACCEPT_SURVEY
    return access.may(user, needed, place.path)


def may_correct(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person may correct accepted values at ``path``."""
    reach = access.reach_of(user)
    return any(reach.covers(path, one) for one in (Permission.CHECK_SURVEY, Permission.ACCEPT_SURVEY))


def check_may_remind(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may remind communities at ``path``; None is the system."""
    if by is not None:
        access.check_may(by, Permission.CHECK_SURVEY, path)


def check_can_move(
    survey_round: Round, case: Case, move: Move, steps: Sequence[Step], *, by: User | None, at: datetime
) -> None:
    """Raise ConflictError where the case's state or the round does not allow the move.

    ``steps`` are the case's, oldest first. NotAllowedError where the same person made the move before it
    that must be somebody else's.
    """
    if move.while_open:
        check_is_open(survey_round, at)
    if CaseState(case.state) not in move.begins:
        raise ConflictError(
            _("这个社区现在是“%(state)s”，不能%(move)s。")
            % {"state": CaseState(case.state).label, "move": move.name},
            hint=said_last(steps) or _("请刷新页面，查看当前状态。"),
            state=case.state,
            step=steps[-1].pk if steps else 0,
        )
    check_is_apart(move, steps, by=by)


def may_move(
    user: User | AnonymousUser,
    survey_round: Round,
    move: Move,
    path: str,
    *,
    steps: Sequence[Step],
    state: str,
) -> bool:
    """Tell templates whether the person may make a move now with a case at ``path`` in ``state``."""
    if not isinstance(user, User) or CaseState(state) not in move.begins:
        return False
    try:
        check_may_move(user, move, path)
        check_is_apart(move, steps, by=user)
        if move.while_open:
            check_is_open(survey_round, clock.now())
    except (ConflictError, NotAllowedError):
        return False
    return True


def check_is_apart(move: Move, steps: Sequence[Step], *, by: User | None) -> None:
    """Raise NotAllowedError if ``by`` made a move since the last submission that this one checks.

    Who covers for a colleague, or is covered by one, counts as both.
    """
    if by is None:
        return
    since = max((n for n, step in enumerate(steps) if step.verb == "submit"), default=len(steps))
    made = [(step.by_id, step.at) for step in steps[since:] if step.verb in move.apart_from]
    if is_one_hand(by, made):
        raise NotAllowedError(
            _("这个社区由您自己提交或核对，不能再由您%(move)s。") % {"move": move.name},
            hint=_("请由另一位经办人办理。"),
            move=move.verb,
        )


def check_is_due(survey_round: Round, community: Place, *, due: bool) -> None:
    """Raise ConflictError for a community that was no urban one on the round's reference date."""
    if not due:
        raise ConflictError(
            _("社区 %(code)s 在基准日 %(day)s 不在应摸底名单内，不用提交。")
            % {"code": community.code, "day": survey_round.reference_on},
            hint=_("应摸底名单按基准日的城市社区确定（条款 1.1）。"),
            code=community.code,
        )


def said_last(steps: Sequence[Step]) -> str:
    """Say in words who moved the case last and when; empty for a case that nobody moved."""
    if not steps:
        return ""
    last = steps[-1]
    return _("%(by)s 已于 %(at)s 办理：%(state)s。") % {
        "by": last.by or _("系统"),
        "at": timezone.localtime(last.at).strftime("%Y-%m-%d %H:%M"),
        "state": CaseState(last.state).label,
    }


def check_fields_open(
    survey_round: Round, community_id: int, place_id: int, fields: Collection[str], *, way: str
) -> CaseState:
    """Raise ConflictError when a community's case keeps ``fields`` of one of its places from being written.

    Returns the case's state: only in a returned one something may have been sent back.

    Submitted, checked and accepted cases are closed but for corrections of what is accepted; a returned one
    is open only where fields were sent back. Within the transaction that writes: until its end nobody moves
    the case. ``data["closed"]`` names the closed ones. Two queries, three where fields were sent back.
    """
    if place_id != community_id:
        hold_community(community_id)
    row = first_row({"held": Case}, CASE, {"round": survey_round.pk, "place": community_id})
    case: Case | None = row["held"] if row is not None else None
    state = CaseState(case.state) if case is not None else CaseState.FILLING
    if way == Way.CORRECTION:
        _check_is_accepted(state)
    elif case is not None and state in UNDER_REVIEW:
        raise _closed(survey_round, state, fields)
    elif case is not None and state == CaseState.RETURNED:
        opened = reopened(case, place_id)
        closed = set(fields) - opened if opened is not None else set()
        if closed:
            raise _closed(survey_round, state, closed)
    return state


def reopened(case: Case, place_id: int) -> set[str] | None:
    """Return the fields of one place that the last return opened again, answered by now or not.

    None for all of them: a unit that came in after the list of units was sent back.
    """
    sent_back = ReturnedField.objects.filter(case=case, at__gte=case.moved_at)
    named = set(sent_back.filter(place=place_id).values_list("field", flat=True))
    listed = sent_back.filter(field=LIST_OF_UNITS).order_by("at").first()
    if listed is not None and place_id != case.place_id:
        place = Place.objects.get(pk=place_id)
        if not place.entries.filter(at__lt=listed.at).exists():
            return None
    return named


def hold_community(community_id: int) -> None:
    """Keep the community's case where it is until commit; those who write do not wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM territories_place WHERE id = %s FOR KEY SHARE", [community_id])


def take_cases(communities: Collection[int]) -> None:
    """Keep others from moving these communities' cases, and from writing their values, until commit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM territories_place WHERE id = ANY(%s) ORDER BY id FOR UPDATE", [list(communities)]
        )


def _check_is_accepted(state: CaseState) -> None:
    if state != CaseState.ACCEPTED:
        raise ConflictError(
            _("这个社区的摸底是“%(state)s”，还没有核验，不用更正。") % {"state": state.label},
            hint=_("请直接填报；已提交的，请上级退回这一项后再改。"),
            state=state.value,
        )


def _closed(survey_round: Round, state: CaseState, fields: Collection[str]) -> ConflictError:
    hints = {
        CaseState.RETURNED: _("退回补正期间，只能改被退回的项。"),
        CaseState.ACCEPTED: _("已核验的数据只能更正，并写明理由。"),
    }
    return ConflictError(
        _("这个社区在“%(round)s”的摸底是“%(state)s”，这些项不能改。")
        % {"round": survey_round.title, "state": state.label},
        hint=hints.get(state, _("如需修改，请先撤回提交，或请上级退回这一项。")),
        state=state.value,
        closed=sorted(fields),
    )
