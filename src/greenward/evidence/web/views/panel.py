"""A community's evidence: what is filed, what daily work offers, and filing more."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.web.dates import as_of
from greenward.evidence import access, actions, queries, scanning
from greenward.evidence.web.forms import FilingForm, UploadForm
from greenward.territories.access import reach_of
from greenward.territories.queries import ancestors, get_place_for

PER_PAGE = 24


@login_required
@require_safe
def panel(request: HttpRequest, code: str) -> HttpResponse:
    """Show a community's evidence by year and item, with where else each file is filed there."""
    place = get_place_for(request.user, code)
    access.check_takes_evidence(place)
    item, year = request.GET.get("item", ""), request.GET.get("year", "")
    found = queries.evidence_at(place.place, item=item, year=int(year) if year.isdecimal() else None)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    reach = reach_of(request.user)
    context = {
        "place": place,
        "as_of": as_of(request),
        "above": [one for one in ancestors(place, on=clock.today()) if reach.covers(one.path)],
        "page": page,
        "elsewhere": queries.also_filed(place.place, [use.file_id for use in page]),
        "offers": queries.offered_at(place.place),
        "items": queries.items(),
        "years": queries.years_at(place.place),
        "item": item,
        "year": year,
        "form": UploadForm(),
        "may_file": access.may_file(request.user, place.path),
        "open_questions": queries.open_questions(place),
        "is_scanned": bool(scanning.scanner()),
    }
    return render(request, "evidence/panel.html", context)


@login_required
@require_POST
def hand_in(request: HttpRequest, code: str) -> HttpResponse:
    """Keep a new file and file it under the community."""
    place = get_place_for(request.user, code)
    access.check_may_file(cast("User", request.user), place.path)
    chosen = UploadForm(request.POST, request.FILES).filing()
    sent = chosen.pop("file")
    person, now = cast("User", request.user), clock.now()
    kept = actions.keep_file(sent.name or "", sent.read(actions.LARGEST + 1), by=person, at=now)
    use = actions.file_evidence(kept.digest, place, by=person, at=now, **chosen)
    messages.success(request, _("已归档：%(name)s。") % {"name": use.file.name})
    return redirect("evidence:panel", code)


@login_required
@require_POST
def use_again(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """File what the community has already for another item or year."""
    place, use = queries.get_use_for(request.user, code, number)
    chosen = FilingForm(request.POST).filing()
    actions.file_evidence(use.file.digest, place, by=cast("User", request.user), at=clock.now(), **chosen)
    messages.success(request, _("已归档：%(name)s。") % {"name": use.file.name})
    return redirect("evidence:panel", code)


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take a file out of the community's evidence."""
    place, use = queries.get_use_for(request.user, code, number)
    because = request.POST.get("because", "")
    actions.withdraw(use, place, by=cast("User", request.user), at=clock.now(), because=because)
    messages.success(request, _("已撤下：%(name)s。") % {"name": use.file.name})
    return redirect("evidence:panel", code)
