"""Who may record values and run rounds, and when a round takes them."""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError
from greenward.packs.schema.forms import Form
from greenward.survey.models import Round
from greenward.territories import access
from greenward.territories.models import Place
from greenward.territories.roles import Permission


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


def check_is_open(survey_round: Round, at: datetime) -> None:
    """Raise ConflictError when the round has not begun or was closed."""
    if survey_round.closed_at is not None:
        raise ConflictError(
            _("摸底轮次“%(round)s”已于 %(day)s 关闭，不再接收数据。")
            % {"round": survey_round.title, "day": timezone.localdate(survey_round.closed_at)},
            hint=_("请改在当前轮次填报。"),
            round=survey_round.code,
        )
    if timezone.localdate(at) < survey_round.opens_on:
        raise ConflictError(
            _("摸底轮次“%(round)s”从 %(day)s 开始。")
            % {"round": survey_round.title, "day": survey_round.opens_on},
            hint=_("请在开始之后填报。"),
            round=survey_round.code,
        )


def check_form_fits(form: Form, place: Place) -> None:
    """Raise InvalidInputError when the form does not ask about places of this level."""
    if form.level != place.level:
        raise InvalidInputError(
            _("“%(form)s”不适用于这个层级的地方。") % {"form": form.title},
            hint=_("社区表填社区，小区表填小区。"),
            form=form.id,
        )
