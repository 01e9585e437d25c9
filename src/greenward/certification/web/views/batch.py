"""Several applications in one step: a preview that changes nothing, then the move, case by case."""

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from greenward.accounts.models import User
from greenward.certification.actions.batch import Moved, move_each
from greenward.certification.models import Application
from greenward.certification.queries.batch import check_may_move_several, chosen_for, move_named, prospects_of
from greenward.core import clock
from greenward.core.errors import InvalidInputError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest) -> HttpResponse:
    """Show which of the chosen applications would go and which not; POST moves those that were shown to go.

    Who changed a case since the preview is named, and what was typed stays for those that are left.
    """
    if request.method != "POST":
        numbers = [int(one) for one in request.GET.getlist("application") if _is_number(one)]
        return _previewed(request, request.GET.get("verb", ""), chosen_for(request.user, numbers))
    verb, note, person = request.POST.get("verb", ""), request.POST.get("note", ""), _person(request)
    check_may_move_several(person, move_named(verb))
    seen = dict(_seen(one) for one in request.POST.getlist("case"))
    chosen = chosen_for(request.user, seen)
    try:
        moved = move_each([(one, seen[one.pk]) for one in chosen], verb, by=person, at=clock.now(), note=note)
    except InvalidInputError as error:
        return _previewed(request, verb, chosen, error=error, status=error.status)
    done = [one.application for one in moved if one.error is None]
    if done:
        told = ngettext("已办理 %(n)d 份：%(move)s。", "已办理 %(n)d 份：%(move)s。", len(done))
        messages.success(request, told % {"n": len(done), "move": move_named(verb).name})
    left = [one for one in moved if one.error is not None]
    if not left:
        return redirect("certification:queue")
    return _previewed(request, verb, [one.application for one in left], left=left, status=409)


def _previewed(
    request: HttpRequest,
    verb: str,
    applications: Sequence[Application],
    *,
    left: Sequence[Moved] = (),
    error: InvalidInputError | None = None,
    status: int = 200,
) -> HttpResponse:
    told = {one.application.pk: one.error for one in left}
    fresh = list(chosen_for(request.user, [one.pk for one in applications]))
    prospects = prospects_of(_person(request), fresh, verb, clock.today())
    context = {
        "move": move_named(verb),
        "rows": [(one, told.get(one.line.application.pk)) for one in prospects],
        "going": [one.line for one in prospects if one.goes],
        "staying": sum(not one.goes for one in prospects),
        "left": left,
        "error": error,
        "note": request.POST.get("note", ""),
    }
    return render(request, "certification/batch.html", context, status=status)


def _seen(text: str) -> tuple[int, int]:
    """Return number and version of a case as the preview wrote them; an unreadable one is nobody's."""
    number, _colon, version = text.partition(":")
    return (int(number), int(version)) if _is_number(number) and _is_number(version) else (0, 0)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10  # noqa: PLR2004 - fits the column


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
