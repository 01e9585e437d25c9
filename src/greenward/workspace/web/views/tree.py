"""The tree at the side: its branches, and the search."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from greenward.core.web.dates import as_of
from greenward.territories.models import Level
from greenward.territories.queries import children_for, search_for


@login_required
def branch(request: HttpRequest, code: str) -> HttpResponse:
    """Show what lies one step below a place; of the communities, those that count as urban."""
    nodes = children_for(request.user, code, on=as_of(request), units=False)
    shown = [n for n in nodes if n.version.place.level != Level.COMMUNITY or n.urban_communities]
    current = request.GET.get("current", "")
    return render(request, "workspace/side.html#branch", {"nodes": shown, "current": current})


@login_required
def search(request: HttpRequest) -> HttpResponse:
    """Find places within reach by name, sound, initials or code."""
    text = request.GET.get("q", "").strip()
    day = as_of(request)
    template = "workspace/search.html#results" if getattr(request, "htmx", False) else "workspace/search.html"
    found = search_for(request.user, text, on=day)
    return render(request, template, {"found": found, "q": text, "as_of": day})
