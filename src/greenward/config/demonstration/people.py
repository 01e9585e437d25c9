"""The demonstration's accounts, offices and appointments: functions, not persons."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from greenward.accounts.models import User
from greenward.territories.models import Appointment, Office, Place

PASSWORD = "lvshe-yanshi-2022"  # noqa: S105 — printed on screen; opens made-up data only
CITY, HAIDIAN, PINGGU = "110000000000", "110108000000", "110117000000"
STREET, COMMUNITY = "110108006000", "110108006007"


@dataclass(frozen=True)
class Account:
    """An account to make: sign-in name, what it shows as, role, place, office and its department."""

    username: str
    display_name: str
    role: str
    place: str
    office: str
    department: str = ""


ACCOUNTS = (
    Account("city", "市级牵头单位", "city_lead", CITY, "市住房城乡建设委", "housing"),
    Account("city-civil", "市民政部门", "city_department", CITY, "市民政局", "civil-affairs"),
    Account("haidian", "海淀区牵头单位", "district_lead", HAIDIAN, "海淀区住房城乡建设委", "housing"),
    Account("pinggu", "平谷区牵头单位", "district_lead", PINGGU, "平谷区住房城乡建设委", "housing"),
    Account("street", "紫竹院街道经办", "street_clerk", STREET, "紫竹院街道办事处"),
    Account("community", "紫竹社区工作者", "community_worker", COMMUNITY, "紫竹社区居民委员会"),
    Account("auditor", "审计员", "auditor", CITY, "市审计岗位"),
)


def make(*, at: datetime) -> None:
    """Make every account with its office and an open appointment."""
    password = make_password(PASSWORD)
    for account in ACCOUNTS:
        user = User.objects.create(
            username=account.username, display_name=account.display_name, password=password
        )
        office = Office.objects.create(
            place=Place.objects.get(code=account.place), name=account.office, department=account.department
        )
        Appointment.objects.create(
            user=user, office=office, role=account.role, during=DateRange(at.date(), None)
        )
