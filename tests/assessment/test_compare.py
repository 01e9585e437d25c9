"""Comparing days, editions and communities, and the lists of who moved, honest about what is stored."""

from datetime import timedelta

import pytest
from django.test import Client

from greenward.assessment import actions
from greenward.assessment.models import Run
from greenward.core import clock
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.standard import Item
from tests.assessment.conftest import AS_OF, City
from tests.factories import accounts, territories
from tests.factories.packs import beijing_pack, store
from tests.factories.territories import COMMUNITY, DISTRICT, OTHER_DISTRICT, SECOND, TOWN_COMMUNITY

DAY = AS_OF.isoformat()


@pytest.fixture
def browser(city: City) -> Client:
    clerk = accounts.make_user("district-lead")
    territories.appoint(clerk, "district_lead", DISTRICT)
    return accounts.signed_in(clerk)


def stricter(share: str = "0.50") -> str:
    """Install an edition that asks half of the compounds to be managed; return its name."""
    pack = beijing_pack()
    items = tuple(_raised(item, share) if item.id == "12" else item for item in pack.standard.items)
    manifest = pack.manifest.model_copy(update={"edition": "2099.1"})
    standard = pack.standard.model_copy(update={"items": items})
    parts = {name: getattr(pack, name) for name in Pack.model_fields}
    store(Pack.model_validate({**parts, "manifest": manifest, "standard": standard}))
    return "beijing-2021@2099.1"


def _raised(item: Item, share: str) -> Item:
    """Return the item with another share wherever its rules, or those of its indicators, ask 0.30."""
    rule = item.rule and item.rule.replace("0.30", share)
    parts = tuple(
        part.model_copy(update={"rule": part.rule and part.rule.replace("0.30", share)})
        for part in item.indicators
    )
    return item.model_copy(update={"rule": rule, "indicators": parts})


def test_an_edition_that_asks_more_lists_who_would_lose(city: City, browser: Client) -> None:
    city.meet(COMMUNITY, compounds_managed=5)
    city.meet(SECOND, compounds_managed=6)
    asked = {"as_of": DAY, "left": DAY, "under": stricter()}
    page = browser.get(f"/assessment/{DISTRICT}/compare/", asked)
    assert [(row["code"], row["verdict_left"], row["verdict_right"]) for row in page.context["rows"]] == [
        (COMMUNITY, "met", "unmet")
    ]
    assert page.context["transitions"] == [("met", "unmet", 1)]
    assert page.context["moved"] == [("12", "物业管理覆盖", 0, 1)]
    left, right = page.context["standings"]
    assert (left.met, right.met, left.denominator) == (2, 1, right.denominator)
    assert "不是当日施行的版次，现在试算，不存档" in page.content.decode()
    assert Run.objects.count() == 0


def test_what_is_stored_and_what_is_computed_is_said(city: City, browser: Client) -> None:
    city.meet(COMMUNITY)
    actions.assess(programme=city.programme, as_of=AS_OF, by=None, at=clock.now())
    page = browser.get(f"/assessment/{DISTRICT}/compare/", {"as_of": DAY, "left": "2022-09-01"})
    asked = page.context["asked"]
    assert (asked.left.stored_at, asked.right.stored_at) == (None, Run.objects.get().computed_at)
    city.facts.tell(city.places[COMMUNITY], smart_security=False)
    page = browser.get(f"/assessment/{DISTRICT}/compare/", {"as_of": DAY, "left": "2022-09-01"})
    assert page.context["asked"].right.stored_at is None


def test_the_left_day_is_by_default_that_of_the_run_before(city: City, browser: Client) -> None:
    before = AS_OF - timedelta(days=9)
    actions.assess(programme=city.programme, as_of=before, by=None, at=clock.now())
    page = browser.get(f"/assessment/{DISTRICT}/compare/", {"as_of": DAY})
    assert page.context["asked"].left.as_of == before


def test_two_communities_item_by_item(city: City, browser: Client) -> None:
    city.meet(COMMUNITY, compounds_managed=3)
    city.meet(SECOND)
    page = browser.get(f"/assessment/{COMMUNITY}/compare/", {"as_of": DAY, "with": SECOND})
    [moved] = [pair for pair in page.context["pairs"] if pair.has_moved]
    assert (moved.id, moved.left.status, moved.right.status) == ("12", "met", "unmet")
    assert [(f.label, f.left.text, f.right.text) for f in moved.facts] == [
        ("有物业管理的小区数", "6 个", "3 个")
    ]


def test_one_community_under_two_editions(city: City, browser: Client) -> None:
    city.meet(COMMUNITY, compounds_managed=5)
    page = browser.get(f"/assessment/{COMMUNITY}/compare/", {"as_of": DAY, "left_under": stricter()})
    assert [own.verdict for own in page.context["found"]] == ["unmet", "met"]
    assert page.context["asked"].left.as_of == AS_OF


def test_the_list_exports_and_narrows(city: City, browser: Client) -> None:
    city.meet(COMMUNITY, compounds_managed=5)
    asked = {"as_of": DAY, "left": DAY, "under": stricter(), "export": "csv"}
    lines = browser.get(f"/assessment/{DISTRICT}/compare/", asked).content.decode("utf-8-sig").splitlines()
    assert lines == ["代码,社区,左边的结论,右边的结论", f"{COMMUNITY},一里社区居委会,达标,未达标"]
    none = browser.get(f"/assessment/{DISTRICT}/compare/", {**asked, "from": "unknown"})
    assert len(none.content.decode("utf-8-sig").splitlines()) == 1


@pytest.mark.parametrize("code", [OTHER_DISTRICT, TOWN_COMMUNITY])
def test_strangers_compare_nothing(city: City, browser: Client, code: str) -> None:
    assert browser.get(f"/assessment/{code}/compare/", {"as_of": DAY}).status_code == 404
    asked = {"as_of": DAY, "with": TOWN_COMMUNITY}
    assert browser.get(f"/assessment/{COMMUNITY}/compare/", asked).status_code == 404
