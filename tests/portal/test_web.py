"""The public page: aggregates only, for everybody."""

import re

import pytest
from django.test import Client

from tests.factories.territories import COMMUNITY, OTHER_COMMUNITY, TOWN_COMMUNITY
from tests.factories.workspace import City


def test_it_shows_the_city_and_its_districts(city: City, client: Client) -> None:
    city.meet(COMMUNITY, TOWN_COMMUNITY)
    city.enrol(COMMUNITY)
    context = client.get("/public/").context
    assert (context["city"].both, context["city"].denominator) == (1, 4)
    assert [(row.name, row.both) for row in context["districts"]] == [("甲区", 1), ("乙区", 0)]


def test_no_single_community_is_in_it(city: City, client: Client) -> None:
    city.meet(COMMUNITY)
    text = client.get("/public/").content.decode()
    assert not [code for code in (COMMUNITY, OTHER_COMMUNITY, TOWN_COMMUNITY) if code in text]
    assert "一里社区" not in text


def test_it_says_that_the_wording_is_not_verified(city: City, client: Client) -> None:
    text = client.get("/public/").content.decode()
    assert "标准文本尚待核对" in text
    assert len(re.findall("文本待核", text)) == 16


def test_it_sets_no_session(city: City, client: Client) -> None:
    client.get("/public/")
    assert set(client.cookies) <= {"csrftoken"}


@pytest.mark.django_db
def test_without_a_programme_it_says_so(client: Client) -> None:
    response = client.get("/public/")
    assert response.status_code == 200
    assert "没有正在施行的创建行动" in response.content.decode()
