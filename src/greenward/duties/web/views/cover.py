"""Handing one's work to a colleague, and taking it back."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.duties import actions, queries, todos
from greenward.duties.web.forms import HandOverForm


@login_required
@require_http_methods(["GET", "POST"])
def cover(request: HttpRequest) -> HttpResponse:
    """Show what the person handed over and took over, and hand work over."""
    person = cast("User", request.user)
    form = HandOverForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.hand_over(person, by=person, at=clock.now(), **form.cleaned_data)
        except (ConflictError, InvalidInputError) as error:
            where = str(error.data.get("field", "")) or None
            form.add_error(where, f"{error.detail} {error.hint}")
        else:
            messages.success(request, _("已交给%(who)s代办。") % {"who": made.delegate})
            return redirect("duties:cover")
    labels = {kind.slug: kind.label for kind in todos.kinds()}
    found = [(one, [labels.get(slug, slug) for slug in one.kinds]) for one in queries.delegations_for(person)]
    context = {
        "form": form,
        "found": found,
        "has_colleagues": queries.colleagues_of(person).exists(),
    }
    return render(request, "duties/cover.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, number: int) -> HttpResponse:
    """End one of the person's own delegations."""
    person = cast("User", request.user)
    actions.revoke(queries.get_delegation_for(person, number), by=person, at=clock.now())
    messages.success(request, _("代办已经结束。"))
    return redirect("duties:cover")
