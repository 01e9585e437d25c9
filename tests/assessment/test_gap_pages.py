"""The pages of gaps: counts with their lists, who is nearest in which order, what strangers get."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from greenward.assessment.queries.nearest import Wanted, gaps_of_parts, lacking_below, near_misses
from tests.assessment.conftest import AS_OF, City
from tests.factories import accounts, territories
from tests.factories.territories import (
    CITY,
    COMMUNITY,
    DISTRICT,
    OTHER_DISTRICT,
    SECOND,
    STREET,
    TOWN_COMMUNITY,
)

DAY = {"as_of": AS_OF.isoformat()}


@pytest.fixture
def browser(city: City) -> Client:
    clerk = accounts.make_user("district-lead")
    territories.appoint(clerk, "district_lead", DISTRICT)
    return accounts.signed_in(clerk)


@pytest.fixture
def uneven(city: City) -> City:
    city.meet(COMMUNITY, compounds_managed=3, sponge_measures=False)
    city.meet(SECOND, compounds_managed=3)
    return city


def order(city: City, wanted: Wanted) -> list[tuple[str, int]]:
    frame = lacking_below(city.version(DISTRICT).path, AS_OF, wanted)
    return [(near.code, near.lacking) for near in near_misses(frame, AS_OF)]


def test_the_nearest_lack_fewest_items_and_unknown_is_told_apart(uneven: City) -> None:
    assert order(uneven, Wanted())[:2] == [(SECOND, 1), (COMMUNITY, 2)]
    frame = lacking_below(uneven.version(DISTRICT).path, AS_OF, Wanted())
    first = near_misses(frame, AS_OF)[1]
    assert ([i.id for i in first.unmet], [i.id for i in first.unknown]) == (["5", "12"], [])


def test_filters_take_item_department_verdict_and_distance(uneven: City) -> None:
    assert order(uneven, Wanted(item="5", status="unmet")) == [(COMMUNITY, 2)]
    assert order(uneven, Wanted(most=1)) == [(SECOND, 1)]
    assert {code for code, _n in order(uneven, Wanted(verdict="unmet"))} == {COMMUNITY, SECOND}
    assert [code for code, _n in order(uneven, Wanted(department="water", status="unmet"))] == [COMMUNITY]
    assert order(uneven, Wanted(item="99")) == []


def test_a_minus_turns_the_order_round_and_strange_keys_do_nothing(uneven: City) -> None:
    assert order(uneven, Wanted(verdict="unmet", sort="-lacking")) == [(COMMUNITY, 2), (SECOND, 1)]
    assert order(uneven, Wanted(sort="no such")) == order(uneven, Wanted())


def test_parts_say_what_holds_most_of_their_communities_back(uneven: City) -> None:
    parts = gaps_of_parts(uneven.version(CITY).path, "city", AS_OF)
    own = next(part for part in parts if part.place.code == DISTRICT)
    assert (own.unmet, own.worst and own.worst.id, own.worst_unmet) == (2, "12", 2)
    assert sum(part.communities for part in parts) == 4
    assert gaps_of_parts(uneven.version(STREET).path, "subdistrict", AS_OF) == []


def test_the_page_shows_two_columns_with_the_lists_behind_them(uneven: City, browser: Client) -> None:
    page = browser.get(f"/assessment/gaps/{DISTRICT}/", DAY)
    text = page.content.decode()
    [twelve] = [gap for gap in page.context["items"] if gap.item.id == "12"]
    assert (twelve.unmet, twelve.unknown) == (2, page.context["own"].denominator - 2)
    address = f"/communities/?as_of={DAY['as_of']}&amp;under={DISTRICT}&amp;item=12&amp;status=unmet"
    assert f'<a href="{address}">2 / {twelve.communities}</a>' in text
    listed = browser.get("/communities/", {**DAY, "under": DISTRICT, "item": "12", "status": "unmet"})
    assert listed.context["page"].paginator.count == 2


def test_a_community_shows_its_own_gaps_with_departments(uneven: City, browser: Client) -> None:
    text = browser.get(f"/assessment/gaps/{COMMUNITY}/", DAY).content.decode()
    assert "12 个中再有 1 个" in text
    assert "责任部门" in text
    assert 'id="gap-5"' in text
    assert 'id="gap-4"' not in text


def test_tables_export_what_they_show(uneven: City, browser: Client) -> None:
    answer = browser.get(f"/assessment/gaps/{DISTRICT}/", {**DAY, "export": "nearest", "verdict": "unmet"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines == [
        "代码,社区,结论,差几项,未达标的项,资料不全的项",
        f"{SECOND},二里社区居委会,未达标,1,12,",
        f"{COMMUNITY},一里社区居委会,未达标,2,5 12,",
    ]
    items = browser.get(f"/assessment/gaps/{DISTRICT}/", {**DAY, "export": "items"})
    assert items.content.decode("utf-8-sig").splitlines()[1].startswith("12,物业管理")


@pytest.mark.parametrize("code", [CITY, OTHER_DISTRICT, TOWN_COMMUNITY, "000000000000"])
def test_strangers_get_404(city: City, browser: Client, code: str) -> None:
    for more in ({}, {"export": "nearest"}):
        assert browser.get(f"/assessment/gaps/{code}/", {**DAY, **more}).status_code == 404


def test_queries_do_not_grow_with_the_rows(uneven: City, browser: Client) -> None:
    counts = []
    for most in ("0", "99"):
        browser.get(f"/assessment/gaps/{DISTRICT}/", DAY)
        with CaptureQueriesContext(
            connection,
        ) as made:
            page = browser.get(f"/assessment/gaps/{DISTRICT}/", {**DAY, "most": most})
        counts.append((len(made), page.context["page"].paginator.count))
    assert counts[0][0] == counts[1][0]
    assert counts[0][1] == 0
    assert counts[1][1] > 1
    cache.clear()
