"""Pages of those who recheck titles: what drifted, the plan, each recheck from the visit to its end."""

from datetime import date
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenward.accounts.models import User
from greenward.certification.access.aftercare import may_turn_recheck, recheck_turn
from greenward.certification.actions.recheck import move_recheck, plan_rechecks
from greenward.certification.models import Found, Recheck
from greenward.certification.queries import rechecks as queries
from greenward.certification.queries.route import route_of
from greenward.certification.states import RECHECK_MOVES, RecheckState
from greenward.core import clock
from greenward.core.errors import GreenwardError, NotFoundError
from greenward.programmes import queries as programmes
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import get_place_for, versions_on
from greenward.territories.roles import Permission

LOOKS = frozenset({"pass", "rectify", "accept"})
"""Moves that say what was found, item by item."""
MOST = 200
"""So many rows of a list are shown; the heading says how many there are."""


@login_required
@require_safe
def rechecks(request: HttpRequest) -> HttpResponse:
    """Show the rechecks within reach; to who plans them, also the plans and whose facts drifted."""
    return _listed(request)


@login_required
@require_POST
def plan(request: HttpRequest) -> HttpResponse:
    """Choose titles by drift and by lot; what was typed stays where it is refused."""
    sent = request.POST
    try:
        made = plan_rechecks(
            programme=programmes.current(),
            territory=get_place_for(request.user, sent.get("territory", "")),
            title=sent.get("title", ""),
            seed=sent.get("seed", ""),
            due_on=_day(sent.get("due_on", "")),
            by=_person(request),
            at=clock.now(),
        )
    except NotFoundError:
        raise
    except GreenwardError as refused:
        messages.error(request, str(refused))
        return _listed(request, status=refused.status)
    messages.success(request, _("已列入复查 %(n)d 个称号。") % {"n": made.rechecks.count()})
    return redirect("certification:rechecks")


@login_required
@require_safe
def recheck(request: HttpRequest, number: int) -> HttpResponse:
    """Show one recheck: where it stands, what was found, and what the reader can do."""
    return _shown(request, queries.get_recheck_for(request.user, number))


@login_required
@require_POST
def turn(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """Make a move; who comes second is told, and what they wrote stays in the form."""
    found = queries.get_recheck_for(request.user, number)
    recheck_turn(verb)
    seen = request.POST.get("seen", "")
    try:
        done = move_recheck(
            found,
            verb,
            note=request.POST.get("note", ""),
            document=request.POST.get("document", ""),
            findings=_findings(request, found) if verb in LOOKS else None,
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,  # noqa: PLR2004 - a version
            by=_person(request),
            at=clock.now(),
        )
    except GreenwardError as refused:
        messages.error(request, str(refused))
        return _shown(request, queries.get_recheck_for(request.user, number), status=refused.status)
    messages.success(request, done.get_state_display())
    return redirect("certification:recheck", number)


def _listed(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    day, state = clock.today(), request.GET.get("state", "")
    programme, places = programmes.current(), _territories(request)
    rule = route_of(programme).recheck
    rows = queries.rechecks_for(request.user, state=state)
    shown = list(rows[:MOST])
    names = queries.names_of(shown)
    drift = [one for place in places for one in queries.drifted(programme, place.path, day)]
    context = {
        "rechecks": [(one, names.get(one.place_id, "")) for one in shown],
        "number": rows.count(),
        "state": state,
        "states": RecheckState.choices,
        "places": places,
        "rule": rule,
        "shares": rule and [f"{share * 100:.4g}%" for share in (rule.risk_share, rule.random_share)],
        "drift": drift[:MOST],
        "drifted": len(drift),
        "plans": queries.plans_for(request.user),
        "typed": request.POST,
    }
    return render(request, "certification/rechecks.html", context, status=status)


def _shown(request: HttpRequest, found: Recheck, *, status: int = 200) -> HttpResponse:
    place = queries.place_of(found)
    route, sent = route_of(found.title.programme), request.POST
    turns = [
        one for one in RECHECK_MOVES.values() if may_turn_recheck(request.user, found, one, route, place.path)
    ]
    standard = programmes.policy(found.title.programme).standard
    context = {
        "recheck": found,
        "place": place,
        "turns": turns,
        "looks": bool(LOOKS & {one.verb for one in turns}),
        "revokes": any(one.verb == "revoke" for one in turns),
        "items": [
            (item, sent.get(f"found-{item.id}", ""), sent.get(f"note-{item.id}", ""))
            for item in standard.items
        ],
        "found": Found.choices,
        "moves": queries.moves_shown(found),
        "typed": sent,
    }
    return render(request, "certification/recheck.html", context, status=status)


def _findings(request: HttpRequest, found: Recheck) -> dict[str, dict[str, str]]:
    """Return what was found of each item that was looked at."""
    sent = request.POST
    return {
        item.id: {"found": sent.get(f"found-{item.id}", ""), "note": sent.get(f"note-{item.id}", "")}
        for item in programmes.policy(found.title.programme).standard.items
        if sent.get(f"found-{item.id}")
    }


def _territories(request: HttpRequest) -> list[PlaceVersion]:
    """Return the places at which the person plans rechecks."""
    paths = reach_of(request.user).paths(Permission.RECHECK)
    return list(versions_on(clock.today()).filter(path__in=paths).order_by("path"))


def _day(text: str) -> date:
    """Return a day as the form sends it; one that is none counts as past, so that it is refused."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.min


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
