"""The definition behind a number with the communities behind it."""

import csv
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from greenward.assessment import queries
from greenward.assessment.models import Verdict
from greenward.assessment.queries import Listed
from greenward.core.web.dates import as_of
from greenward.programmes import queries as programmes
from greenward.territories.queries import get_place_for, roots_for

PER_PAGE = 50


@login_required
def definition(request: HttpRequest, measure: str) -> HttpResponse:
    """Show what a number counts, over what, by which clause, and the communities that make it."""
    day = as_of(request)
    found = _listed(request, measure)
    rows = found.communities.to_dicts()
    pack = programmes.policy(programmes.current(day))
    context = {
        "found": found,
        "as_of": day,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "clause": pack.clause_by_id.get(found.measure.clause),
        "target_clause": pack.clause_by_id.get(found.row.clause),
        "measures": queries.MEASURES.values(),
    }
    return render(request, "assessment/definition.html", context)


@login_required
def behind_as_csv(request: HttpRequest, measure: str) -> HttpResponse:
    """Give the communities behind a number as CSV, the definition above them."""
    day = as_of(request)
    found = _listed(request, measure)
    name = f"{measure}-{found.row.code}-{day.isoformat()}.csv"
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response.write("\ufeff")  # spreadsheets take the file for UTF-8 by this
    sheet = csv.writer(response)
    sheet.writerow([found.measure.title, found.row.name, _("截至"), day.isoformat()])
    sheet.writerow([found.measure.counts])
    sheet.writerow([_("代码"), _("社区"), _("结论"), _("参与创建")])
    for row in found.communities.to_dicts():
        takes_part = _("是") if row["participates"] else _("否")
        sheet.writerow([row["code"], row["name"], Verdict(row["verdict"]).label, takes_part])
    return response


def _listed(request: HttpRequest, measure: str) -> Listed:
    """Return the measure at the place asked for, by default where the person's reach begins."""
    day = as_of(request)
    roots = roots_for(request.user, on=day)
    code = request.GET.get("place") or next((root.place.code for root in roots), "")
    return queries.listed(measure, get_place_for(request.user, code, on=day).place.code, day)
