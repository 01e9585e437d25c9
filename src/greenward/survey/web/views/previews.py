"""A workbook's page: the sheet as it came beside its problems, and after the import what it did."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from greenward.survey import queries
from greenward.survey.models import ImportFile
from greenward.survey.queries.imports import (
    forms_read,
    problem_groups,
    problems_of_kind,
    readable_changes,
    sheet_names,
    sheet_page,
)
from greenward.survey.states import ImportState, Outcome
from greenward.survey.web.previews import columns_shown, labels
from greenward.survey.web.views.imports import excel
from greenward.survey.workbooks.marking.copy import marked_copy

PER_PAGE = 100
MOST_CELLS = 4_000
FEWEST_ROWS = 20
IN_GROUP = 20


@login_required
@require_safe
def preview(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what importing would do; after the import, what it did."""
    held = queries.get_round(code)
    file = queries.get_import_for(request.user, held, number)
    forms = forms_read(file)
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in Outcome.values else ""
    listed = queries.preview_rows(file, outcome)
    page = Paginator(range(listed.height), PER_PAGE).get_page(request.GET.get("page"))
    first = page.object_list[0] if page.object_list else 0
    context = {
        "round": held,
        "file": file,
        "forms": forms.values(),
        "report": file.report,
        "outcomes": [(one, file.report["outcomes"].get(one.value, 0)) for one in Outcome],
        "outcome": outcome,
        "groups": problem_groups(file, "problem", most=IN_GROUP),
        "warnings": problem_groups(file, "warning", most=IN_GROUP),
        "page": page,
        "rows": readable_changes(listed.slice(first, PER_PAGE).rows(named=True), forms),
        "columns": columns_shown(file, forms, edit=request.GET.get("column", "")),
        "doubts": file.report.get("doubts", []),
        "doubt_count": sum(1 for doubt in file.report.get("doubts", []) if doubt["candidates"]),
        "is_open": file.state == ImportState.PREVIEWED,
        "is_done": file.state == ImportState.CONFIRMED,
        "is_undone": file.state == ImportState.UNDONE,
        **_sheet(request, file),
    }
    return render(request, "survey/preview.html", context)


@login_required
@require_safe
def problems(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """List every problem of one kind, page by page."""
    held = queries.get_round(code)
    file = queries.get_import_for(request.user, held, number)
    kind = request.GET.get("kind", "")
    title, found = problems_of_kind(file, kind)
    page = Paginator(range(found.height), PER_PAGE).get_page(request.GET.get("page"))
    first = page.object_list[0] if page.object_list else 0
    context = {
        "round": held,
        "file": file,
        "title": title,
        "page": page,
        "problems": found.slice(first, PER_PAGE).rows(named=True),
    }
    return render(request, "survey/import_problems.html", context)


@login_required
@require_safe
def marked(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give the same workbook back with its problems marked and listed."""
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    return excel(marked_copy(file), f"marked-{file.pk}.xlsx")


def _sheet(request: HttpRequest, file: ImportFile) -> dict[str, object]:
    """Return the sheet asked for, the first one else, from the row asked for on."""
    names = sheet_names(file)
    if not names:
        return {"sheets": []}
    wanted = request.GET.get("sheet", "")
    sheet, height = next((one for one in names if one[0] == wanted), names[0])
    said = request.GET.get("from", "")
    width = max(1, sum(one["sheet"] == sheet for one in file.report.get("columns", [])))
    most = max(FEWEST_ROWS, min(PER_PAGE, MOST_CELLS // width))
    first = min(max(int(said) - 1, 0), max(height - 1, 0)) if said.isdecimal() and len(said) < 8 else 0  # noqa: PLR2004
    meant = labels(file, forms_read(file))
    shown = sheet_page(file, sheet, first, most)
    return {
        "sheets": names,
        "sheet": sheet,
        "shown": shown,
        "letters": [(letter, meant.get((sheet, letter), "")) for letter, _meaning in shown.letters],
        "first": first + 1,
        "last": min(first + most, height),
        "height": height,
        "before": max(first - most, 0) + 1 if first else 0,
        "after": first + most + 1 if first + most < height else 0,
    }
