"""Reading the tree: counts, branches, search, succession; as many queries for many places as for few."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.territories import actions, queries
from greenward.territories.actions import NewPlace
from greenward.territories.models import Level, Place
from tests.factories import territories as make

DAY = date(2022, 9, 15)
AT = datetime(2022, 9, 15, 9, tzinfo=UTC)
DONGCHENG, ZONE, DAXING = "110101000000", "110115403000", "110115000000"


def reader(code: str) -> User:
    user = make.person(f"reader-{code}")
    make.appoint(user, "auditor", code)
    return user


@pytest.fixture
def auditor(beijing: None, db: None) -> User:
    return reader("110000000000")


def found(user: User, text: str) -> list[str]:
    return [version.name for version in queries.search_for(user, text, on=DAY)]


def test_children_carry_their_counts(auditor: User) -> None:
    nodes = {node.code: node for node in queries.children_for(auditor, "110000000000", on=DAY)}
    assert len(nodes) == 17
    assert (nodes[ZONE].urban_communities, nodes[ZONE].children) == (16, 2)
    assert sum(node.urban_communities for node in nodes.values()) == 3730


def test_children_of_the_zone_are_not_below_daxing(auditor: User) -> None:
    below = {node.version.name for node in queries.children_for(auditor, DAXING, on=DAY)}
    assert {"荣华街道", "博兴街道", "北京经济技术开发区"} & below == set()
    assert [n.version.name for n in queries.children_for(auditor, ZONE, on=DAY)] == ["荣华街道", "博兴街道"]


def test_street_without_communities_is_shown_with_zero(auditor: User) -> None:
    nodes = {n.version.name: n for n in queries.children_for(auditor, "110112000000", on=DAY)}
    assert (nodes["文景街道"].urban_communities, nodes["文景街道"].children) == (0, 0)


@pytest.mark.usefixtures("beijing", "db")
def test_tree_begins_at_the_reach() -> None:
    (root,) = queries.tree_for(reader(DONGCHENG), on=DAY)
    assert (root.code, root.children, root.urban_communities) == (DONGCHENG, 17, 169)
    assert {node.version.place.level for node in root.nodes} == {Level.SUBDISTRICT}


@pytest.mark.usefixtures("beijing", "db")
def test_children_beyond_reach_are_not_found() -> None:
    with pytest.raises(NotFoundError):
        queries.children_for(reader(DONGCHENG), DAXING, on=DAY)


@pytest.mark.parametrize(
    "text, first",
    [
        ("东城区", "东城区"),
        ("东城", "东城区"),
        ("dongcheng", "东城区"),
        ("dcq", "东城区"),
        ("110101000000", "东城区"),
        ("经开区", "北京经济技术开发区"),
        ("jkq", "北京经济技术开发区"),
        ("多福巷", "多福巷社区居委会"),
        ("多福巷社区", "多福巷社区居委会"),
        ("DFX", "多福巷社区居委会"),
        (" 多福 巷 ", "多福巷社区居委会"),
        ("110101001001", "多福巷社区居委会"),
        ("荣华街道", "荣华街道"),
    ],
)
def test_search_finds_by_name_sound_initials_code_and_alias(auditor: User, text: str, first: str) -> None:
    assert found(auditor, text)[0] == first


def test_search_gives_twenty_at_most_and_nothing_for_nothing(auditor: User) -> None:
    assert len(found(auditor, "社区")) == 20
    assert found(auditor, "  ") == []
    assert found(auditor, "没有这个地方") == []
    assert found(auditor, "100%") == []


@pytest.mark.usefixtures("beijing", "db")
def test_search_stays_within_reach() -> None:
    assert found(reader(DAXING), "多福巷") == []


def test_old_name_finds_the_place_after_a_rename(auditor: User) -> None:
    place = Place.objects.get(code="110101001001")
    actions.rename(place, "新名社区居委会", on=date(2022, 6, 1), reason="批复", by=None, at=AT)
    assert found(auditor, "多福巷")[0] == "新名社区居委会"
    assert [v.name for v in queries.search_for(auditor, "新名", on=date(2022, 5, 1))] == []


def test_ancestors_from_the_top(auditor: User) -> None:
    version = queries.get_place_for(auditor, "110101001001", on=DAY)
    assert [v.name for v in queries.ancestors(version, on=DAY)] == ["北京市", "东城区", "东华门街道"]


@pytest.mark.django_db
def test_unknown_code_is_refused() -> None:
    with pytest.raises(NotFoundError):
        queries.get_place_for(AnonymousUser(), "1", on=DAY)


@pytest.mark.django_db
def test_successors_through_generations() -> None:
    tree = make.place_tree()
    first, second = tree[make.COMMUNITY], tree[make.SECOND]
    when: dict[str, Any] = {"reason": "批复", "by": None, "at": AT}
    merged = actions.merge(
        [first, second], into=NewPlace("990101001007", "合并社区居委会"), on=date(2022, 3, 1), **when
    )
    actions.split(
        merged.place,
        into=[NewPlace("990101001008", "东社区居委会"), NewPlace("990101001009", "西社区居委会")],
        on=date(2022, 6, 1),
        **when,
    )
    codes = [place.code for place in queries.successors(first)]
    assert codes == ["990101001007", "990101001008", "990101001009"]
    assert [p.code for p in queries.successors(first, on=date(2022, 5, 1))] == ["990101001007"]
    last = Place.objects.get(code="990101001009")
    assert [p.code for p in queries.predecessors(last)] == [make.COMMUNITY, make.SECOND, "990101001007"]
    (merge, _import) = queries.history_of(first)
    assert ([p.code for p in merge.went_into], merge.came_from) == (["990101001007"], ())


def test_list_of_fifty_costs_the_same_among_50_and_3730(
    auditor: User, django_assert_num_queries: Any
) -> None:
    """Two streets' worth of communities and the whole city's: the same page, the same queries."""
    few = reader(DONGCHENG)
    for user in (few, auditor):
        with django_assert_num_queries(2):
            page = queries.places_for(user, on=DAY).filter(place__level=Level.COMMUNITY).order_by("path")[:50]
            assert len([(version.place.code, version.name) for version in page]) == 50


def test_branches_cost_the_same_however_many(auditor: User, django_assert_num_queries: Any) -> None:
    queries.places_for(auditor)
    for code in ("110000000000", ZONE, DONGCHENG):
        with django_assert_num_queries(4):
            queries.children_for(auditor, code, on=DAY)


def test_summary_costs_the_same_always(auditor: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        queries.summary(DAY)


def test_people_page_costs_the_same_for_one_and_many(auditor: User, django_assert_num_queries: Any) -> None:
    queries.places_for(auditor)
    for number in range(12):
        with django_assert_num_queries(3 if number else 2):
            numbers = {holder.role.slug: holder.number for holder in queries.holders_for(auditor)}
            held = queries.with_places(list(queries.appointments_like(auditor, role="street_clerk")))
        assert numbers["street_clerk"] == len(held) == number
        make.appoint(make.person(f"clerk-{number}"), "street_clerk", "110101001000")
