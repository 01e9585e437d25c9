"""The audit trail: filters, pages, and whether the chain holds."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from greenward.core import audit
from greenward.workspace.queries.audit import entries_for
from greenward.workspace.web.forms import AuditFilter

PAGE = 50


@login_required
def trail(request: HttpRequest) -> HttpResponse:
    """Show the entries asked for; ``verify=yes`` walks the whole chain and says what breaks it."""
    form = AuditFilter(request.GET)
    entries = entries_for(request.user, form.asked())
    verified = request.GET.get("verify") == "yes"
    context = {
        "form": form,
        "page": Paginator(entries, PAGE).get_page(request.GET.get("page")),
        "verified": verified,
        "breaks": audit.verify() if verified else [],
    }
    return render(request, "workspace/audit.html", context)
