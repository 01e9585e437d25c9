"""What holds communities back: items, departments, parts, who is nearest; a community's own gaps."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from greenward.assessment import queries
from greenward.assessment.queries.gaps import NearMiss
from greenward.assessment.queries.nearest import Wanted, gaps_of_parts, lacking_below, near_misses
from greenward.assessment.queries.reading import reading_of
from greenward.assessment.web.charts import gaps_data
from greenward.core.templatetags.frame import STATES
from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of
from greenward.survey.queries import current_round
from greenward.survey.sensitivity import sight_of
from greenward.territories.access import may
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import ancestors, get_place_for
from greenward.territories.roles import Permission

PER_PAGE = 50
EXPORTS = ("items", "departments", "nearest")


@login_required
def gaps(request: HttpRequest, code: str) -> HttpResponse:
    """Show the gaps of a community, street, district or the city within reach; ``export`` gives CSV."""
    day = as_of(request)
    place = get_place_for(request.user, code, on=day)
    if place.place.level == Level.COMMUNITY:
        return _of_community(request, place)
    wanted = wanted_of(request)
    if request.GET.get("export") in EXPORTS:
        return _exported(request, place, wanted)
    frame = lacking_below(place.path, day, wanted)
    page = Paginator(range(frame.height), PER_PAGE).get_page(request.GET.get("page"))
    start = page.start_index() - 1 if frame.height else 0
    found = queries.gaps(place.path, day)
    context = {
        **_common(request, place),
        "own": next(iter(queries.attainment(day, under=place.path)), None),
        "items": found,
        "chart": gaps_data(found),
        "departments": queries.gaps_by_department(place.path, day),
        "parts": gaps_of_parts(place.path, place.place.level, day),
        "wanted": wanted,
        "sort": wanted.sort,
        "page": page,
        "nearest": near_misses(frame.slice(start, PER_PAGE), day),
        "query": _query(request),
    }
    return render(request, "assessment/gaps.html", context)


def wanted_of(request: HttpRequest) -> Wanted:
    """Return what the address asks for."""
    query = request.GET
    most = query.get("most", "").strip()
    return Wanted(
        item=query.get("item", ""),
        department=query.get("department", ""),
        verdict=query.get("verdict", ""),
        status=query.get("status", ""),
        most=int(most) if most.isdecimal() and len(most) < len("1000") else None,
        sort=query.get("sort", "lacking"),
    )


def _of_community(request: HttpRequest, place: PlaceVersion) -> HttpResponse:
    day = as_of(request)
    found = queries.assessment_for(request.user, place.place.code, day)
    context = {
        **_common(request, place),
        "found": found,
        "reading": reading_of(found),
        "round": current_round(day),
        "sight": sight_of(request.user),
    }
    return render(request, "assessment/community_gaps.html", context)


def _common(request: HttpRequest, place: PlaceVersion) -> dict[str, object]:
    day = as_of(request)
    above = [one for one in ancestors(place, on=day) if may(request.user, Permission.READ, one.path)]
    return {"as_of": day, "place": place, "above": above}


def _query(request: HttpRequest) -> str:
    """Return the address's parameters without page and export, for links that add one."""
    query = request.GET.copy()
    for name in ("page", "export"):
        query.pop(name, None)
    return query.urlencode()


def _exported(request: HttpRequest, place: PlaceVersion, wanted: Wanted) -> HttpResponse:
    day, kind = as_of(request), request.GET["export"]
    name = f"gaps-{kind}-{place.place.code}-{day}"
    counts = [_("未达标"), _("资料不全"), _("社区数")]
    if kind == "items":
        found = queries.gaps(place.path, day)
        header = [
            _("项"),
            _("名称"),
            _("达标"),
            _("未达标"),
            _("资料不全"),
            _("不适用"),
            _("社区数"),
            _("责任部门"),
        ]
        rows = [
            [
                gap.item.id, gap.item.short, gap.met, gap.unmet, gap.unknown, gap.not_applicable,
                gap.communities, "；".join(str(one.name) for one in gap.departments),
            ]
            for gap in found
        ]  # fmt: skip
        return csv_response(name, header, rows)
    if kind == "departments":
        rows = [
            [gap.department.name, gap.unmet, gap.unknown, gap.communities, " ".join(i.id for i in gap.items)]
            for gap in queries.gaps_by_department(place.path, day)
        ]
        return csv_response(name, [_("部门"), *counts, _("有关的项")], rows)
    header = [_("代码"), _("社区"), _("结论"), _("差几项"), _("未达标的项"), _("资料不全的项")]
    near = near_misses(lacking_below(place.path, day, wanted), day)
    return csv_response(name, header, [_cells(one) for one in near])


def _cells(one: NearMiss) -> list[object]:
    unmet, unknown = (" ".join(item.id for item in items) for items in (one.unmet, one.unknown))
    return [one.code, one.name, STATES[one.verdict][1], one.lacking, unmet, unknown]
