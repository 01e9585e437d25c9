"""A plan to take away: its targets as CSV, the whole as PDF."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of
from greenward.plans import queries
from greenward.plans.documents.plan import plan_pdf
from greenward.plans.web.shown import find, version_of


@login_required
@require_safe
def targets(request: HttpRequest, code: str) -> HttpResponse:
    """Return targets and progress as a table."""
    found = find(request, code)
    version = version_of(found)
    rows = queries.progress(queries.content_of(version), found.place.path, as_of(request))
    header = [
        "code", "name", "due", "measure", "planned", "participating", "reached", "recognised",
        "denominator", "as_of",
    ]  # fmt: skip
    return csv_response(
        f"plan-{found.place.place.code}-v{version.number}",
        header,
        (
            [
                row.code or found.place.place.code,
                row.name or found.place.name,
                row.due,
                row.measure,
                row.planned,
                row.participating,
                row.reached,
                row.recognised,
                row.denominator,
                row.as_of,
            ]
            for row in rows
        ),
    )


@login_required
@require_safe
def pdf(request: HttpRequest, code: str) -> HttpResponse:
    """Return the whole plan as a document."""
    found = find(request, code)
    version = version_of(found)
    response = HttpResponse(plan_pdf(version, found.place), content_type="application/pdf")
    name = f"plan-{found.place.place.code}-v{version.number}.pdf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
