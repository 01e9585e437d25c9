"""Who may hand work over and take it back; and who counts as one with whom."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import ConflictError, NotAllowedError
from greenward.duties.models import Delegation
from greenward.territories import access
from greenward.territories.roles import Permission


def check_may_hand_over(by: User | None, lender: User, path: str) -> None:
    """Raise NotAllowedError unless ``by`` is the lender or appoints people there; None is the system."""
    if by is not None and by.pk != lender.pk:
        access.check_may(by, Permission.APPOINT, path)


def may_revoke(by: User, delegation: Delegation, path: str) -> bool:
    """Tell whether ``by`` may end it: the lender, the delegate, or who appoints people there."""
    own = by.pk in {delegation.lender_id, delegation.delegate_id}
    return own or access.may(by, Permission.APPOINT, path)


def check_may_revoke(by: User | None, delegation: Delegation, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may end it; None is the system."""
    if by is not None and not may_revoke(by, delegation, path):
        raise NotAllowedError(
            _("这项代办不是您的，您也不任用这里的人员。"), hint=_("请由交办人、代办人或上级经办人收回。")
        )


def check_can_revoke(delegation: Delegation, *, at: datetime) -> None:
    """Raise ConflictError where it was revoked or is over."""
    if delegation.revoked_at is not None or delegation.during.upper <= timezone.localdate(at):
        raise ConflictError(_("这项代办已经结束。"), hint=_("不需要再收回。"))


def is_one_hand(by: User, acts: Iterable[tuple[int | None, datetime]]) -> bool:
    """Tell whether ``by`` counts as the person of any of ``acts`` (who, when): separation of duties.

    Two people joined by a delegation, either way round, count as one for what they do while it holds, and for
    what either did before as long as it holds. One query for a person and request.
    """
    joined, today = _joined(by), clock.today()
    for who, when in acts:
        if who == by.pk:
            return True
        day = timezone.localdate(when)
        if any(other == who and (_held(one, today) or _held(one, day)) for other, one in joined):
            return True
    return False


def _held(one: Delegation, day: date) -> bool:
    ended = one.revoked_at is not None and timezone.localdate(one.revoked_at) < day
    return day in one.during and not ended


def _joined(by: User) -> list[tuple[int, Delegation]]:
    found: list[tuple[int, Delegation]] | None = by.__dict__.get("_joined")
    if found is None:
        rows = Delegation.objects.filter(Q(lender=by) | Q(delegate=by))
        found = [(one.delegate_id if one.lender_id == by.pk else one.lender_id, one) for one in rows]
        by.__dict__["_joined"] = found
    return found
