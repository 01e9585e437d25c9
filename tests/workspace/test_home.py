"""My work: for staff with a reach, for staff without, for visitors."""

from django.test import Client

from tests.factories.territories import CITY, COMMUNITY, DISTRICT, OTHER_DISTRICT, person
from tests.factories.workspace import City, clerk


def test_visitors_see_the_public_page(city: City, client: Client) -> None:
    assert client.get("/")["Location"] == "/public/"


def test_a_district_sees_its_own_standing_and_duties(city: City, client: Client) -> None:
    city.meet(COMMUNITY)
    city.enrol(COMMUNITY)
    client.force_login(clerk("district_lead", DISTRICT))
    context = client.get("/").context
    assert (context["own"].code, context["own"].both, context["own"].distance) == (DISTRICT, 1, 1)
    assert {todo.where for line in context["lines"] for todo in line.todos} == {"甲区"}
    assert context["below"] == []


def test_what_districts_have_not_delivered_shows_above_under_each_district(
    city: City, client: Client
) -> None:
    client.force_login(clerk("city_lead", CITY))
    context = client.get("/").context
    assert [line.place.place.code for line in context["below"]] == [DISTRICT, OTHER_DISTRICT]
    late = [one for one in context["below"][0].held if one.overdue]
    assert {one.who for one in late} == {"区"}
    assert not {"甲区", "乙区"} & {line.first.where for line in context["lines"]}


def test_a_community_worker_sees_the_sixteen_items(city: City, client: Client) -> None:
    client.force_login(clerk("community_worker", COMMUNITY))
    response = client.get("/")
    assert len(response.context["assessment"].items) == 16
    assert "own" not in response.context


def test_without_a_role_the_page_says_how_to_begin(city: City, client: Client) -> None:
    client.force_login(person())
    assert "您还没有任何角色" in client.get("/").content.decode()
