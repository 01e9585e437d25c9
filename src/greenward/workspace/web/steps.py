"""The breadcrumb of places."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from greenward.core.web.dates import kept_day
from greenward.territories.access import reach_of
from greenward.territories.models import Level, PlaceVersion


@dataclass(frozen=True)
class Step:
    """One step of the breadcrumb; without an address where the person's reach ends."""

    label: str
    url: str


def dated(request: HttpRequest, name: str, *args: object, **parameters: object) -> str:
    """Return the address of a view; the page's as-of date stays, ``parameters`` that say something join."""
    pairs = {"as_of": kept_day(request), **parameters}
    kept = {key: str(value) for key, value in pairs.items() if value not in (None, "")}
    address = reverse(name, args=args)
    return f"{address}?{urlencode(kept)}" if kept else address


def place_address(request: HttpRequest, place: PlaceVersion) -> str:
    """Return where the staff look at a place: a community's file, else the dashboard."""
    name = "workspace:community" if place.place.level == Level.COMMUNITY else "workspace:dashboard"
    return dated(request, name, place.place.code)


def trail_of(places: Iterable[PlaceVersion], request: HttpRequest) -> list[Step]:
    """Return the steps from the top down to the page's place, the last of ``places``."""
    reach = reach_of(request.user)
    return [Step(p.short_name, place_address(request, p) if reach.covers(p.path) else "") for p in places]
