"""My work: what is owed by when, where my area stands, what changed and why, what next."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from greenward.accounts.models import User
from greenward.assessment.queries import assessment_of, changes_for, new_for
from greenward.assessment.web.charts import curve_data
from greenward.core.errors import NotAllowedError
from greenward.core.web.dates import as_of
from greenward.duties.queries import held_below, todos_for, together
from greenward.programmes.queries import current, phase_on, policy
from greenward.survey.sensitivity import sight_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import roots_for
from greenward.workspace.queries.offices import offices_of
from greenward.workspace.queries.scene import scene_of
from greenward.workspace.web.headlines import headlines_of

CHANGES = 6
NEAREST = 5
PRESSING = 8
PLACES = 6


def home(request: HttpRequest) -> HttpResponse:
    """Show the signed-in person's work; visitors see the public page."""
    if not request.user.is_authenticated:
        return redirect("portal:home")
    return my_work(request)


@login_required
def my_work(request: HttpRequest) -> HttpResponse:
    """Show the first page after sign-in."""
    day = as_of(request)
    roots = roots_for(request.user, on=day)
    context: dict[str, object] = {"as_of": day, "offices": offices_of(_person(request))}
    if not roots:
        return render(request, "workspace/home.html", context)
    context |= {
        "place": roots[0],
        "phase": phase_on(policy(current(day)), day),
        **_waiting(_person(request), day),
        "changes": changes_for(request.user, day, limit=CHANGES),
        "new_changes": new_for(request.user, day),
        **_standing(request, roots[0]),
    }
    return render(request, "workspace/home.html", context)


def _waiting(user: User, day: date) -> dict[str, object]:
    lines, below = together(todos_for(user, day)), held_below(user, day)
    return {
        "lines": lines[:PRESSING],
        "number": len(lines),
        "below": below[:PLACES],
        "more_below": max(0, len(below) - PLACES),
    }


def _standing(request: HttpRequest, place: PlaceVersion) -> dict[str, object]:
    day = as_of(request)
    if place.place.level == Level.COMMUNITY:
        return {"assessment": assessment_of(place, day, sight=sight_of(request.user))}
    scene = scene_of(place, day)
    return {
        "own": scene.own,
        "headlines": headlines_of(scene, request),
        "covered": scene.covered.get(place.path),
        "curve": curve_data(scene.points, scene.goals),
        "nearest": scene.nearest[:NEAREST],
    }


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowedError("anonymous")
    return request.user
