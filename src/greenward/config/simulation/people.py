"""The officials of a simulated district: functions, made for it, to whom nobody can sign in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from greenward.accounts.models import User
from greenward.packs.schema.route import Route
from greenward.territories.models import Appointment, Office, Place, PlaceVersion

EXPERTS = 6


@dataclass
class Officials:
    """Who works where: two of the district, its departments and experts, workers and clerks by place."""

    lead: User
    second: User
    departments: dict[str, User]
    experts: list[User]
    workers: dict[int, User] = field(default_factory=dict)
    clerks: dict[str, User] = field(default_factory=dict)


def make_officials(
    district: PlaceVersion,
    communities: Sequence[PlaceVersion],
    streets: dict[str, PlaceVersion],
    route: Route,
    *,
    since: date,
) -> Officials:
    """Make an account for every function that the route needs below the district, appointed since a day."""
    slugs = sorted({slug for rule in route.countersigns for slug in rule.departments})
    return Officials(
        lead=_official("lead", "district_lead", district, since),
        second=_official("second", "district_lead", district, since),
        departments={
            slug: _official(slug, "district_department", district, since, department=slug) for slug in slugs
        },
        experts=[_official(f"expert-{n}", "expert", district, since) for n in range(1, EXPERTS + 1)],
        workers={one.place_id: _official("worker", "community_worker", one, since) for one in communities},
        clerks={path: _official("clerk", "street_clerk", one, since) for path, one in streets.items()},
    )


def _official(name: str, role: str, at: PlaceVersion, since: date, *, department: str = "") -> User:
    username = f"simulated-{at.place.code}-{name}"
    user = User(username=username, display_name=username)
    user.set_unusable_password()
    user.save()
    place = Place.objects.get(pk=at.place_id)
    office = Office.objects.filter(place=place, department=department).order_by("pk").first()
    if office is None:
        office = Office.objects.create(place=place, name=f"{username}", department=department)
    Appointment.objects.create(user=user, office=office, role=role, during=DateRange(since, None))
    return user
