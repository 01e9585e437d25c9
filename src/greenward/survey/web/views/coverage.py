"""The coverage of a round from the city down to the missing communities, and the burden beside it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_safe
from django_stubs_ext import StrOrPromise

from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of, kept_day
from greenward.survey import access, queries
from greenward.survey.models import Round
from greenward.survey.queries.burden import Burden, burden_right_below, meter_of
from greenward.survey.queries.coverage import Counts, Coverage, counts_of, coverage_at, coverage_right_below
from greenward.survey.queries.coverage.listing import SHOWS, Line, Wanted, lines, listed
from greenward.survey.queries.coverage.rates import children_of
from greenward.survey.states import CaseState, Progress
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import ancestors, get_place_for, places_for
from greenward.territories.roles import Permission

PER_PAGE = 50
AT_ONCE = 5000
"""So many communities of an export are named at once."""
Column = tuple[StrOrPromise, Callable[[Line], object]]
COVERAGE: tuple[Column, ...] = (
    (_lazy("社区代码"), lambda line: line.code),
    (_lazy("社区名称"), lambda line: line.name),
    (_lazy("进度"), lambda line: line.progress.label),
    (_lazy("街道（乡镇）"), lambda line: line.street),
    (_lazy("流程状态"), lambda line: line.state.label),
    (_lazy("该谁办"), lambda line: line.who),
    (_lazy("本轮要问（项）"), lambda line: line.asked),
    (_lazy("还剩（项）"), lambda line: line.left),
    (_lazy("必填还缺（项）"), lambda line: line.lacking),
    (_lazy("未登记小区"), lambda line: _("是") if line.needs_compound else ""),
    (_lazy("退回未答复（项）"), lambda line: line.returned),
)
BURDEN: tuple[Column, ...] = (
    (_lazy("社区代码"), lambda line: line.code),
    (_lazy("社区名称"), lambda line: line.name),
    (_lazy("街道（乡镇）"), lambda line: line.street),
    (_lazy("本轮要问（项）"), lambda line: line.asked),
    (_lazy("其中已过期（项）"), lambda line: line.expired),
    (_lazy("已知不问（项）"), lambda line: line.known),
    (_lazy("还剩（项）"), lambda line: line.left),
)


@dataclass(frozen=True)
class Row:
    """A place right below: its coverage and its burden."""

    covered: Coverage
    burden: Burden | None


@dataclass(frozen=True)
class Scene:
    """A place in a round on a day, as both pages show it."""

    day: date
    round: Round
    place: PlaceVersion
    counts: Counts
    wanted: Wanted


@login_required
@require_safe
def coverage(request: HttpRequest, code: str) -> HttpResponse:
    """Show one place's coverage and burden, those of what is below, and the communities asked for."""
    scene = _scene(request, code, "missing", "place")
    held, place, counts = scene.round, scene.place, scene.counts
    reach, territory = reach_of(request.user), _territory(held)
    context = {
        **_shown(request, scene),
        "own": coverage_at(counts, place),
        "whole": coverage_at(counts, territory),
        "rows": _rows(counts, place),
        "may_import": bool(reach.paths(Permission.SURVEY)) and held.closed_at is None,
        "may_run": access.may_run_rounds(request.user, territory.path),
        "has_begun": held.opens_on <= clock.today(),
        "forms": queries.forms_of(held).values(),
        "imports": queries.imports_for(request.user, held)[:5],
    }
    return render(request, "survey/coverage.html", context)


