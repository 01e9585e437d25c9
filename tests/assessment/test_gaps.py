"""What holds communities back, who is nearest, pilots per street, and the lists behind numbers."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries

from greenward.assessment import queries
from greenward.certification import actions as certification
from greenward.core import clock
from greenward.core.errors import NotFoundError
from tests.assessment.conftest import AS_OF, City
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_STREET,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
)

HERE = f"{CITY}/{DISTRICT}/"


def start_pilots(city: City, *codes: str) -> None:
    certification.start_pilot(
        programme=city.programme,
        places=[city.version(code) for code in codes],
        on=date(2021, 11, 10),
        reason="测试",
        by=None,
        at=clock.now(),
    )


def test_the_item_that_holds_most_back_comes_first(city: City) -> None:
    city.meet(COMMUNITY, SECOND, smart_security=False)
    first = queries.gaps(HERE, AS_OF)[0]
    assert (first.item.id, first.unmet, first.unknown, first.met, first.communities) == ("11", 2, 1, 0, 3)
    assert "公安" in str(first.departments[0].name)


def test_gaps_look_below_their_place_only(city: City) -> None:
    city.meet(TOWN_COMMUNITY, smart_security=False)
    assert [g.unmet for g in queries.gaps(HERE, AS_OF)] == [0] * 16
    assert sum(g.unmet for g in queries.gaps(f"{CITY}/", AS_OF)) == 1


def test_departments_count_a_community_once(city: City) -> None:
    city.meet(COMMUNITY, age_friendly_space=False, smart_security=False, parking_orderly=False)
    found = {g.department.slug: g for g in queries.gaps_by_department(HERE, AS_OF)}
    assert found["public-security"].unmet == 1
    assert found["public-security"].unknown == 2
    assert {g.unmet for g in found.values()} == {0, 1}


def test_nearest_to_passing_lacks_fewest(city: City) -> None:
    city.meet(COMMUNITY, smart_security=False, sponge_measures=False)
    city.meet(SECOND, convention_published=None)
    near = queries.nearest_to_passing(HERE, AS_OF, 2)
    assert [(n.code, n.lacking) for n in near] == [(SECOND, 1), (COMMUNITY, 2)]
    assert [i.id for i in near[0].unknown] == ["16"]
    assert [i.id for i in near[1].unmet] == ["5", "11"]


def test_who_passes_is_not_near(city: City) -> None:
    city.meet(COMMUNITY, SECOND, OTHER_COMMUNITY)
    assert queries.nearest_to_passing(HERE, AS_OF) == []


def test_pilots_are_counted_per_street_and_towns_owe_none(city: City) -> None:
    start_pilots(city, COMMUNITY, SECOND, TOWN_COMMUNITY)
    found = {row.code: row for row in queries.pilots(f"{CITY}/", AS_OF)}
    assert set(found) == {STREET, OTHER_STREET}
    assert (found[STREET].pilots, found[STREET].is_below, found[STREET].clause) == (2, False, "3.1.3")


def test_a_street_with_too_few_communities_is_explained(city: City) -> None:
    [row] = [row for row in queries.below_quota(HERE, AS_OF) if row.code == OTHER_STREET]
    assert (row.missing, row.communities, row.too_few_communities) == (2, 1, True)


@pytest.mark.parametrize(
    "measure,codes",
    [
        ("participating", [COMMUNITY, SECOND]),
        ("meeting", [COMMUNITY, OTHER_COMMUNITY]),
        ("both", [COMMUNITY]),
        ("unmet", [SECOND]),
        ("unknown", []),
        ("denominator", [COMMUNITY, SECOND, OTHER_COMMUNITY]),
    ],
)
def test_the_list_behind_a_number_has_as_many(city: City, measure: str, codes: list[str]) -> None:
    city.meet(COMMUNITY, OTHER_COMMUNITY)
    city.meet(SECOND, smart_security=False)
    city.enrol(COMMUNITY, SECOND)
    found = queries.listed(measure, DISTRICT, AS_OF)
    assert found.communities["code"].to_list() == codes
    assert found.number == len(codes)


def test_an_unknown_measure_is_refused(city: City) -> None:
    with pytest.raises(NotFoundError):
        queries.listed("mean", DISTRICT, AS_OF)


@pytest.mark.parametrize("told", [1, 4])
def test_queries_of_gaps_do_not_grow(
    city: City, django_assert_num_queries: DjangoAssertNumQueries, told: int
) -> None:
    city.meet(*[COMMUNITY, SECOND, OTHER_COMMUNITY, TOWN_COMMUNITY][:told])
    queries.picture(AS_OF)
    with django_assert_num_queries(5):
        queries.gaps(HERE, AS_OF)
