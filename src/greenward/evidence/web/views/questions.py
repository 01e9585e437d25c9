"""What reviewers are asked: the same file or a picture that may show the same stands elsewhere too."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenward.accounts.models import User
from greenward.core import clock
from greenward.evidence import access, actions, queries
from greenward.evidence.queries.questions import Elsewhere
from greenward.territories.access import reach_of
from greenward.territories.models import Level
from greenward.territories.queries import ancestors, get_place_for

PER_PAGE = 20


@login_required
@require_safe
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """Show the questions below a place, the open and weighty first."""
    place = get_place_for(request.user, code)
    kind = request.GET.get("kind", "")
    every = queries.pairs_under(place.path)
    chosen = [pair for pair in every if kind in {"", pair.kind}]
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    reach = reach_of(request.user)
    shown = queries.questions_for(request.user, list(page))
    context = {
        "place": place,
        "is_community": place.place.level == Level.COMMUNITY,
        "above": [one for one in ancestors(place, on=clock.today()) if reach.covers(one.path)],
        "page": page,
        "questions": [(one, access.may_review(request.user, one.here.place.path)) for one in shown],
        "kinds": [(one, sum(pair.kind == one for pair in every)) for one in Elsewhere],
        "kind": kind,
        "open_questions": sum(not pair.answered for pair in every),
    }
    return render(request, "evidence/questions.html", context)


@login_required
@require_POST
def answer(request: HttpRequest, code: str, number: int, other: int) -> HttpResponse:
    """Answer a question about a use at a community."""
    place, use = queries.get_use_for(request.user, code, number)
    text = request.POST.get("text", "")
    actions.answer(use, other, place, by=cast("User", request.user), at=clock.now(), text=text)
    messages.success(request, _("已记录核对情况。"))
    under = get_place_for(request.user, request.POST.get("under", code))
    return redirect(reverse("evidence:questions", args=[under.place.code]))
