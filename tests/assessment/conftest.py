"""A small city with its programme in force, and facts that tests tell."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.core.cache import cache

from greenward.accounts.models import User
from greenward.certification import actions as certification
from greenward.core import clock
from greenward.programmes.models import Programme
from greenward.territories.models import Place, PlaceVersion
from tests.factories import programmes, territories
from tests.factories.assessment import ALL_MET, ToldFacts, told_facts
from tests.factories.territories import DISTRICT

AS_OF = date(2022, 9, 15)


@dataclass
class City:
    """The test's city: places by code, the programme, and what is told of facts."""

    places: dict[str, Place]
    programme: Programme
    facts: ToldFacts
    extra: dict[str, Any] = field(default_factory=dict)

    def version(self, code: str) -> PlaceVersion:
        return PlaceVersion.objects.select_related("place").get(place__code=code, during__contains=AS_OF)

    def enrol(self, *codes: str, on: date = date(2021, 11, 1)) -> None:
        certification.enrol(
            programme=self.programme,
            places=[self.version(code) for code in codes],
            on=on,
            reason="测试",
            by=None,
            at=clock.now(),
        )

    def meet(self, *codes: str, **but: Any) -> None:
        for code in codes:
            self.facts.tell(self.places[code], **{**ALL_MET, **but})


@pytest.fixture
def city(db: None) -> Iterator[City]:
    cache.clear()
    with told_facts() as facts:
        yield City(territories.place_tree(), programmes.programme(), facts)
    cache.clear()


def somebody(name: str, role: str, at: str = DISTRICT) -> User:
    """Return a person with a role at a place."""
    person = territories.person(name)
    territories.appoint(person, role, at)
    return person


@pytest.fixture
def lead(city: City) -> User:
    return somebody("lead", "district_lead")


@pytest.fixture
def reviewer(city: City) -> User:
    return somebody("reviewer", "reviewer")


@pytest.fixture
def second(city: City) -> User:
    return somebody("reviewer-b", "reviewer")
