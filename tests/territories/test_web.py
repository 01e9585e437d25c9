"""Pages about places and people: what they show, and 404 for strangers."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client

from greenward.territories import actions
from greenward.territories.models import Place
from tests.factories import territories as make

AT = datetime(2022, 9, 15, 9, tzinfo=UTC)


@pytest.fixture
def tree(db: None, settings: Any) -> dict[str, Place]:
    settings.GREENWARD_TODAY = date(2022, 9, 15)
    return make.place_tree()


@pytest.fixture
def clerk(tree: dict[str, Place], client: Client) -> Client:
    user = make.person()
    make.appoint(user, "street_clerk", tree[make.STREET])
    client.force_login(user)
    return client


def test_place_shows_names_status_and_history(clerk: Client, tree: dict[str, Place]) -> None:
    actions.rename(
        tree[make.SECOND], "晨光社区居委会", on=date(2022, 6, 1), reason="居民会议", by=None, at=AT
    )
    page = clerk.get(f"/places/{make.SECOND}/").content.decode()
    for text in ("晨光社区居委会", "二里社区居委会", "2022-06-01", "居民会议", "更名", "计入", "国家统计局"):
        assert text in page


def test_former_place_says_that_it_is_none_today(clerk: Client, tree: dict[str, Place]) -> None:
    actions.merge(
        [tree[make.SECOND]],
        into=tree[make.COMMUNITY],
        on=date(2022, 6, 1),
        reason="批复",
        by=None,
        at=AT,
    )
    page = clerk.get(f"/places/{make.SECOND}/").content.decode()
    assert "在 2022-09-15 没有这个地方" in page
    assert f'<a href="/places/{make.COMMUNITY}/">一里社区</a>' in page
    earlier = clerk.get(f"/places/{make.SECOND}/?as_of=2022-05-31").content.decode()
    assert "没有这个地方" not in earlier


@pytest.mark.parametrize("code", [make.CITY, make.DISTRICT, make.OTHER_COMMUNITY, "nothing"])
def test_place_beyond_reach_is_not_found(clerk: Client, code: str) -> None:
    assert clerk.get(f"/places/{code}/").status_code == 404


def test_people_shows_roles_and_who_is_within_reach(clerk: Client, tree: dict[str, Place]) -> None:
    far = make.person("far-away", display_name="外区人员")
    make.appoint(far, "street_clerk", tree[make.TOWN])
    page = clerk.get("/people/").content.decode()
    assert "查看全部内容和审计记录，不写任何数据。" in page
    assert f"{make.STREET}办公室" in page
    assert "外区人员" not in page


@pytest.mark.parametrize(
    "asked, found",
    [("", 1), ("role=street_clerk", 1), ("role=auditor", 0), (f"q={make.STREET}", 1), ("q=外区", 0)],
)
def test_people_are_found_by_role_and_name(
    clerk: Client, tree: dict[str, Place], asked: str, found: int
) -> None:
    make.appoint(make.person("far-away", display_name="外区人员"), "street_clerk", tree[make.TOWN])
    page = clerk.get(f"/people/?{asked}").content.decode()
    assert page.count(f'<td data-label="单位">{make.STREET}办公室</td>') == found
    assert "外区人员" not in page


@pytest.mark.parametrize("address", ["/people/", f"/places/{make.SECOND}/"])
def test_anonymous_is_sent_to_sign_in(client: Client, tree: dict[str, Place], address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_write_nothing(clerk: Client, method: str) -> None:
    before = list(Place.objects.values())
    getattr(clerk, method)(f"/places/{make.SECOND}/")
    assert list(Place.objects.values()) == before
