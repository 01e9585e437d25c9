"""The list of communities within reach: filters, order, pages, export."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from greenward.assessment.queries.picture import places_above
from greenward.core.templatetags.frame import STATES
from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of
from greenward.territories.queries import get_place_for
from greenward.workspace.queries.communities import Line, Wanted, areas_for, communities_for, lines

PAGE = 50


@login_required
def communities(request: HttpRequest) -> HttpResponse:
    """Show the communities asked for, fifty a page, or all of them as CSV (``export=csv``)."""
    day = as_of(request)
    code = request.GET.get("under", "")
    place = get_place_for(request.user, code, on=day) if code else None
    wanted = _wanted(request, place.path if place else "")
    frame = communities_for(request.user, day, wanted)
    above = places_above(day)
    if request.GET.get("export") == "csv":
        return csv_response(f"communities-{day}", _header(), [_cells(line) for line in lines(frame, above)])
    page = Paginator(range(len(frame)), PAGE).get_page(request.GET.get("page"))
    start = page.start_index() - 1 if len(frame) else 0
    context = {
        "as_of": day,
        "place": place,
        "wanted": wanted,
        "sort": wanted.sort,
        "areas": areas_for(request.user, above, place),
        "page": page,
        "lines": lines(frame.slice(start, PAGE), above),
        "export_url": _export_url(request),
    }
    return render(request, "workspace/communities.html", context)


def _wanted(request: HttpRequest, under: str) -> Wanted:
    query = request.GET
    return Wanted(
        under=under,
        verdict=query.get("verdict", ""),
        participating=query.get("participating", ""),
        pilot=query.get("pilot") == "yes",
        item=query.get("item", ""),
        status=query.get("status", ""),
        text=query.get("q", "").strip(),
        sort=query.get("sort", "place"),
    )


def _export_url(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query["export"] = "csv"
    return f"?{query.urlencode()}"


def _header() -> list[str]:
    return [
        _("代码"), _("社区"), _("区"), _("街道（乡镇）"), _("结论"), _("参与创建"), _("试点"),
        _("达标项"), _("未达标项"), _("资料不全项"),
    ]  # fmt: skip


def _cells(line: Line) -> list[object]:
    known = {True: _("是"), False: _("否"), None: None}
    return [
        line.code, line.name, line.district, line.subdistrict, STATES[line.verdict][1],
        known[line.participates], known[line.is_pilot], line.met, line.unmet, line.unknown,
    ]  # fmt: skip
