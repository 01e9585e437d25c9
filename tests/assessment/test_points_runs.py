"""A standard of points in the product: runs store totals and levels, pages keep standing."""

from decimal import Decimal

import pytest

from greenward.assessment import actions, queries
from greenward.assessment.models import Result
from greenward.core import clock
from greenward.packs.loader.loading import load
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.shape import Bilingual
from greenward.packs.schema.standard import Item, Level
from greenward.programmes import queries as programmes
from greenward.survey.sensitivity import EVERYTHING
from greenward.territories.queries import urban_communities
from tests.assessment.conftest import AS_OF, City
from tests.factories import accounts, territories
from tests.factories.packs import BEIJING
from tests.factories.territories import COMMUNITY, DISTRICT


def hundred() -> Pack:
    """Return Beijing's pack with five points for each item: passing takes 75 of 80."""
    pack = load(BEIJING)
    items = tuple(_in_one(item) for item in pack.standard.items)
    words = Bilingual(zh="合格", en="Pass")
    level = Level(id="pass", title=words, needs="total >= 75")
    standard = pack.standard.model_copy(
        update={"items": items, "requires": "level", "passes": "pass", "levels": (level,)}
    )
    parts = {name: getattr(pack, name) for name in Pack.model_fields}
    return Pack.model_validate({**parts, "standard": standard})


def _in_one(item: Item) -> Item:
    """Return an item as one row of five points, whose rule is all of its indicators' rules."""
    rule = " && ".join(str(part.rule) for part in item.indicators)
    applies = item.indicators[0].applies
    return item.model_copy(update={"points": Decimal(5), "rule": rule, "applies": applies, "indicators": ()})


def urban(city: City) -> list[str]:
    """Return the codes of the communities that count, in order."""
    return sorted(urban_communities(AS_OF).values_list("place__code", flat=True))


@pytest.fixture
def scored(city: City, monkeypatch: pytest.MonkeyPatch) -> City:
    pack = hundred()
    monkeypatch.setattr(programmes, "policy", lambda _programme: pack)
    return city


def test_a_run_stores_the_total_and_the_level(scored: City) -> None:
    codes = urban(scored)
    scored.meet(codes[0])
    scored.meet(codes[1], smart_security=False, convention_published=None)
    run = actions.assess(programme=scored.programme, as_of=AS_OF, by=None, at=clock.now())
    rows = Result.objects.filter(run=run, place__code__in=codes[:3]).order_by("place__code")
    assert list(rows.values_list("verdict", "points_least", "points_most", "level")) == [
        ("met", 80_000, 80_000, "pass"),
        ("unknown", 70_000, 75_000, None),
        ("unknown", 0, 80_000, None),
    ]


def test_the_run_and_the_explanation_say_the_same(scored: City) -> None:
    code = urban(scored)[0]
    scored.meet(code, compounds_managed=0)
    found = queries.assessment_of(scored.version(code), AS_OF, sight=EVERYTHING)
    assert (str(found.verdict), found.outcome.total, found.outcome.level) == ("met", (75_000, 75_000), "pass")


def test_the_page_and_the_api_of_a_community_stand(scored: City) -> None:
    user = accounts.make_user("district-lead")
    territories.appoint(user, "district_lead", DISTRICT)
    browser = accounts.signed_in(user)
    scored.meet(COMMUNITY, compounds_managed=3)
    day = {"as_of": AS_OF.isoformat()}
    page = browser.get(f"/assessment/{COMMUNITY}/", day)
    assert page.status_code == 200
    assert "12 个中再有 1 个" in page.content.decode()
    told = browser.get(f"/api/v1/assessment/{COMMUNITY}", day)
    assert (told.status_code, told.json()["verdict"]) == (200, "met")
