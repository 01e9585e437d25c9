"""Offices, and who holds which role in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.territories.models import Appointment, Office, Place
from greenward.territories.queries.history import Named, last_names
from greenward.territories.queries.places import places_for
from greenward.territories.roles import ROLES, Role


@dataclass(frozen=True)
class Held:
    """An appointment in force, with its place."""

    appointment: Appointment
    place: Named

    @property
    def role(self) -> Role | None:
        """The role; None where the product knows it no longer."""
        return ROLES.get(self.appointment.role)


@dataclass(frozen=True)
class Holder:
    """A role, and how many hold it within somebody's reach."""

    role: Role
    number: int


def offices_for(user: User | AnonymousUser) -> QuerySet[Office]:
    """Return the offices within reach, with ``current_appointments`` (those in force today)."""
    current = Appointment.objects.filter(during__contains=clock.today()).select_related("user")
    return (
        Office.objects.filter(place__in=places_for(user).values("place"))
        .select_related("place")
        .prefetch_related(Prefetch("appointments", current.order_by("role"), to_attr="current_appointments"))
        .order_by("place__code", "name")
    )


def offices_at(place: Place) -> list[tuple[Office, list[Appointment]]]:
    """Return the offices at ``place``, each with the appointments in force today; for the command line."""
    offices = list(Office.objects.filter(place=place).order_by("name"))
    current = Appointment.objects.filter(office__in=offices, during__contains=clock.today())
    held: dict[int, list[Appointment]] = {office.pk: [] for office in offices}
    for appointment in current.select_related("user").order_by("role", "user__username"):
        held[appointment.office_id].append(appointment)
    return [(office, held[office.pk]) for office in offices]


def office_named(place: Place, name: str) -> Office:
    """Return the office of that name at ``place``, for the command line; NotFoundError if there is none."""
    office = Office.objects.filter(place=place, name=name).select_related("place").first()
    if office is None:
        raise NotFoundError(
            _("%(code)s 没有名为“%(name)s”的单位。") % {"code": place.code, "name": name},
            hint=_("先用 greenward offices create 登记。"),
            code=place.code,
        )
    return office


def appointments_for(user: User | AnonymousUser) -> QuerySet[Appointment]:
    """Return the appointments in force today at offices within reach, by place."""
    return (
        Appointment.objects.filter(
            during__contains=clock.today(), office__place__in=places_for(user).values("place")
        )
        .select_related("user", "office__place")
        .order_by("office__place__code", "office__name", "user__username")
    )


def appointments_like(user: User | AnonymousUser, *, role: str = "", text: str = "") -> QuerySet[Appointment]:
    """Return those of ``appointments_for`` in a role, with ``text`` in the person, office or place code."""
    found = appointments_for(user)
    if role:
        found = found.filter(role=role)
    if text:
        found = found.filter(
            Q(user__display_name__icontains=text)
            | Q(user__username__icontains=text)
            | Q(office__name__icontains=text)
            | Q(office__place__code__startswith=text)
        )
    return found


def holders_for(user: User | AnonymousUser) -> list[Holder]:
    """Return every role with how many hold it within reach. One query and the reach's own two."""
    rows = appointments_for(user).order_by().values_list("role").annotate(number=Count("id"))
    numbers = dict(rows)
    return [Holder(role, numbers.get(slug, 0)) for slug, role in ROLES.items()]


def with_places(appointments: Sequence[Appointment]) -> list[Held]:
    """Return appointments with the names of their places. One query."""
    places = last_names({appointment.office.place_id for appointment in appointments})
    return [Held(appointment, places[appointment.office.place_id]) for appointment in appointments]
