"""Somebody for every district, for two districts' streets and for three streets' communities: functions.

Nobody can sign in to these accounts; the ones to sign in with are in ``people``. Elsewhere steps are the
system's, so that the page of people and roles stays short.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password

from greenward.accounts.models import User
from greenward.config.demonstration.people import HAIDIAN, PINGGU
from greenward.config.demonstration.units import STREETS
from greenward.core.bulk import analyse, copy_rows
from greenward.territories.models import UNIT_PARENT, Appointment, Level, Office
from greenward.territories.queries import versions_on

USER_COLUMNS = (
    "username", "display_name", "password", "email", "language", "large_print", "is_active", "is_staff",
    "is_superuser", "created_at",
)  # fmt: skip
LEAD = "housing"
"""The department that leads in a district."""


@dataclass(frozen=True)
class Seat:
    """Somebody's place: its code, the office, the role there, and what the account is called."""

    code: str
    office: int
    role: str
    title: str


def make_staff(day: date, *, at: datetime) -> dict[str, int]:
    """Make an account with an appointment where there is none; return who works at each place, by code."""
    seats = list(_seats(day))
    roles = {seat.role for seat in seats}
    known = dict(Appointment.objects.filter(role__in=roles).values_list("office__place__code", "user_id"))
    fresh = [seat for seat in seats if seat.code not in known]
    made = _accounts(fresh, at)
    copy_rows(
        Appointment,
        ("user_id", "office_id", "role", "during"),
        [(made[seat.code], seat.office, seat.role, f"[{at.date()},)") for seat in fresh],
    )
    analyse(Appointment)
    return known | made


def _accounts(seats: Iterable[Seat], at: datetime) -> dict[str, int]:
    nobody = make_password(None)
    rows = [(seat.code, seat.title, nobody, "", "zh-hans", False, True, False, False, at) for seat in seats]
    copy_rows(User, USER_COLUMNS, rows)
    analyse(User)  # each appointment looks its person up
    return dict(User.objects.filter(password=nobody).values_list("username", "pk"))


def _seats(day: date) -> Iterator[Seat]:
    versions = {one.place.code: one for one in versions_on(day).exclude(place__level__in=UNIT_PARENT)}
    offices = Office.objects.filter(department__in=("", LEAD)).order_by("pk")
    for pk, code, level in offices.values_list("pk", "place__code", "place__level"):
        above, name = versions[code].path.split("/"), versions[code].short_name
        match level:
            case Level.DISTRICT:
                yield Seat(code, pk, "district_lead", f"{name}牵头单位")
            case Level.SUBDISTRICT if above[1] in {HAIDIAN, PINGGU} or code in STREETS:
                yield Seat(code, pk, "street_clerk", f"{name}经办")
            case Level.COMMUNITY if above[2] in STREETS:
                yield Seat(code, pk, "community_worker", f"{name}工作者")
