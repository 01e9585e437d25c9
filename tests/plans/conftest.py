"""A small city whose district has figures to plan from, and the people who plan."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from django.core.cache import cache
from pytest_django import Settings

from greenward.accounts.models import User
from greenward.certification import actions as certification
from greenward.core import clock
from greenward.plans import actions
from greenward.plans.models import PlanVersion
from greenward.programmes.models import Programme
from greenward.territories.models import Place, PlaceVersion
from tests.factories import accounts, programmes, territories
from tests.factories.assessment import ALL_MET, ToldFacts, told_facts
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, OTHER_COMMUNITY, OTHER_DISTRICT, SECOND

TODAY = date(2022, 9, 15)


@dataclass
class Scene:
    """The city, its programme, what is told of facts, and who plans where."""

    programme: Programme
    facts: ToldFacts
    drafter: User
    second: User
    city: User
    stranger: User

    def version(self, code: str) -> PlaceVersion:
        return PlaceVersion.objects.select_related("place").get(place__code=code)

    @property
    def district(self) -> PlaceVersion:
        return self.version(DISTRICT)

    def begin(self, by: User | None = None) -> PlanVersion:
        return actions.begin(
            programme=self.programme,
            place=self.district,
            figures_on=TODAY,
            by=by or self.drafter,
            at=clock.now(),
        )

    def seen(self, version: PlanVersion) -> int:
        last = version.steps.last()
        assert last
        return last.pk

    def move(self, version: PlanVersion, verb: str, by: User, note: str = "") -> PlanVersion:
        return actions.move(
            version, self.district, verb, seen=self.seen(version), by=by, at=clock.now(), note=note
        )

    def file(
        self, version: PlanVersion, by: User | None = None, document: str = "甲政发〔2022〕1号"
    ) -> PlanVersion:
        return actions.file(
            version,
            self.district,
            document=document,
            filed_on=TODAY,
            seen=self.seen(version),
            by=by or self.drafter,
            at=clock.now(),
        )

    def filed(self) -> PlanVersion:
        version = self.move(self.begin(), "submit", self.drafter)
        return self.file(self.move(version, "approve", self.second))


def official(name: str, role: str, at: str) -> User:
    user = accounts.make_user(name)
    territories.appoint(user, role, at)
    return user


@pytest.fixture
def scene(db: None, settings: Settings) -> Iterator[Scene]:
    """One of three communities meets and takes part, one lacks an item, of one nothing is known."""
    settings.GREENWARD_TODAY = TODAY
    cache.clear()
    with told_facts() as facts:
        places = territories.place_tree()
        made = Scene(
            programmes.programme(),
            facts,
            official("drafter", "district_lead", DISTRICT),
            official("second", "district_lead", DISTRICT),
            official("city", "city_lead", CITY),
            official("stranger", "district_lead", OTHER_DISTRICT),
        )
        tell(made, places)
        yield made
    cache.clear()


def tell(scene: Scene, places: dict[str, Place]) -> None:
    scene.facts.tell(places[COMMUNITY], **ALL_MET)
    scene.facts.tell(places[SECOND], **{**ALL_MET, "smart_security": False})
    certification.enrol(
        programme=scene.programme,
        places=[scene.version(code) for code in (COMMUNITY, OTHER_COMMUNITY)],
        on=date(2021, 11, 1),
        reason="测试",
        by=None,
        at=clock.now(),
    )
