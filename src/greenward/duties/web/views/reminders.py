"""How one wants to be reminded by mail, and the way out that needs no sign-in."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from greenward.accounts.models import User
from greenward.accounts.queries import confirmed_address
from greenward.core import clock, mail
from greenward.core.web.limits import check_rate
from greenward.duties import actions, queries, todos
from greenward.duties.web.forms import RemindersForm


@login_required
@require_http_methods(["GET", "POST"])
def reminders(request: HttpRequest) -> HttpResponse:
    """Show and change how often, of which kinds and in which language one is reminded."""
    person = cast("User", request.user)
    choice = queries.choice_of(person)
    kinds = [kind.slug for kind in todos.kinds()]
    initial = {
        "rhythm": choice.rhythm,
        "kinds": [slug for slug in kinds if slug not in choice.without],
        "changes": choice.changes,
        "language": choice.language,
    }
    form = RemindersForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data
        actions.change_reminders(
            person,
            rhythm=wanted["rhythm"],
            without=[slug for slug in kinds if slug not in wanted["kinds"]],
            changes=wanted["changes"],
            language=wanted["language"],
            by=person,
            at=clock.now(),
        )
        messages.success(request, _("设置已保存。"))
        return redirect("duties:reminders")
    context = {"form": form, "confirmed": confirmed_address(person), "sends_mail": mail.is_configured()}
    return render(request, "duties/reminders.html", context, status=422 if form.errors else 200)


@csrf_exempt  # the reader's mail program calls it (RFC 8058); the signed link says for whom, and only stops
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the reminders of whoever got the link, signed in or not; merely opening it changes nothing."""
    check_rate(request, "unsubscribe", most=60, seconds=600)
    if request.method == "POST":
        actions.unsubscribe(token, by=None, at=clock.now())
    else:
        queries.person_of(token)
    return render(request, "duties/unsubscribe.html", {"done": request.method == "POST"})
