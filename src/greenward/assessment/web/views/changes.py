"""Changes of verdicts: what is new for a person, why it changed, marked as seen."""

from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from greenward.accounts.models import User
from greenward.assessment import actions
from greenward.assessment.queries.changes import DIRECTIONS, Wanted, change_rows, told
from greenward.core import clock
from greenward.core.errors import InvalidInputError, NotAllowedError
from greenward.core.web.dates import as_of
from greenward.programmes import queries as programmes
from greenward.territories.queries import get_place_for

PER_PAGE = 30
WORDS = {
    "gained": _lazy("变为达标"),
    "lost": _lazy("不再达标"),
    "settled": _lazy("资料补齐，有了结论"),
    "unsettled": _lazy("变为资料不全"),
    "same": _lazy("结论没变，有的项变了"),
}


@login_required
def changes(request: HttpRequest) -> HttpResponse:
    """Show the changes asked for within reach, newest first."""
    day = as_of(request)
    wanted = wanted_of(request)
    page = Paginator(change_rows(request.user, day, wanted), PER_PAGE).get_page(request.GET.get("page"))
    pack = programmes.policy(programmes.current(day))
    context = {
        "as_of": day,
        "page": page,
        "changes": told(request.user, list(page.object_list), day, sources=True),
        "wanted": wanted,
        "under": request.GET.get("under", ""),
        "items": pack.standard.items,
        "directions": [(name, WORDS[name]) for name in DIRECTIONS],
        "new": change_rows(request.user, day, Wanted(new_only=True)).count(),
    }
    return render(request, "assessment/changes.html", context)


@login_required
@require_POST
def see(request: HttpRequest) -> HttpResponse:
    """Mark one change (``change``), or all that the address asks for, as seen; go back to the list."""
    if not isinstance(request.user, User):
        raise NotAllowedError("anonymous")
    rows = change_rows(request.user, as_of(request), wanted_of(request))
    one = request.POST.get("change", "")
    if one:
        rows = rows.filter(pk=int(one) if one.isdecimal() and len(one) < len("1" * 19) else 0)
    actions.see(changes=list(rows), by=request.user, at=clock.now())
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if safe else "assessment:changes")


def wanted_of(request: HttpRequest) -> Wanted:
    """Return what the address asks for; NotFoundError for a place beyond reach."""
    query = request.GET
    code = query.get("under", "")
    return Wanted(
        under=get_place_for(request.user, code, on=as_of(request)).path if code else "",
        item=query.get("item", ""),
        direction=query.get("direction", ""),
        since=_day(query.get("since", ""), "since"),
        until=_day(query.get("until", ""), "until"),
        new_only=query.get("new") == "yes",
    )


def _day(text: str, field: str) -> date | None:
    if not text.strip():
        return None
    try:
        return clock.read_day(text.strip())
    except ValueError:
        raise InvalidInputError(
            _("“%(text)s”不是日期。") % {"text": text},
            hint=_("请写成 2022-09-15 这样的日期。"),
            field=field,
        ) from None
