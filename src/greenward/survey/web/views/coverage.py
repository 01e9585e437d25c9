"""Rounds, and the coverage of one from the city down to the missing communities."""

import csv
import io

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenward.core.errors import NotFoundError
from greenward.core.web.dates import as_of
from greenward.survey import access, queries
from greenward.survey.models import Round
from greenward.survey.states import Progress
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import ancestors, get_place_for, places_for
from greenward.territories.roles import Permission

PER_PAGE = 50


@login_required
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds with the coverage where the person's reach begins."""
    day = as_of(request)
    listed = [(held, queries.coverage_for(request.user, held, day)) for held in queries.rounds()]
    return render(request, "survey/rounds.html", {"as_of": day, "rounds": listed})


@login_required
@require_safe
def coverage(request: HttpRequest, code: str) -> HttpResponse:
    """Show one place's coverage, that of what is below, and the communities that are missing."""
    day = as_of(request)
    held = queries.get_round(code)
    place = _place(request, held)
    communities = queries.communities_below(held, place.path, day)
    missing = [one for one in communities if one.progress != Progress.DONE]
    reach = reach_of(request.user)
    above = [one for one in ancestors(place, on=held.reference_on) if reach.covers(one.path)]
    context = {
        "as_of": day,
        "round": held,
        "place": place,
        "above": above,
        "own": queries.coverage_of(held, place, day),
        "rows": queries.coverage_below(held, place, day),
        "page": Paginator(missing, PER_PAGE).get_page(request.GET.get("page")),
        "may_record": access.may_record(request.user, held, place.path),
        "may_import": bool(reach.paths(Permission.SURVEY)) and held.closed_at is None,
        "forms": queries.forms_of(held).values(),
        "imports": queries.imports_for(request.user, held)[:5],
    }
    return render(request, "survey/coverage.html", context)


@login_required
@require_safe
def export(request: HttpRequest, code: str) -> HttpResponse:
    """Give every community due below the place with its progress, as CSV."""
    held = queries.get_round(code)
    place = _place(request, held)
    day, lines = as_of(request), io.StringIO()
    writer = csv.writer(lines)
    writer.writerow([_("社区代码"), _("社区名称"), _("进度"), _("截至")])
    for one in queries.communities_below(held, place.path, day):
        writer.writerow([one.place.place.code, one.place.name, one.progress.label, day])
    response = HttpResponse(lines.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="coverage-{held.code}-{place.place.code}.csv"'
    return response


def _place(request: HttpRequest, held: Round) -> PlaceVersion:
    """Return the place asked for, or where the person's reach begins; NotFoundError beyond the reach."""
    code = request.GET.get("place", "")
    if code:
        return get_place_for(request.user, code, on=held.reference_on)
    homes = places_for(request.user, on=held.reference_on).filter(path__in=reach_of(request.user).paths())
    home = homes.order_by("path").first()
    if home is None:
        raise NotFoundError(_("您的账户还没有管辖范围。"), hint=_("请联系上级单位的经办人。"))
    return home
