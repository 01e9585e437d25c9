"""``/api/v1/places``: the places within the caller's reach."""

from django.http import HttpRequest
from ninja import Query, Router

from greenward.core import clock
from greenward.core.api.schemas import Day
from greenward.territories import queries
from greenward.territories.api.schemas import PlaceFileOut, PlaceOut, PlacesAsked, PlacesOut

router = Router(tags=["places"])


@router.get("/places", response=PlacesOut, summary="Places within reach")
def places(request: HttpRequest, asked: Query[PlacesAsked]) -> PlacesOut:
    """List places as of a day: of a level, directly below a place, or named by a text."""
    day = asked.as_of or clock.today()
    versions = queries.places_for(request.user, on=day).select_related("parent")
    if asked.level:
        versions = versions.filter(place__level=asked.level)
    if asked.parent:
        versions = versions.filter(parent__code=asked.parent)
    named = asked.q.strip()
    versions = queries.matching(versions, named, on=day) if named else versions.order_by("path")
    page = versions[asked.offset : asked.offset + asked.limit]
    return PlacesOut(as_of=day, count=versions.count(), items=[PlaceOut.of(version) for version in page])


@router.get("/places/{code}", response=PlaceFileOut, summary="One place and its history")
def place(request: HttpRequest, code: str, as_of: Day | None = None) -> PlaceFileOut:
    """Show a place within reach, also a former one."""
    day = as_of or clock.today()
    return PlaceFileOut.of(queries.place_file_for(request.user, code, on=day), day)
