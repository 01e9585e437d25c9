"""Workbooks: the template out, the upload, its preview, and what is decided about it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.survey import actions, queries
from greenward.survey.queries.imports import grouped_problems, grouped_warnings, readable_changes
from greenward.survey.states import ImportState, Outcome
from greenward.survey.web.forms import UploadForm
from greenward.survey.workbooks.opening import FROM_BROWSER
from greenward.territories.queries import get_place_for

PER_PAGE = 100
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Give the workbook to fill in, for the communities that the person may survey."""
    held = queries.get_round(code)
    form = queries.form_of(held, request.GET.get("form", "community"))
    under, place = "", request.GET.get("place", "")
    if place:
        under = get_place_for(request.user, place, on=held.reference_on).path
    content = queries.template_for(request.user, held, form.id, under=under)
    response = HttpResponse(content, content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{held.code}-{form.id}.xlsx"'
    return response


@login_required
@require_POST
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Take a workbook and go to its preview; what is wrong with the file itself is said where we were."""
    held = queries.get_round(code)
    choices = [(form.id, str(form.title)) for form in queries.forms_of(held).values()]
    sent = UploadForm(request.POST, request.FILES, choices=choices)
    if not sent.is_valid():
        messages.error(request, _("请选择表和 .xlsx 文件。"))
        return redirect("survey:coverage", code)
    file = sent.cleaned_data["file"]
    content = file.read(FROM_BROWSER.packed + 1)
    try:
        made = actions.preview_import(
            held, sent.cleaned_data["form"], file.name, content, by=_person(request), at=clock.now()
        )
    except InvalidInputError as error:
        messages.error(request, str(error))
        return redirect("survey:coverage", code)
    return redirect("survey:preview", code, made.pk)


@login_required
@require_safe
def preview(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show what importing would do, row by row; after the import, what it did."""
    held = queries.get_round(code)
    file = queries.get_import_for(request.user, held, number)
    form = queries.form_of(held, file.form)
    outcome = request.GET.get("outcome", "")
    outcome = outcome if outcome in Outcome.values else ""
    page = Paginator(queries.preview_rows(file, outcome).rows(named=True), PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "round": held,
        "file": file,
        "form": form,
        "report": file.report,
        "outcomes": [(one, file.report["outcomes"].get(one.value, 0)) for one in Outcome],
        "outcome": outcome,
        "groups": grouped_problems(file, form),
        "warnings": grouped_warnings(file, form),
        "page": page,
        "rows": readable_changes(page.object_list, form),
        "is_open": file.state == ImportState.PREVIEWED,
        "is_done": file.state == ImportState.CONFIRMED,
    }
    return render(request, "survey/preview.html", context)


@login_required
@require_POST
def again(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Compare the workbook anew with what is known now."""
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    actions.preview_again(file, by=_person(request), at=clock.now())
    return redirect("survey:preview", code, number)


@login_required
@require_POST
def confirm(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Import all rows, or the sound ones; a preview that no longer holds is made anew and shown."""
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    person, only_valid = _person(request), request.POST.get("only_valid") == "1"
    try:
        actions.confirm_import(file, by=person, at=clock.now(), only_valid=only_valid)
    except actions.StalePreviewError as error:
        actions.preview_again(file, by=person, at=clock.now())
        messages.warning(request, str(error))
    except InvalidInputError as error:
        messages.error(request, str(error))
    return redirect("survey:preview", code, number)


@login_required
@require_POST
def discard(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give the workbook up."""
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    actions.discard_import(file, by=_person(request), at=clock.now())
    messages.success(request, _("已放弃“%(name)s”，没有导入任何数据。") % {"name": file.file_name})
    return redirect("survey:coverage", code)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotFoundError(_("请先登录。"))
    return request.user
