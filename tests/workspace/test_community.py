"""A community's file: tabs, what its people may do, reach."""

import pytest
from django.test import Client

from greenward.certification.models import Participation
from tests.factories.territories import CITY, COMMUNITY, OTHER_COMMUNITY, STREET
from tests.factories.workspace import City, clerk

ADDRESS = f"/communities/{COMMUNITY}/"


@pytest.mark.parametrize("tab", ["overview", "survey", "assessment", "history"])
def test_every_tab_answers_and_is_marked(city: City, client: Client, tab: str) -> None:
    city.meet(COMMUNITY)
    client.force_login(clerk("city_lead", CITY))
    response = client.get(f"{ADDRESS}?tab={tab}")
    assert response.status_code == 200
    assert f'tab={tab}" aria-current="page"' in response.content.decode()


def test_without_data_sixteen_items_are_unknown_and_none_is_unmet(city: City, client: Client) -> None:
    client.force_login(clerk("community_worker", COMMUNITY))
    response = client.get(ADDRESS)
    assert [item.status for item in response.context["assessment"].items] == ["unknown"] * 16
    assert response.context["to_do"] == []


def test_departments_behind_unmet_items_are_named(city: City, client: Client) -> None:
    city.meet(COMMUNITY, smart_security=False)
    client.force_login(clerk("street_clerk", STREET))
    to_do = client.get(ADDRESS).context["to_do"]
    assert {item.id for todo in to_do for item in todo.items} == {"11"}


def test_key_facts_carry_their_source_and_no_parameter(city: City, client: Client) -> None:
    city.meet(COMMUNITY)
    client.force_login(clerk("street_clerk", STREET))
    facts = {fact.fact: (fact.value, fact.source) for fact in client.get(ADDRESS).context["key_facts"]}
    assert facts["compounds_total"] == (12, "测试")
    assert "post_window_days" not in facts


@pytest.mark.parametrize(
    "role, at, acts",
    [
        ("city_lead", CITY, []),
        ("auditor", CITY, []),
        ("district_lead", "990101000000", ["enrol", "start_pilot"]),
        ("street_clerk", STREET, ["enrol"]),
        ("community_worker", COMMUNITY, []),
    ],
)
def test_acts_follow_the_role(city: City, client: Client, role: str, at: str, acts: list[str]) -> None:
    client.force_login(clerk(role, at))
    assert [act.slug for act in client.get(ADDRESS).context["acts"]] == acts


def test_who_takes_part_can_withdraw(city: City, client: Client) -> None:
    city.enrol(COMMUNITY)
    client.force_login(clerk("street_clerk", STREET))
    assert [act.slug for act in client.get(ADDRESS).context["acts"]] == ["withdraw"]
    assert Participation.objects.count() == 1


def test_beyond_reach_and_unknown_tabs_are_not_found(city: City, client: Client) -> None:
    client.force_login(clerk("street_clerk", STREET))
    assert client.get(f"/communities/{OTHER_COMMUNITY}/").status_code == 404
    assert client.get(f"{ADDRESS}?tab=money").status_code == 404
