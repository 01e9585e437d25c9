"""The public page: the aggregate picture and the standard in plain words. No sign-in, no tracking."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from greenward.assessment.queries import attainment
from greenward.assessment.queries.goals import goals, progress
from greenward.assessment.web.charts import curve_data, places_data
from greenward.core.errors import NotFoundError
from greenward.core.web.dates import as_of
from greenward.programmes.models import Programme
from greenward.programmes.queries import current, phase_on, policy
from greenward.territories.outlines import with_outline


def home(request: HttpRequest) -> HttpResponse:
    """Show the city and its districts in figures, never a single community, and what the standard asks."""
    day = as_of(request)
    context: dict[str, object] = {"as_of": day, "map_approval": settings.GREENWARD_MAP_APPROVAL}
    try:
        context |= _picture(current(day), request)
    except NotFoundError as absent:
        context["absent"] = absent
    return render(request, "portal/home.html", context)


def _picture(programme: Programme, request: HttpRequest) -> dict[str, object]:
    day = as_of(request)
    pack = policy(programme)
    rows = attainment(day)
    city = next(row for row in rows if row.level == "city")
    districts = [row for row in rows if row.level == "district"]
    return {
        "pack": pack,
        "phase": phase_on(pack, day),
        "city": city,
        "districts": districts,
        "without_outline": [row for row in districts if row.code not in with_outline()],
        "chart": places_data(districts, lambda _code: ""),
        "curve": curve_data(progress(pack, city), goals(pack, city, districts)),
        "areas": [(area, pack.items_of(area.id)) for area in pack.standard.areas],
    }
