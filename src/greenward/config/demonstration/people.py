"""The demonstration's accounts, offices and appointments: functions, not persons."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from greenward.accounts.models import User
from greenward.packs.schema.pack import Pack
from greenward.territories.models import UNIT_PARENT, Appointment, Kind, Level, Office, Place, PlaceVersion
from greenward.territories.queries import versions_on

PASSWORD = "lvshe-yanshi-2022"  # noqa: S105 — printed on screen; opens made-up data only
CITY, HAIDIAN, PINGGU = "110000000000", "110108000000", "110117000000"
STREET, COMMUNITY = "110108006000", "110108006011"


@dataclass(frozen=True)
class Account:
    """An account: sign-in name, what it shows as, role, place, and its office (department, or name)."""

    username: str
    display_name: str
    role: str
    place: str
    department: str = ""
    seat: str = ""


ACCOUNTS = (
    Account("city", "市级牵头单位", "city_lead", CITY, "housing"),
    Account("city-second", "市级牵头单位（复核）", "city_lead", CITY, "housing"),
    Account("city-civil", "市民政部门", "city_department", CITY, "civil-affairs"),
    Account("haidian", "海淀区牵头单位", "district_lead", HAIDIAN, "housing"),
    Account("pinggu", "平谷区牵头单位", "district_lead", PINGGU, "housing"),
    Account("street", "紫竹院街道经办", "street_clerk", STREET),
    Account("community", "厂洼第二社区工作者", "community_worker", COMMUNITY),
    Account("reviewer", "海淀区评议员", "reviewer", HAIDIAN, "landscaping"),
    Account("reviewer-b", "海淀区评议员（另一位）", "reviewer", HAIDIAN, "housing"),
    Account("auditor", "审计员", "auditor", CITY, seat="市审计机构"),
)
SECONDS = (
    Account("haidian-second", "海淀区方案审定", "district_lead", HAIDIAN, "housing"),
    Account("pinggu-second", "平谷区方案审定", "district_lead", PINGGU, "housing"),
)
"""Second persons of two districts: what the first drafts, these decide."""
REVIEWERS = (
    Account("haidian-civil", "海淀区民政部门", "district_department", HAIDIAN, "civil-affairs"),
    *(
        Account(f"expert-{number}", f"评审专家{name}", "expert", CITY, seat="评审专家库")
        for number, name in enumerate("一二三四五六", 1)
    ),
)
"""Who speaks beside the district: a department that countersigns, and reviewers to draw from."""


def make_offices(policy: Pack, day: date) -> None:
    """Make the offices that the programme meets everywhere: departments, street offices, committees."""
    versions = list(
        versions_on(day).exclude(kind=Kind.VILLAGERS_COMMITTEE).exclude(place__level__in=UNIT_PARENT)
    )
    Office.objects.bulk_create(
        Office(place=version.place, name=name, department=department)
        for version in versions
        for name, department in _offices_at(version, policy)
    )


def _offices_at(version: PlaceVersion, policy: Pack) -> list[tuple[str, str]]:
    """Return name and department of each office at a place."""
    match version.place.level:
        case Level.CITY | Level.DISTRICT:
            return [
                (f"{version.name}{department.name.zh.removeprefix('市')}", department.slug)
                for department in policy.departments
            ]
        case Level.SUBDISTRICT:
            seat = "人民政府" if version.kind in {Kind.TOWN, Kind.TOWNSHIP} else "办事处"
            return [(f"{version.name}{seat}", "")]
        case _:
            return [(version.name, "")]


def make_people(accounts: Iterable[Account] = ACCOUNTS, *, at: datetime) -> None:
    """Make accounts with an open appointment each in its office."""
    password = make_password(PASSWORD)
    for account in accounts:
        user = User.objects.create(
            username=account.username, display_name=account.display_name, password=password
        )
        same = {"name": account.seat} if account.seat else {"department": account.department}
        office = Office.objects.filter(place__code=account.place, **same).first()
        if office is None:
            office = Office.objects.create(place=Place.objects.get(code=account.place), name=account.seat)
        Appointment.objects.create(
            user=user, office=office, role=account.role, during=DateRange(at.date(), None)
        )
