"""The statistics bureau's list becomes the places that the programme counts."""

from datetime import date

import pytest

from greenward.core import clock
from greenward.core.models import AuditEntry
from greenward.territories import queries
from greenward.territories.actions import import_places
from greenward.territories.data import listing
from greenward.territories.data.naming import naming, other_names, short_name
from greenward.territories.models import Kind, Level, Place, PlaceEvent, UrbanStatus

DAY = date(2022, 9, 15)


@pytest.mark.parametrize(
    "code, kind",
    [
        ("110101001001", "residents_committee"),
        ("110101001199", "residents_committee"),
        ("110101001200", "villagers_committee"),
        ("110101001399", "villagers_committee"),
        ("110101001400", "residents_committee"),
        ("110101001499", "residents_committee"),
        ("110101001500", "villagers_committee"),
        ("110101001599", "villagers_committee"),
    ],
)
def test_committee_follows_from_the_last_three_digits(code: str, kind: str) -> None:
    assert listing.committee_kind(code) == kind


@pytest.mark.parametrize("code", ["110101001000", "110101001600"])
def test_number_outside_the_ranges_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match=code):
        listing.committee_kind(code)


@pytest.mark.parametrize(
    "code, name, kind",
    [
        ("110101001000", "东华门街道", "street"),
        ("110105036000", "金盏地区", "area"),
        ("110116100000", "北房镇", "town"),
        ("110116200000", "长哨营满族乡", "township"),
        ("110115406000", "大兴国际机场", "special_unit"),
        ("110115404000", "示例街道", "special_unit"),
    ],
)
def test_township_kind_needs_name_and_code(code: str, name: str, kind: str) -> None:
    assert listing.township_kind(code, name) == kind


@pytest.mark.parametrize(
    "name, short",
    [
        ("多福巷社区居委会", "多福巷社区"),
        ("领秀社区居民委员会", "领秀社区"),
        ("示例社区社区居委会", "示例社区"),
        ("示例社区居民居委会", "示例社区"),
        ("新兴里居委会", "新兴里"),
        ("光明居民委员会", "光明"),
        ("示例社区", "示例社区"),
        ("北房村委会", "北房村"),
        ("辛庄村村民委员会", "辛庄村"),
        ("北京经济技术开发区", "经开区"),
    ],
)
def test_short_name_leaves_out_the_committee(name: str, short: str) -> None:
    assert short_name(name) == short


def test_keys_are_pinyin_and_initials_of_the_short_name() -> None:
    keys = naming("多福巷社区居委会")
    assert (keys.pinyin, keys.initials) == ("duofuxiangshequ", "dfxsq")


def test_other_names_follow_from_the_name() -> None:
    assert other_names("多福巷社区居委会", Level.COMMUNITY) == {"多福巷社区", "多福巷"}
    assert other_names("北京经济技术开发区", Level.DISTRICT) == {"经开区", "经开"}
    assert other_names("东城区", Level.DISTRICT) == {"东城"}


@pytest.mark.usefixtures("beijing", "db")
def test_figures_of_the_city() -> None:
    found = queries.summary(DAY)
    assert (found.reporting_districts, found.township_units, found.streets) == (17, 348, 165)
    assert found.urban_communities == 3730
    assert sum(district.urban_communities for district in found.by_district) == 3730
    zone = {d.code: (d.name, d.urban_communities) for d in found.by_district}["110115403000"]
    assert zone == ("北京经济技术开发区", 16)


@pytest.mark.usefixtures("beijing", "db")
def test_placeholders_are_no_places() -> None:
    assert not queries.versions_on(DAY).filter(name__contains="虚拟社区").exists()
    street = queries.versions_on(DAY).get(name="文景街道")
    assert queries.urban_communities(DAY, under=street.path).count() == 0
    assert street.kind == Kind.STREET


@pytest.mark.usefixtures("beijing", "db")
def test_development_zone_reports_beside_the_districts() -> None:
    streets = queries.versions_on(DAY).filter(parent__code="110115403000").order_by("path")
    assert [(s.name, s.path) for s in streets] == [
        ("荣华街道", "110000000000/110115403000/110115012000/"),
        ("博兴街道", "110000000000/110115403000/110115013000/"),
    ]
    assert queries.versions_on(DAY).get(place__code="110115403000").kind == Kind.DEVELOPMENT_ZONE


@pytest.mark.usefixtures("beijing", "db")
def test_status_says_why() -> None:
    status = UrbanStatus.objects.get(place__code="110101001001")
    assert status.counts_as_urban_community is True
    assert status.reason == "代码末三位 001 在 001–199，为居委会（统计用区划代码编制规则）"


@pytest.mark.usefixtures("beijing", "db")
def test_list_is_applied_backwards_and_says_so() -> None:
    event = PlaceEvent.objects.get()
    assert (event.on, event.source) == (None, listing.SOURCE)
    assert queries.summary(date(2010, 1, 1)).urban_communities == 3730


@pytest.mark.usefixtures("beijing", "db")
def test_import_writes_one_audit_row() -> None:
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.data["created"], entry.data["placeholders"]) == (
        "territories.import",
        7896,
        5,
    )


@pytest.mark.usefixtures("beijing", "db")
def test_second_import_changes_nothing_and_says_so() -> None:
    before = (Place.objects.count(), PlaceEvent.objects.count(), AuditEntry.objects.count())
    again = import_places(by=None, at=clock.now())
    assert (again.created, again.unchanged, again.placeholders) == (0, 7896, 5)
    assert (Place.objects.count(), PlaceEvent.objects.count(), AuditEntry.objects.count()) == before
