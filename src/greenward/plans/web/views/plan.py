"""The list of districts' plans, one version with its progress, and what changed between two."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from greenward.core import clock
from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of
from greenward.plans import access, queries
from greenward.plans.models import PlanVersion
from greenward.plans.queries import PlanContent
from greenward.plans.states import MOVES, PlanState
from greenward.plans.web.forms import FileForm
from greenward.plans.web.shown import (
    Found,
    find,
    measures_of,
    progress_tables,
    streets_of,
    version_of,
)
from greenward.programmes import queries as programmes

LATE = "late"
MISSING = "missing"


@login_required
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """List the districts: which have filed, which are late; ``show`` narrows, ``export=csv`` exports."""
    day = as_of(request)
    lines = queries.overview_for(request.user, day)
    show = request.GET.get("show", "")
    kept = [
        line
        for line in lines
        if show not in {LATE, MISSING}
        or (show == LATE and line.days_late)
        or (show == MISSING and line.delivered_on is None)
    ]
    dues = sorted({due for line in lines for due in line.planned})
    rows = [(line, [line.planned.get(due) for due in dues]) for line in kept]
    if request.GET.get("export") == "csv":
        header = ["code", "name", "due_on", "delivered_on", "days_late", "version", "document", *dues]
        return csv_response(
            f"plans-{day}",
            header,
            (
                [
                    line.place.place.code,
                    line.place.name,
                    line.due_on,
                    line.delivered_on,
                    line.days_late,
                    line.filed.number if line.filed else None,
                    line.filed.document if line.filed else line.delivery.document if line.delivery else None,
                    *planned,
                ]
                for line, planned in rows
            ),
        )
    context = {
        "as_of": day,
        "rows": rows,
        "dues": dues,
        "show": show,
        "counts": {
            "all": len(lines),
            "filed": sum(line.filed is not None for line in lines),
            "delivered": sum(line.delivered_on is not None for line in lines),
            "missing": sum(line.delivered_on is None for line in lines),
            "late": sum(bool(line.days_late) for line in lines),
        },
    }
    return render(request, "plans/overview.html", context)


@login_required
@require_safe
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Show a version of the district's plan with its progress, and what the person may do with it."""
    return shown(request, find(request, code))


def shown(request: HttpRequest, found: Found, *, error: object = None, status: int = 200) -> HttpResponse:
    """Return the page of a version; ``error`` is shown above, what was typed stays in its fields."""
    day = as_of(request)
    pack = programmes.policy(programmes.current(day))
    context: dict[str, object] = {
        "as_of": day,
        "found": found,
        "place": found.place,
        "version": found.version,
        "pack": pack,
        "error": error,
        "is_open": any(one.state != PlanState.FILED for one in found.versions),
        "may_draft": access.may_draft(request.user, found.place.path),
        "may_comment": access.may_comment(request.user, found.place.path),
    }
    if found.version is not None:
        context |= _parts(request, found, found.version)
    return render(request, "plans/plan.html", context, status=status)


def _parts(request: HttpRequest, found: Found, version: PlanVersion) -> dict[str, object]:
    day = as_of(request)
    content = queries.content_of(version)
    pack = queries.policy_of(version)
    steps = list(version.steps.select_related("by"))
    columns, streets = streets_of(version, content)
    verbs = access.moves_open_to(request.user, version, found.place.path, steps)
    return {
        "content": content,
        "columns": columns,
        "streets": streets,
        "measures": measures_of(content, queries.offices_of(pack, found.place)),
        "sums": queries.sums_of(content, queries.asked_of(version.programme, found.place.path, day)),
        "progress": progress_tables(queries.progress(content, found.place.path, day)),
        "steps": steps[::-1],
        "seen": steps[-1].pk if steps else 0,
        "moves": [MOVES[verb] for verb in verbs if verb != "file"],
        "may_file": "file" in verbs,
        "may_edit": access.may_draft(request.user, found.place.path)
        and version.state in {PlanState.DRAFT, PlanState.RETURNED},
        "waits_for_another": version.state == PlanState.SUBMITTED and "approve" not in verbs,
        "file_form": FileForm(
            request.POST if "document" in request.POST else None, initial={"filed_on": clock.today()}
        ),
        "comments": list(version.comments.select_related("by")),
        "typed": request.POST,
        "names": {row.code: row.name for row in streets},
    }


@login_required
@require_safe
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Show what changed from one version (``from``; else the one before) to another."""
    found = find(request, code)
    version = version_of(found)
    others = [one for one in found.versions if one.number < version.number]
    asked = request.GET.get("from", "")
    before = next((one for one in others if str(one.number) == asked), others[-1] if others else None)
    pack = queries.policy_of(version)
    _columns, streets = streets_of(version, content := queries.content_of(version))
    context = {
        "found": found,
        "place": found.place,
        "version": version,
        "before": before,
        "others": others,
        "changes": queries.changes(
            queries.content_of(before) if before else PlanContent(),
            content,
            places={row.code: row.name for row in streets},
            offices=queries.offices_of(pack, found.place),
        ),
    }
    return render(request, "plans/changes.html", context)
