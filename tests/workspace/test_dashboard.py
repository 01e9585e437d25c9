"""City, district and subdistrict on one page: figures, order, export, reach, queries."""

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from greenward.programmes import queries as programmes
from greenward.territories.models import UrbanStatus
from tests.factories import recognition
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
)
from tests.factories.workspace import City, clerk


def figures(client: Client, code: str) -> list[tuple[str, int, int, int, int]]:
    """Return the table's rows: name, communities, meeting, both, distance."""
    children = client.get(f"/dashboard/{code}/").context["children"]
    return [(c.name, c.denominator, c.meeting, c.both, c.distance) for c in children]


def test_the_city_sums_its_districts_communities(city: City, client: Client) -> None:
    city.meet(COMMUNITY, SECOND, TOWN_COMMUNITY)
    city.enrol(COMMUNITY, OTHER_COMMUNITY, TOWN_COMMUNITY)
    client.force_login(clerk("city_lead", CITY))
    assert figures(client, CITY) == [("甲区", 3, 2, 1, 1), ("乙区", 1, 1, 1, 0)]
    own = client.get(f"/dashboard/{CITY}/").context["own"]
    assert (own.denominator, own.meeting, own.both, own.target, own.distance) == (4, 3, 2, 3, 1)


def test_a_district_shows_its_streets_and_says_that_their_targets_are_a_reference(
    city: City, client: Client
) -> None:
    city.meet(COMMUNITY)
    client.force_login(clerk("district_lead", DISTRICT))
    response = client.get(f"/dashboard/{DISTRICT}/")
    assert figures(client, DISTRICT) == [("东街街道", 2, 1, 0, 2), ("西街街道", 1, 0, 0, 1)]
    assert "按社区数折算的参考值" in response.content.decode()


def test_a_street_lists_its_communities_with_their_verdicts(city: City, client: Client) -> None:
    city.meet(COMMUNITY)
    city.meet(SECOND, smart_security=False)
    client.force_login(clerk("street_clerk", STREET))
    lines = client.get(f"/dashboard/{STREET}/").context["communities"]
    assert [(line.name, line.verdict, line.met, line.unmet) for line in lines] == [
        ("一里社区居委会", "met", 16, 0),
        ("二里社区居委会", "unmet", 15, 1),
    ]


@pytest.mark.parametrize(
    "sort, names", [("-denominator", ["甲区", "乙区"]), ("denominator", ["乙区", "甲区"])]
)
def test_the_address_holds_the_order(city: City, client: Client, sort: str, names: list[str]) -> None:
    client.force_login(clerk("city_lead", CITY))
    response = client.get(f"/dashboard/{CITY}/?sort={sort}")
    assert [child.name for child in response.context["children"]] == names
    ordered = "descending" if sort.startswith("-") else "ascending"
    assert f'aria-sort="{ordered}"' in response.content.decode()


def test_the_table_is_exported_as_shown(city: City, client: Client) -> None:
    client.force_login(clerk("city_lead", CITY))
    response = client.get(f"/dashboard/{CITY}/?sort=denominator&export=csv")
    rows = response.content.decode("utf-8-sig").splitlines()
    assert rows[1:] == [
        f"{OTHER_DISTRICT},乙区,1,0,0,0,0,1,1,1,,,6",
        f"{DISTRICT},甲区,3,0,0,0,0,3,2,2,,,6",
    ]


def test_what_lies_beyond_reach_is_not_found(city: City, client: Client) -> None:
    client.force_login(clerk("district_lead", DISTRICT))
    assert client.get(f"/dashboard/{OTHER_DISTRICT}/").status_code == 404
    assert client.get(f"/dashboard/{CITY}/").status_code == 404
    assert client.get(f"/dashboard/{DISTRICT}/").status_code == 200


def test_the_breadcrumb_links_only_within_reach(city: City, client: Client) -> None:
    client.force_login(clerk("street_clerk", STREET))
    trail = client.get(f"/dashboard/{STREET}/").context["trail"]
    assert [(step.label, bool(step.url)) for step in trail] == [
        ("示例市", False),
        ("甲区", False),
        ("东街街道", True),
    ]


def test_a_wrong_day_is_said_and_a_community_goes_to_its_file(city: City, client: Client) -> None:
    client.force_login(clerk("city_lead", CITY))
    assert client.get(f"/dashboard/{CITY}/?as_of=2022-13-01").status_code == 422
    assert client.get(f"/dashboard/{COMMUNITY}/")["Location"] == f"/communities/{COMMUNITY}/"


def test_visitors_are_sent_to_sign_in(city: City, client: Client) -> None:
    assert client.get(f"/dashboard/{CITY}/")["Location"].startswith("/accounts/login/")


def test_a_street_without_urban_communities_says_so(city: City, client: Client) -> None:
    UrbanStatus.objects.update(counts_as_urban_community=False)
    cache.clear()
    client.force_login(clerk("street_clerk", STREET))
    response = client.get(f"/dashboard/{STREET}/")
    assert "这里没有城市社区" in response.content.decode()
    assert [headline.share for headline in response.context["headlines"]] == [None] * 4


def test_queries_do_not_grow_with_the_communities(
    city: City, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(clerk("city_lead", CITY))
    client.get(f"/dashboard/{CITY}/")
    with django_assert_num_queries(17):
        client.get(f"/dashboard/{CITY}/")
    city.more_communities(40)
    client.get(f"/dashboard/{CITY}/")
    with django_assert_num_queries(17):
        client.get(f"/dashboard/{CITY}/")


def test_communities_that_hold_a_title_stand_beside_those_that_meet(city: City, client: Client) -> None:
    recognition.recognised(programmes.current(), COMMUNITY)
    client.force_login(clerk("city_lead", CITY))
    context = client.get(f"/dashboard/{CITY}/").context
    assert context["recognised"] == 1
    assert {child.code: child.recognised for child in context["children"]} == {DISTRICT: 1, OTHER_DISTRICT: 0}
    assert client.get(f"/dashboard/{STREET}/").context["recognised"] == 1
    assert client.get(f"/dashboard/{CITY}/?as_of=2022-08-01").context["recognised"] == 0
