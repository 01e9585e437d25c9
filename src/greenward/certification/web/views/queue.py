"""The queue of applications, and a community's way in."""

from collections.abc import Mapping
from typing import cast

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from greenward.accounts.models import User
from greenward.certification.access.applications import may_apply
from greenward.certification.actions import applying
from greenward.certification.models import Application
from greenward.certification.queries.applications import applications_for, open_application
from greenward.certification.queries.batch import moves_open
from greenward.certification.queries.queue import Line, Wanted, counts_for, lines_of, queue_for
from greenward.certification.queries.readiness import readiness_of
from greenward.certification.queries.route import route_of
from greenward.certification.states import ApplicationState
from greenward.core import clock
from greenward.core.errors import GreenwardError
from greenward.core.web.csv import csv_response
from greenward.programmes import queries as programmes
from greenward.survey.sensitivity import sight_of
from greenward.territories.queries import get_place_for

PER_PAGE = 50


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show the applications that the person may see, by state and clock, or give all of them as CSV."""
    wanted = _wanted(request)
    found = queue_for(request.user, wanted)
    if request.GET.get("export") == "csv":
        rows = [_cells(line) for line in lines_of(found)]
        return csv_response("applications", _header(), rows)
    counts = counts_for(request.user, wanted)
    pages = Paginator(found, PER_PAGE)
    pages.count = _count(counts, wanted)
    page = pages.get_page(request.GET.get("page"))
    query = request.GET.copy()
    for name in ("page", "export"):
        query.pop(name, None)
    context = {
        "wanted": wanted,
        "sort": wanted.sort,
        "counts": [(state, n) for state, n in counts.items() if n],
        "page": page,
        "lines": lines_of(cast("list[Application]", page.object_list)),
        "query": query.urlencode(),
        "kept": _kept(request.GET),
        "moves": moves_open(request.user),
    }
    return render(request, "certification/queue.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a community still lacks and its applications; POST opens a draft."""
    place, programme, error = get_place_for(request.user, code), programmes.current(), None
    route = route_of(programme)
    if request.method == "POST":
        try:
            made = applying.open_draft(programme, place, by=cast("User", request.user), at=clock.now())
            return redirect("certification:case", made.pk)
        except GreenwardError as refused:
            error = refused
    existing = open_application(programme, place.place)
    sight = sight_of(request.user)
    context = {
        "place": place,
        "route": route,
        "error": error,
        "existing": existing,
        "former": applications_for(request.user).filter(place=place.place).order_by("-id"),
        "readiness": readiness_of(place, route, clock.today(), application=existing, sight=sight),
        "may_apply": may_apply(request.user, place.path, route),
    }
    return render(request, "certification/apply.html", context, status=error.status if error else 200)


def _wanted(request: HttpRequest) -> Wanted:
    code = request.GET.get("place", "")
    return Wanted(
        state=request.GET.get("state", ""),
        under=get_place_for(request.user, code).path if code else "",
        text=request.GET.get("q", "").strip(),
        show=request.GET.get("show", ""),
        sort=request.GET.get("sort", "due"),
    )


def _count(counts: Mapping[ApplicationState, int], wanted: Wanted) -> int:
    """Return how many applications are asked for, from the counts by state, which are shown anyway."""
    asked = {wanted.state} & set(ApplicationState.values)
    return sum(n for state, n in counts.items() if not asked or state in asked)


def _kept(query: QueryDict) -> str:
    """Return the filter without the state, for the tabs."""
    kept = query.copy()
    for name in ("page", "export", "state"):
        kept.pop(name, None)
    return kept.urlencode()


def _header() -> list[str]:
    return [
        _("申报编号"), _("社区代码"), _("社区名称"), _("区"), _("街道（乡镇）"), _("状态"), _("该谁办"),
        _("自"), _("已停留工作日"), _("办理期限"), _("剩余工作日"),
    ]  # fmt: skip


def _cells(line: Line) -> list[object]:
    return [
        line.application.pk, line.place.place.code, line.place.name, line.district, line.street,
        line.state.label, line.holder, line.since, line.days, line.application.due_on, line.left,
    ]  # fmt: skip
