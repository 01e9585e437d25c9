"""Pages about places, people and roles."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from greenward.core.web.dates import as_of
from greenward.territories import outlines, queries
from greenward.territories.data import listing
from greenward.territories.roles import ROLES

DAY = 24 * 3600
PER_PAGE = 50


@login_required
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Show what is known of a place: names over time, other names, status with reason, what happened."""
    day = as_of(request)
    file = queries.place_file_for(request.user, code, on=day)
    context = {"file": file, "as_of": day, "list_source": listing.SOURCE}
    return render(request, "territories/place.html", context)


@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Show what each role may do, and who holds it within the person's reach: by role, by name, in pages."""
    role, text = request.GET.get("role", ""), request.GET.get("q", "").strip()
    role = role if role in ROLES else ""
    found = queries.appointments_like(request.user, role=role, text=text)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "holders": queries.holders_for(request.user),
        "role": role,
        "text": text,
        "page": page,
        "held": queries.with_places(list(page.object_list)),
    }
    return render(request, "territories/people.html", context)


@cache_control(public=True, max_age=DAY)
def outline_map(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 — Django's signature
    """Give the districts' outlines as GeoJSON; they are no secret, the public page draws them too."""
    return JsonResponse(outlines.outlines(), json_dumps_params={"ensure_ascii": False})
