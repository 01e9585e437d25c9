"""The tree at the side and its search."""

from django.test import Client

from tests.factories.territories import CITY, COMMUNITY, DISTRICT, SECOND, STREET, TOWN, TOWN_COMMUNITY
from tests.factories.workspace import City, clerk


def test_branches_hold_urban_communities_only(city: City, client: Client) -> None:
    client.force_login(clerk("city_lead", CITY))
    nodes = client.get(f"/tree/{TOWN}/").context["nodes"]
    assert [node.code for node in nodes] == [TOWN_COMMUNITY]
    nodes = client.get(f"/tree/{STREET}/").context["nodes"]
    assert [node.code for node in nodes] == [COMMUNITY, SECOND]


def test_a_branch_beyond_reach_is_not_found(city: City, client: Client) -> None:
    client.force_login(clerk("district_lead", DISTRICT))
    assert client.get(f"/tree/{TOWN}/").status_code == 404


def test_the_tree_begins_where_the_reach_begins(city: City, client: Client) -> None:
    client.force_login(clerk("street_clerk", STREET))
    assert [root.place.code for root in client.get("/communities/").context["reach_roots"]] == [STREET]


def test_search_finds_within_reach(city: City, client: Client) -> None:
    client.force_login(clerk("street_clerk", STREET))
    found = client.get("/tree/search/?q=一里").context["found"]
    assert [version.place.code for version in found] == [COMMUNITY]


def test_a_fragment_is_part_of_the_page(city: City, client: Client) -> None:
    client.force_login(clerk("street_clerk", STREET))
    page = client.get("/tree/search/?q=一里").content.decode()
    fragment = client.get("/tree/search/?q=一里", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert fragment.strip() in page
