"""Handing one's work to a colleague for a time, and taking it back."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.duties import access, todos
from greenward.duties.models import Delegation
from greenward.territories.models import Appointment, Office, Place
from greenward.territories.queries import version_on
from greenward.territories.roles import OWN_NAME, Permission

LONGEST_REASON = 200


@transaction.atomic
def hand_over(
    lender: User,
    delegate: User,
    office: Office,
    *,
    kinds: Collection[str] = (),
    begins: date,
    until: date,
    reason: str,
    by: User | None,
    at: datetime,
) -> Delegation:
    """Hand the work of ``lender`` in an office to ``delegate``, from ``begins`` to the last day ``until``.

    ``kinds``: slugs of kinds of to-dos, all where empty. What must be done in one's own name is not handed
    over. InvalidInputError for wrong days, kinds or people; ConflictError where another one overlaps.
    """
    path = _path(office, at)
    access.check_may_hand_over(by, lender, path)
    permissions = sorted(_lent(kinds))
    _check_days(begins, until, at)
    _check_people(lender, delegate, office, begins)
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise InvalidInputError(_("没有写缘由，或者太长。"), hint=_("请写明缘由，如年休假。"), field="reason")
    during = DateRange(begins, until + timedelta(days=1))
    User.objects.select_for_update(no_key=True).get(pk=lender.pk)
    _check_is_free(lender, office, during)
    made = Delegation.objects.create(
        lender=lender,
        delegate=delegate,
        office=office,
        kinds=sorted(kinds),
        permissions=permissions,
        during=during,
        reason=reason,
        by=by,
        at=at,
    )
    _forget(lender, delegate)
    people = {"lender": lender.pk, "delegate": delegate.pk}
    days = {"begins": begins, "until": until}
    audit.record("duties.hand_over", made, by=by, at=at, scope=path, kinds=sorted(kinds), **people, **days)
    return made


@transaction.atomic
def revoke(delegation: Delegation, *, by: User | None, at: datetime) -> Delegation:
    """End a delegation now: by the lender, the delegate, or who appoints people there."""
    delegation = (
        Delegation.objects.select_for_update(of=("self",))
        .select_related("office__place", "lender", "delegate")
        .get(pk=delegation.pk)
    )
    path = _path(delegation.office, at)
    access.check_may_revoke(by, delegation, path)
    access.check_can_revoke(delegation, at=at)
    delegation.revoked_at, delegation.revoked_by = at, by
    delegation.save(update_fields=["revoked_at", "revoked_by"])
    _forget(delegation.lender, delegation.delegate, *([by] if by else []))
    people = {"lender": delegation.lender_id, "delegate": delegation.delegate_id}
    audit.record("duties.revoke", delegation, by=by, at=at, scope=path, **people)
    return delegation


def _lent(kinds: Collection[str]) -> set[Permission]:
    known = {kind.slug: kind for kind in todos.kinds_to_hand_over()}
    if unknown := sorted(set(kinds) - set(known)):
        raise InvalidInputError(
            _("这些种类不能交别人代办：%(kinds)s。") % {"kinds": "、".join(unknown)},
            hint=_("须本人名义办理的不能代办；可选：%(known)s。") % {"known": "、".join(known)},
            field="kinds",
        )
    chosen = [known[slug] for slug in kinds] or list(known.values())
    needed = {permission for kind in chosen for permission in kind.permissions}
    return {Permission.READ, *needed} - OWN_NAME


def _check_days(begins: date, until: date, at: datetime) -> None:
    if until < begins or until < timezone.localdate(at):
        raise InvalidInputError(
            _("最后一天不能早于第一天，也不能已经过去。"), hint=_("请核对日期。"), field="until"
        )


def _check_people(lender: User, delegate: User, office: Office, begins: date) -> None:
    if lender.pk == delegate.pk:
        raise InvalidInputError(_("不能交给自己。"), hint=_("请选择一位同事。"), field="delegate")
    held = Appointment.objects.filter(during__contains=begins, office__place=office.place_id)
    if not held.filter(user=lender, office=office).exists():
        raise InvalidInputError(
            _("交办人在第一天不担任这个单位的角色。"), hint=_("请核对单位和日期。"), field="office"
        )
    if not delegate.is_active or not held.filter(user=delegate).exists():
        raise InvalidInputError(
            _("只能交给同一地方的同事。"), hint=_("请选择在同一地方任职的人。"), field="delegate"
        )


def _check_is_free(lender: User, office: Office, during: DateRange) -> None:
    other = Delegation.objects.filter(lender=lender, office=office, during__overlap=during, revoked_at=None)
    if found := other.select_related("delegate").first():
        raise ConflictError(
            _("这段时间已经交给%(who)s代办。") % {"who": found.delegate},
            hint=_("请先收回，或换一段时间。"),
            delegation=found.pk,
        )


def _path(office: Office, at: datetime) -> str:
    version = version_on(Place.objects.get(pk=office.place_id), timezone.localdate(at))
    return version.path if version else ""


def _forget(*people: User) -> None:
    """Drop what these objects remember of their reach."""
    for one in people:
        for kept in ("_reach", "_joined", "_lenders"):
            one.__dict__.pop(kept, None)
