"""One application's case: read it, and act on it. What was typed is shown again when an act is refused."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenward.accounts.models import User
from greenward.certification.models import Application, Countersign
from greenward.certification.queries.applications import get_application_for
from greenward.certification.queries.case import OWN_FORMS, CaseFile, case_for, timeline_of
from greenward.certification.queries.casefile import pdf_of
from greenward.certification.states import ApplicationState, Finding, Reply, Stance
from greenward.certification.web.acts import ACTS
from greenward.core import clock
from greenward.core.errors import GreenwardError, NotFoundError


@login_required
@require_safe
def case(request: HttpRequest, number: int) -> HttpResponse:
    """Show an application: frozen items left, the acts right, the timeline below."""
    return _shown(request, get_application_for(request.user, number))


@login_required
@require_safe
def case_file(request: HttpRequest, number: int) -> HttpResponse:
    """Give the whole case as one PDF with an index; not to reviewers, who see their own part only."""
    application = get_application_for(request.user, number)
    found = case_for(request.user, application, clock.today())
    if not found.reads_all:
        raise NotFoundError(_("没有找到案卷。"), hint=_("案卷由经办单位查阅。"), number=number)
    response = HttpResponse(pdf_of(found, at=clock.now()), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="case-{number}.pdf"'
    return response


@login_required
@require_POST
def act(request: HttpRequest, number: int, act: str) -> HttpResponse:
    """Do one act; NotFoundError for one that there is not."""
    application = get_application_for(request.user, number)
    if act not in ACTS:
        raise NotFoundError(_("没有“%(verb)s”这一步。") % {"verb": act}, hint=_("请刷新页面。"), verb=act)
    try:
        done = ACTS[act](request, application, cast("User", request.user))
    except NotFoundError:
        raise
    except GreenwardError as error:
        application.refresh_from_db()
        return _shown(request, application, error)
    messages.success(request, done)
    return redirect("certification:case", number)


def _shown(
    request: HttpRequest, application: Application, error: GreenwardError | None = None
) -> HttpResponse:
    found = case_for(request.user, application, clock.today())
    context = {
        "case": found,
        "application": application,
        "place": found.place,
        "rows": _rows(found, request),
        "plain_moves": [one for one in found.open_moves if one.verb not in OWN_FORMS],
        "back_move": next((one for one in found.open_moves if one.verb in {"return", "send_back"}), None),
        "submit_move": next((one for one in found.open_moves if one.verb in {"submit", "resubmit"}), None),
        "own_countersigns": _own_countersigns(found),
        "timeline": timeline_of(found) if found.reads_all else [],
        "findings": Finding.choices,
        "replies": Reply.choices,
        "stances": Stance.choices,
        "today_text": clock.today().isoformat(),
        "error": error,
        "typed": request.POST,
    }
    return render(request, "certification/case.html", context, status=error.status if error else 200)


def _own_countersigns(found: CaseFile) -> list[tuple[Countersign, dict[str, Any]]]:
    """Return what the person's department may still say, with the items."""
    if found.state != ApplicationState.IN_REVIEW:
        return []
    return [
        (one, item)
        for item in found.items
        for one in found.countersigns
        if one.item == item["id"] and one.department in found.own_departments and not one.said
    ]


def _rows(found: CaseFile, request: HttpRequest) -> list[dict[str, object]]:
    """Return the frozen items with what others said of each, and what was typed about it."""
    changed: dict[str, list[str]] = {}
    for difference in found.differences if found.is_frozen else ():
        changed.setdefault(difference.item, []).append(difference.text)
    spread = {one.item: one for one in found.spread} if found.reads_all else {}
    return [
        {
            "item": item,
            "changes": changed.get(item["id"], []),
            "countersigns": [one for one in found.countersigns if one.item == item["id"]],
            "spread": spread.get(item["id"]),
            "returned": [one for one in found.returned if one.item == item["id"]],
            "findings": [
                (visit, one)
                for visit in found.visits
                for one in visit.findings.all()
                if one.item == item["id"]
            ],
            "why": request.POST.get(f"why:{item['id']}", ""),
            "finding": request.POST.get(f"finding:{item['id']}", ""),
            "note": request.POST.get(f"note:{item['id']}", ""),
            "stance": request.POST.get(f"stance:{item['id']}", ""),
            "reason": request.POST.get(f"reason:{item['id']}", ""),
        }
        for item in found.items
    ]
