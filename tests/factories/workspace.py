"""A small city with its programme in force and facts that tests tell, for pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.cache import cache

from greenward.accounts.models import User
from greenward.certification import actions as certification
from greenward.core import clock
from greenward.programmes.models import Programme
from greenward.territories.models import Kind, Place, PlaceVersion
from tests.factories import programmes, territories
from tests.factories.assessment import ALL_MET, ToldFacts, told_facts

TODAY = date(2022, 9, 15)


@dataclass
class City:
    """Places by code, the programme, what is told of facts."""

    places: dict[str, Place]
    programme: Programme
    facts: ToldFacts

    def version(self, code: str) -> PlaceVersion:
        """Return what is true of a place today."""
        return PlaceVersion.objects.select_related("place").get(place__code=code, during__contains=TODAY)

    def enrol(self, *codes: str) -> None:
        """Let communities take part since the programme's second month."""
        certification.enrol(
            programme=self.programme,
            places=[self.version(code) for code in codes],
            on=date(2021, 11, 1),
            reason="测试",
            by=None,
            at=clock.now(),
        )

    def meet(self, *codes: str, **but: Any) -> None:
        """Let communities meet all items, but for the facts given."""
        for code in codes:
            self.facts.tell(self.places[code], **{**ALL_MET, **but})

    def more_communities(self, number: int) -> None:
        """Add urban communities to the first street."""
        made_by = territories.event()
        for n in range(number):
            code = f"{territories.STREET[:9]}{n + 101:03d}"
            parent = self.places[territories.STREET]
            self.places[code] = territories.place(
                code, f"新{n}社区居委会", Kind.RESIDENTS_COMMITTEE, parent, made_by
            )
        cache.clear()


@contextmanager
def small_city() -> Iterator[City]:
    """Make the city of :func:`tests.factories.territories.place_tree` with Beijing's programme."""
    cache.clear()
    with told_facts() as facts:
        yield City(territories.place_tree(), programmes.programme(), facts)
    cache.clear()


def clerk(role: str, at: str, username: str = "clerk") -> User:
    """Make a person with a role at a place."""
    user = territories.person(username)
    territories.appoint(user, role, at)
    return user
