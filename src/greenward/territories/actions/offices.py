"""Offices, and the people who hold roles in them."""

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError, NotAllowedError
from greenward.territories import access
from greenward.territories.models import Appointment, Level, Office, Place
from greenward.territories.queries import version_on
from greenward.territories.roles import ROLES, Permission


@transaction.atomic
def create_office(place: Place, name: str, *, department: str = "", by: User | None, at: datetime) -> Office:
    """Make an office at ``place``; ``department`` is the pack's slug where it is a department."""
    path = _permitted(place, by=by, at=at)
    _check_exists(place, path)
    if not name.strip():
        raise InvalidInputError(_("没有写单位名称。"), hint=_("请写单位全称。"), field="name")
    office, made = Office.objects.get_or_create(
        place=place, name=name.strip(), defaults={"department": department}
    )
    if not made:
        raise ConflictError(
            _("“%(name)s”已经登记。") % {"name": office.name}, hint=_("不需要再登记。"), code=place.code
        )
    audit.record("territories.create_office", office, by=by, at=at, scope=path, department=department)
    return office


@transaction.atomic
def appoint(
    user: User,
    office: Office,
    role: str,
    *,
    begins: date | None = None,
    until: date | None = None,
    by: User | None,
    at: datetime,
) -> Appointment:
    """Give ``user`` the role in ``office`` from ``begins`` (None: as of ``at``) up to before ``until``.

    The role must fit the level of the office's place; nobody appoints themselves.
    """
    path = _permitted(office.place, by=by, at=at)
    _check_exists(office.place, path)
    _check_role(role, Level(office.place.level))
    if by == user:
        raise NotAllowedError(_("不能任用自己。"), hint=_("请由上级单位的经办人办理。"))
    begins = begins or timezone.localdate(at)
    if until is not None and until <= begins:
        raise InvalidInputError(_("任期的结束不晚于开始。"), hint=_("请核对日期。"), field="until")
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    during = DateRange(begins, until)
    if Appointment.objects.filter(user=user, office=office, role=role, during__overlap=during).exists():
        raise ConflictError(
            _("此人在这段时间已经担任“%(role)s”。") % {"role": ROLES[role].name},
            hint=_("请核对日期，或先结束原任期。"),
            role=role,
        )
    appointment = Appointment.objects.create(user=user, office=office, role=role, during=during)
    user.__dict__.pop("_reach", None)
    audit.record(
        "territories.appoint",
        appointment,
        by=by,
        at=at,
        scope=path,
        user=user.pk,
        office=office.pk,
        role=role,
        begins=begins,
        until=until,
    )
    return appointment


@transaction.atomic
def dismiss(appointment: Appointment, *, on: date, reason: str, by: User | None, at: datetime) -> Appointment:
    """End an appointment: ``on`` is the first day on which it no longer holds."""
    appointment = (
        Appointment.objects.select_for_update(no_key=True, of=("self",))
        .select_related("office__place", "user")
        .get(pk=appointment.pk)
    )
    path = _permitted(appointment.office.place, by=by, at=at)
    begins, until = appointment.during.lower, appointment.during.upper
    if until is not None and until <= on:
        raise ConflictError(
            _("任期已在 %(day)s 结束。") % {"day": until}, hint=_("不需要再结束。"), until=until
        )
    if begins is not None and on <= begins:
        raise InvalidInputError(
            _("任期自 %(day)s 起，不能在此之前结束。") % {"day": begins}, hint=_("请核对日期。"), field="on"
        )
    appointment.during = DateRange(begins, on)
    appointment.save(update_fields=["during"])
    audit.record(
        "territories.dismiss",
        appointment,
        by=by,
        at=at,
        scope=path,
        user=appointment.user_id,
        role=appointment.role,
        on=on,
        reason=reason,
    )
    return appointment


def _permitted(place: Place, *, by: User | None, at: datetime) -> str:
    version = version_on(place, timezone.localdate(at))
    path = version.path if version else ""
    if by is not None:
        access.check_may(by, Permission.APPOINT, path)
    return path


def _check_exists(place: Place, path: str) -> None:
    if not path:
        raise InvalidInputError(
            _("%(code)s 现在不存在。") % {"code": place.code}, hint=_("请选现有的地方。"), field="place"
        )


def _check_role(role: str, level: Level) -> None:
    if role not in ROLES:
        raise InvalidInputError(
            _("没有角色“%(role)s”。") % {"role": role},
            hint=_("角色有：%(all)s。") % {"all": "、".join(ROLES)},
            field="role",
        )
    if level not in ROLES[role].levels:
        raise InvalidInputError(
            _("角色“%(role)s”不设在%(level)s一级。") % {"role": ROLES[role].name, "level": level.label},
            hint=_("请选与单位层级相符的角色。"),
            field="role",
        )
