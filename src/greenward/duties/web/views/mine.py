"""The person's list of to-dos with its filters, and the number of what presses, for the frame."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from greenward.accounts.models import User
from greenward.core import clock
from greenward.duties import queries, todos
from greenward.duties.states import Urgency

BELL_SECONDS = 60
"""So long the number in the frame stands before it is counted anew; opening the list counts at once."""


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Show everything that waits for the person, by kind and urgency, and who holds what below."""
    user, day = cast("User", request.user), clock.today()
    every = queries.todos_for(user, day)
    _keep(user, every)
    kind, urgency = request.GET.get("kind", ""), request.GET.get("urgency", "")
    shown = [one for one in every if kind in {"", one.kind} and urgency in {"", one.urgency}]
    context = {
        "every": len(every),
        "lines": queries.together(shown),
        "kinds": [(one, sum(todo.kind == one.slug for todo in every)) for one in todos.kinds()],
        "kind": kind,
        "urgencies": [(one, sum(todo.urgency == one for todo in every)) for one in Urgency],
        "urgency": urgency,
        "below": queries.held_below(user, day),
    }
    return render(request, "duties/mine.html", context)


@login_required
@never_cache
@require_safe
def bell(request: HttpRequest) -> HttpResponse:
    """Show how much waits and how much of it presses; counted once a minute at most."""
    user, day = cast("User", request.user), clock.today()
    counted = cache.get(_key(user))
    if counted is None:
        counted = _keep(user, queries.todos_for(user, day))
    return render(request, "duties/mine.html#bell", {"waiting": counted[0], "pressing": counted[1]})


def _keep(user: User, every: list[todos.ToDo]) -> tuple[int, int]:
    lines = queries.together(every)
    pressing = sum(line.first.urgency in {Urgency.OVERDUE, Urgency.TODAY} for line in lines)
    cache.set(_key(user), counted := (len(lines), pressing), BELL_SECONDS)
    return counted


def _key(user: User) -> str:
    return f"duties.bell:{user.pk}:{clock.today()}"
