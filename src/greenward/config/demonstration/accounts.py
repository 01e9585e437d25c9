"""The demonstration's accounts: functions, not persons."""

from dataclasses import dataclass

PASSWORD = "lvshe-yanshi-2022"  # noqa: S105 — printed on screen; opens made-up data only


@dataclass(frozen=True)
class Account:
    """An account to make: sign-in name, what it shows as, role, place and office."""

    username: str
    display_name: str
    role: str
    place: str
    office: str
    department: str = ""


CITY = "110000000000"
HAIDIAN, PINGGU = "110108000000", "110117000000"
STREET, COMMUNITY = "110108006000", "110108006007"

ACCOUNTS = (
    Account("city", "市级牵头单位", "city_lead", CITY, "市住房城乡建设委", "housing"),
    Account("city-civil", "市民政部门", "city_department", CITY, "市民政局", "civil-affairs"),
    Account("haidian", "海淀区牵头单位", "district_lead", HAIDIAN, "海淀区住房城乡建设委", "housing"),
    Account("pinggu", "平谷区牵头单位", "district_lead", PINGGU, "平谷区住房城乡建设委", "housing"),
    Account("street", "紫竹院街道经办", "street_clerk", STREET, "紫竹院街道办事处"),
    Account("community", "紫竹社区工作者", "community_worker", COMMUNITY, "紫竹社区居民委员会"),
    Account("auditor", "审计员", "auditor", CITY, "市审计岗位"),
)
