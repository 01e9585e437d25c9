"""Who does whose work, and what that lends."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.duties.models import Delegation
from greenward.territories.models import Appointment, Office

LOANS = """SELECT held.role, version.path, office.department, handed.permissions AS lent,
        handed.lender_id AS lender
    FROM duties_delegation handed
    JOIN territories_office office ON office.id = handed.office_id
    JOIN territories_appointment held ON held.office_id = office.id AND held.user_id = handed.lender_id
    JOIN territories_placeversion version ON version.place_id = office.place_id
    WHERE handed.delegate_id = %(user)s AND handed.revoked_at IS NULL AND handed.during @> %(on)s::date
        AND held.during @> %(on)s::date AND version.during @> %(on)s::date
        AND EXISTS (
            SELECT FROM territories_appointment own
            JOIN territories_office beside ON beside.id = own.office_id
            WHERE own.user_id = handed.delegate_id AND beside.place_id = office.place_id
                AND own.during @> %(on)s::date)"""
"""What colleagues lend a person on a day, only while both hold an appointment: the lender in the office, the
delegate at its place (as in :func:`taken_over`). Asked with every request, so written as SQL."""


def taken_over(user: User, on: date) -> list[Delegation]:
    """Return what the person does for others on a day, with the lenders."""
    return list(_in_force(on).filter(delegate=user, lender__is_active=True).select_related("lender"))


def _in_force(on: date) -> QuerySet[Delegation]:
    stands = Appointment.objects.filter(
        user=OuterRef("delegate"), office__place=OuterRef("office__place"), during__contains=on
    )
    return Delegation.objects.filter(Exists(stands), revoked_at=None, during__contains=on)


def delegations_for(user: User) -> QuerySet[Delegation]:
    """Return what the person handed over and took over, the latest first."""
    mine = Delegation.objects.filter(Q(lender=user) | Q(delegate=user))
    return mine.select_related("lender", "delegate", "office__place", "by", "revoked_by").order_by(
        "-at", "-pk"
    )


def get_delegation_for(user: User, number: int) -> Delegation:
    """Return one of the person's own delegations; NotFoundError for anybody else's."""
    found = delegations_for(user).filter(pk=number).first()
    if found is None:
        raise NotFoundError(_("没有找到这项代办。"), hint=_("请回到“代办”页面。"))
    return found


def get_delegation(number: int) -> Delegation:
    """Return a delegation by its number, for the command line; NotFoundError if there is none."""
    found = Delegation.objects.filter(pk=number).first()
    if found is None:
        raise NotFoundError(
            _("没有找到这项代办。"), hint=_("用 greenward duties covers 查看。"), number=number
        )
    return found


def delegations_on(on: date) -> QuerySet[Delegation]:
    """Return every delegation that has not ended by a day, for the command line."""
    kept = Delegation.objects.filter(revoked_at=None, during__endswith__gt=on)
    return kept.select_related("lender", "delegate", "office__place").order_by("during", "pk")


def offices_of(user: User) -> QuerySet[Office]:
    """Return the offices in which the person holds an appointment today, by place."""
    held = Appointment.objects.filter(user=user, during__contains=clock.today())
    return Office.objects.filter(pk__in=held.values("office")).order_by("place__code", "name")


def colleagues_of(user: User) -> QuerySet[User]:
    """Return who else holds an appointment today at a place where the person holds one."""
    today = clock.today()
    places = offices_of(user).order_by().values("place")
    beside = Appointment.objects.filter(user=OuterRef("pk"), office__place__in=places, during__contains=today)
    found = User.objects.filter(Exists(beside), is_active=True).exclude(pk=user.pk)
    return found.order_by("display_name", "username")