@login_required
@require_safe
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Give the communities asked for below the place, all of them unless filtered, as CSV."""
    return _exported(_scene(request, code, "all", "place"), COVERAGE, "coverage")


@login_required
@require_safe
def burden(request: HttpRequest, code: str) -> HttpResponse:
    """Show how many fields the round asks: by place, by form, by department, and the list behind it."""
    scene = _scene(request, code, "all", "-asked")
    children = children_of(scene.counts.recipe, scene.place)
    context = {
        **_shown(request, scene),
        "rows": burden_right_below(scene.counts, scene.place, children),
    }
    return render(request, "survey/burden.html", context)


@login_required
@require_safe
def burden_export(request: HttpRequest, code: str) -> HttpResponse:
    """Give the list behind the burden as CSV: a row per community."""
    return _exported(_scene(request, code, "all", "-asked"), BURDEN, "burden")


def place_in(request: HttpRequest, held: Round) -> PlaceVersion:
    """Return the place asked for, or where the person's reach begins; NotFoundError beyond the reach."""
    code = request.GET.get("place", "")
    if code:
        return get_place_for(request.user, code, on=held.reference_on)
    homes = places_for(request.user, on=held.reference_on).filter(path__in=reach_of(request.user).paths())
    home = homes.order_by("path").first()
    if home is None:
        raise NotFoundError(_("您的账户还没有管辖范围。"), hint=_("请联系上级单位的经办人。"))
    return home


def _scene(request: HttpRequest, code: str, show: str, sort: str) -> Scene:
    day, held = as_of(request), queries.get_round(code)
    place = place_in(request, held)
    asked = request.GET.get("show", show)
    wanted = Wanted(
        show=asked if asked in SHOWS else show,
        text=request.GET.get("q", "").strip(),
        sort=request.GET.get("sort", sort),
    )
    return Scene(day, held, place, counts_of(held, day), wanted)


def _shown(request: HttpRequest, scene: Scene) -> dict[str, object]:
    """Return what both pages show: where we are, the meter, one page of the list."""
    held, place = scene.round, scene.place
    reach = reach_of(request.user)
    rows = listed(scene.counts, place.path, scene.wanted)
    page = Paginator(range(len(rows)), PER_PAGE).get_page(request.GET.get("page"))
    start = page.start_index() - 1 if len(rows) else 0
    return {
        "as_of": scene.day,
        "round": held,
        "place": place,
        "above": [one for one in ancestors(place, on=held.reference_on) if reach.covers(one.path)],
        "meter": meter_of(held, place, scene.day, counts=scene.counts),
        "wanted": scene.wanted,
        "shows": _shows(),
        "sort": scene.wanted.sort,
        "page": page,
        "lines": lines(scene.counts, rows.slice(start, PER_PAGE)),
        "query": _query(request),
        "kept": f"&as_of={day}" if (day := kept_day(request)) else "",
    }


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def _rows(counts: Counts, place: PlaceVersion) -> list[Row]:
    children = children_of(counts.recipe, place)
    burdens = {one.place.place_id: one for one in burden_right_below(counts, place, children)}
    return [
        Row(one, burdens.get(one.place.place_id)) for one in coverage_right_below(counts, place, children)
    ]


def _shows() -> list[tuple[str, str]]:
    """Return what the list can be narrowed to, in words."""
    return [
        ("missing", _("还缺的")),
        (Progress.NONE.value, str(Progress.NONE.label)),
        (Progress.STARTED.value, str(Progress.STARTED.label)),
        ("not_submitted", _("未提交")),
        *((state.value, str(state.label)) for state in CaseState if state != CaseState.FILLING),
        (Progress.DONE.value, str(Progress.DONE.label)),
        ("all", _("全部")),
    ]


def _exported(scene: Scene, columns: Sequence[Column], kind: str) -> HttpResponse:
    rows = listed(scene.counts, scene.place.path, scene.wanted)
    found = (line for part in rows.iter_slices(AT_ONCE) for line in lines(scene.counts, part))
    cells = ([*(value(line) for _name, value in columns), scene.day] for line in found)
    header = [*(name for name, _value in columns), _("截至")]
    return csv_response(f"{kind}-{scene.round.code}-{scene.place.place.code}", header, cells)


def _territory(held: Round) -> PlaceVersion:
    return queries.standing(held.programme.territory, held.reference_on)
