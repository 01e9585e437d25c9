"""Every demonstration account signs in, sees its own reach, and meets 404 elsewhere.

The audit trail is no place: who may not read it is told so (403).
"""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from tests.journeys.demonstration import (
    CITY,
    COMMUNITY,
    FAR,
    HAIDIAN,
    NEIGHBOUR,
    OTHER_STREET,
    PINGGU,
    STREET,
    sign_in,
    stand_up,
)  # fmt: skip

# account: what it sees, what it does not
REACH = {
    "city": ([f"/dashboard/{CITY}/", f"/dashboard/{PINGGU}/", f"/communities/{FAR}/", "/audit/"], []),
    "city-civil": ([f"/dashboard/{CITY}/", f"/communities/{COMMUNITY}/"], ["/audit/"]),
    "haidian": (
        [f"/dashboard/{HAIDIAN}/", f"/dashboard/{OTHER_STREET}/", f"/communities/{COMMUNITY}/"],
        [f"/dashboard/{CITY}/", f"/dashboard/{PINGGU}/", f"/communities/{FAR}/", "/audit/"],
    ),
    "pinggu": (
        [f"/dashboard/{PINGGU}/", f"/communities/{FAR}/"],
        [f"/dashboard/{HAIDIAN}/", f"/communities/{COMMUNITY}/"],
    ),
    "street": (
        [f"/dashboard/{STREET}/", f"/communities/{NEIGHBOUR}/", f"/assessment/{COMMUNITY}/"],
        [f"/dashboard/{OTHER_STREET}/", f"/dashboard/{HAIDIAN}/", f"/assessment/{FAR}/"],
    ),
    "community": (
        [f"/communities/{COMMUNITY}/", f"/places/{COMMUNITY}/"],
        [f"/communities/{NEIGHBOUR}/", f"/dashboard/{STREET}/", f"/places/{NEIGHBOUR}/"],
    ),
    "reviewer": (
        [f"/dashboard/{HAIDIAN}/", f"/assessment/{COMMUNITY}/", "/judging/"],
        [f"/dashboard/{CITY}/", f"/communities/{FAR}/", "/audit/"],
    ),
    "auditor": ([f"/dashboard/{CITY}/", f"/communities/{FAR}/", "/audit/"], []),
}


@pytest.fixture(autouse=True)
def demonstration(transactional_db: None, settings: Settings) -> None:
    stand_up(settings)


def test_each_account_sees_its_own_reach_and_nothing_else(page_at: Callable) -> None:
    for username, (seen, unseen) in REACH.items():
        visit = page_at(1440)
        sign_in(visit, username)
        for path in seen:
            assert visit.open(path).get_by_text("演示数据").first.is_visible()
        for path in unseen:
            answer = visit.page.request.get(f"{visit.address}{path}")
            assert (path, answer.status) == (path, 403 if path == "/audit/" else 404)


@pytest.mark.parametrize("width", [390, 1440])
def test_public_page_is_for_everybody(page_at: Callable, width: int) -> None:
    visit = page_at(width)
    page = visit.open("/public/")
    assert page.get_by_text("3730").first.is_visible()
    for path in (f"/dashboard/{CITY}/", "/communities/", "/audit/"):
        visit.open(path)
        assert "/accounts/login/" in visit.page.url
