"""Pages about places, people and roles."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from greenward.core.web.dates import as_of
from greenward.territories import outlines, queries
from greenward.territories.data import listing

DAY = 24 * 3600


@login_required
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is known of a place: names over time, other names, status with reason, what happened."""
    day = as_of(request)
    file = queries.place_file_for(request.user, code, on=day)
    context = {"file": file, "as_of": day, "list_source": listing.SOURCE}
    return render(request, "territories/place.html", context)


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Show what each role may do, and who holds it within the person's reach."""
    return render(request, "territories/people.html", {"holders": queries.roles_page(request.user)})


@cache_control(public=True, max_age=DAY)
def outline_map(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 — Django's signature
    """Give the districts' outlines as GeoJSON; they are no secret, the public page draws them too."""
    return JsonResponse(outlines.outlines(), json_dumps_params={"ensure_ascii": False})
