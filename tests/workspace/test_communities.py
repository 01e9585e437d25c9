"""The list of communities: filters, order, pages, export, reach, queries."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_COMMUNITY,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
    person,
)
from tests.factories.workspace import City, clerk


def codes(client: Client, query: str = "") -> list[str]:
    return [line.code for line in client.get(f"/communities/{query}").context["lines"]]


@pytest.fixture
def told(city: City) -> City:
    """One meets and takes part, one misses item 11 and takes part, two have no data."""
    city.meet(COMMUNITY)
    city.meet(TOWN_COMMUNITY, smart_security=False)
    city.enrol(COMMUNITY, TOWN_COMMUNITY)
    return city


@pytest.mark.parametrize(
    "query, expected",
    [
        ("", [COMMUNITY, SECOND, OTHER_COMMUNITY, TOWN_COMMUNITY]),
        (f"?under={STREET}", [COMMUNITY, SECOND]),
        ("?verdict=met", [COMMUNITY]),
        ("?verdict=unmet", [TOWN_COMMUNITY]),
        ("?verdict=unknown", [SECOND, OTHER_COMMUNITY]),
        ("?participating=yes", [COMMUNITY, TOWN_COMMUNITY]),
        ("?participating=no", [SECOND, OTHER_COMMUNITY]),
        ("?pilot=yes", []),
        ("?item=11&status=unmet", [TOWN_COMMUNITY]),
        ("?q=河畔", [TOWN_COMMUNITY]),
        (f"?q={SECOND}", [SECOND]),
        ("?sort=-met", [COMMUNITY, TOWN_COMMUNITY, SECOND, OTHER_COMMUNITY]),
    ],
)
def test_filters_and_orders(told: City, client: Client, query: str, expected: list[str]) -> None:
    client.force_login(clerk("city_lead", CITY))
    assert codes(client, query) == expected


def test_only_what_lies_within_reach(told: City, client: Client) -> None:
    client.force_login(clerk("district_lead", OTHER_DISTRICT))
    assert codes(client) == [TOWN_COMMUNITY]
    assert client.get(f"/communities/?under={DISTRICT}").status_code == 404


def test_without_a_role_there_is_nothing(told: City, client: Client) -> None:
    client.force_login(person())
    assert codes(client) == []


def test_an_unknown_item_is_refused(told: City, client: Client) -> None:
    client.force_login(clerk("city_lead", CITY))
    assert client.get("/communities/?item=99&status=met").status_code == 404


def test_the_export_holds_every_row_of_the_filter(told: City, client: Client) -> None:
    client.force_login(clerk("city_lead", CITY))
    rows = client.get("/communities/?verdict=met&export=csv").content.decode("utf-8-sig").splitlines()
    assert rows[1:] == [f"{COMMUNITY},一里社区居委会,甲区,东街街道,达标,是,否,16,0,0"]


def test_fifty_a_page_with_the_same_number_of_queries(
    city: City, client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(clerk("city_lead", CITY))
    client.get("/communities/")
    with django_assert_num_queries(10):
        assert len(codes(client)) == 4
    city.more_communities(120)
    client.get("/communities/")
    with django_assert_num_queries(10):
        assert len(codes(client)) == 50
    assert len(codes(client, "?page=3")) == 24
