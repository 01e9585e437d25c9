"""City, district and subdistrict against their targets: one page at three levels."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from greenward.assessment.queries.picture import places_above
from greenward.assessment.web.charts import curve_data, places_data
from greenward.certification.queries.titles import recognised_by_place
from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of
from greenward.programmes.queries import current, phase_on, policy
from greenward.territories.models import UNIT_PARENT, Level, PlaceVersion
from greenward.territories.outlines import with_outline
from greenward.territories.queries import ancestors, get_place_for
from greenward.workspace.queries.communities import Wanted, communities_for, lines
from greenward.workspace.queries.dashboard import Child, children_for
from greenward.workspace.queries.scene import scene_of
from greenward.workspace.web.headlines import headlines_of
from greenward.workspace.web.steps import dated, trail_of


@login_required
def dashboard(request: HttpRequest, code: str) -> HttpResponse:
    """Show where the place stands, what is below it, what holds it back; ``export=csv`` gives the table."""
    day = as_of(request)
    place = get_place_for(request.user, code, on=day)
    if place.place.level in {Level.COMMUNITY, *UNIT_PARENT}:
        return redirect("workspace:community", place.place.code[:12])
    pack = policy(current(day))
    sort = request.GET.get("sort", "name")
    scene = scene_of(place, day)
    titles = recognised_by_place(day, under=place.path)
    children = children_for(request.user, scene, titles, day, sort)
    if request.GET.get("export") == "csv":
        return csv_response(f"{code}-{day}", _header(), [_cells(child) for child in children])
    street = place.place.level == Level.SUBDISTRICT
    nearby = communities_for(request.user, day, Wanted(under=place.path)) if street else None
    context = {
        "as_of": day,
        "place": place,
        "trail": trail_of([*ancestors(place, on=day), place], request),
        "phase": phase_on(pack, day),
        "sort": sort,
        "own": scene.own,
        "recognised": titles[place.place.code],
        "headlines": headlines_of(scene, request),
        "children": children,
        "children_title": _("各区") if place.place.level == Level.CITY else _("各街道（乡镇）"),
        "reference_targets": place.place.level == Level.DISTRICT,
        "communities": lines(nearby, places_above(day)) if nearby is not None else [],
        "curve": curve_data(scene.points, scene.goals),
        "export_url": _export_url(request),
        "scene": scene,
        "street": street,
        "below_quota": [row for row in scene.pilots if row.is_below],
        **_charts(place, children, request),
    }
    return render(request, "workspace/dashboard.html", context)


def _charts(place: PlaceVersion, children: list[Child], request: HttpRequest) -> dict[str, object]:
    outlined = place.place.level == Level.CITY
    drawn = with_outline()
    return {
        "chart": places_data(children, lambda code: dated(request, "workspace:dashboard", code)),
        "outlines": outlined,
        "without_outline": [c for c in children if outlined and c.code not in drawn],
        "map_approval": settings.GREENWARD_MAP_APPROVAL,
    }


def _export_url(request: HttpRequest) -> str:
    query = request.GET.copy()
    query["export"] = "csv"
    return f"?{query.urlencode()}"


def _header() -> list[str]:
    return [
        _("代码"), _("名称"), _("社区数"), _("参与"), _("达标"), _("已命名"), _("参与并达标"), _("资料不全"),
        _("目标"), _("还差"), _("已摸底"), _("应摸底"), _("逾期任务"),
    ]  # fmt: skip


def _cells(child: Child) -> list[object]:
    return [
        child.code, child.name, child.denominator, child.participating, child.meeting, child.recognised,
        child.both, child.unknown, child.target, child.distance, child.done, child.due, child.late,
    ]  # fmt: skip
