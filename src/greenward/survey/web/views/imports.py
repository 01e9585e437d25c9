"""Workbooks: the template out, the upload, and what is decided about it."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError, NotFoundError
from greenward.survey import actions, queries
from greenward.survey.models import ImportFile
from greenward.survey.web.forms import UploadForm
from greenward.survey.workbooks.opening import FROM_BROWSER
from greenward.territories.queries import get_place_for

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EVERY_FORM = "all"
"""What addresses and the upload call a workbook whose sheets belong to different forms."""


@login_required
@require_safe
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Give the workbook to fill in, for the communities that the person may survey."""
    held = queries.get_round(code)
    asked = request.GET.get("form", "community")
    form_id = "" if asked == EVERY_FORM else queries.form_of(held, asked).id
    under, place = "", request.GET.get("place", "")
    if place:
        under = get_place_for(request.user, place, on=held.reference_on).path
    content = queries.template_for(request.user, held, form_id, under=under)
    return excel(content, f"{held.code}-{form_id or EVERY_FORM}.xlsx")


@login_required
@require_POST
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """Take a workbook and go to its preview; what is wrong with the file itself is said where we were."""
    held = queries.get_round(code)
    choices = [(EVERY_FORM, ""), *((form.id, "") for form in queries.forms_of(held).values())]
    sent = UploadForm(request.POST, request.FILES, choices=choices)
    if not sent.is_valid():
        messages.error(request, _("请选择表和表格文件（.xlsx、.xls、.ods 或 .csv）。"))
        return redirect("survey:coverage", code)
    file = sent.cleaned_data["file"]
    content = file.read(FROM_BROWSER.packed + 1)
    chosen = sent.cleaned_data["form"]
    try:
        made = actions.preview_import(
            held,
            "" if chosen == EVERY_FORM else chosen,
            file.name,
            content,
            by=person(request),
            at=clock.now(),
        )
    except InvalidInputError as error:
        messages.error(request, str(error))
        return redirect("survey:coverage", code)
    return redirect("survey:preview", code, made.pk)


@login_required
@require_POST
def again(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Compare the workbook anew with what is known now."""
    return _act(request, code, number, lambda file, by: actions.preview_again(file, by=by, at=clock.now()))


@login_required
@require_POST
def columns(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take what the clerk says of the columns: the same again for the office's next workbook."""
    sent: dict[str, dict[str, str]] = {}
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    known = {(one["form"], one["key"]): one["meaning"] for one in file.report.get("columns", [])}
    for place, (form, key) in enumerate(known):
        said = request.POST.get(f"column-{place}")
        if said is not None and said != known[form, key]:
            sent.setdefault(form, {})[key] = said
    return _act(
        request,
        code,
        number,
        lambda file, by: actions.decide_import(file, by=by, at=clock.now(), headings=sent) if sent else file,
    )


@login_required
@require_POST
def communities(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take which communities the rows mean whose names are not certain."""
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    written = [doubt["written"] for doubt in file.report.get("doubts", [])]
    sent = {
        text: request.POST.get(f"community-{place}", "").strip()
        for place, text in enumerate(written)
        if request.POST.get(f"community-{place}", "").strip()
    }
    return _act(
        request,
        code,
        number,
        lambda file, by: actions.decide_import(file, by=by, at=clock.now(), places=sent),
    )


@login_required
@require_POST
def reasons(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take why rows that break a check stand nevertheless."""
    sent = {request.POST.get("check", ""): request.POST.get("reason", "")}
    return _act(
        request,
        code,
        number,
        lambda file, by: actions.decide_import(file, by=by, at=clock.now(), reasons=sent),
    )


@login_required
@require_POST
def confirm(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Import all rows, or the sound ones; a preview that no longer holds is made anew and shown."""
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    by, only_valid = person(request), request.POST.get("only_valid") == "1"
    try:
        actions.confirm_import(file, by=by, at=clock.now(), only_valid=only_valid)
    except actions.StalePreviewError as error:
        actions.preview_again(file, by=by, at=clock.now())
        messages.warning(request, str(error))
    except (InvalidInputError, ConflictError) as error:
        messages.error(request, str(error))
    return redirect("survey:preview", code, number)


@login_required
@require_POST
def undo(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Take an import back as a whole."""
    return _act(request, code, number, lambda file, by: actions.undo_import(file, by=by, at=clock.now()))


@login_required
@require_POST
def discard(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Give the workbook up."""
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    actions.discard_import(file, by=person(request), at=clock.now())
    messages.success(request, _("已放弃“%(name)s”，没有导入任何数据。") % {"name": file.file_name})
    return redirect("survey:coverage", code)


def excel(content: bytes, name: str) -> HttpResponse:
    """Answer with a workbook to be saved."""
    response = HttpResponse(content, content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def person(request: HttpRequest) -> User:
    """Return who is signed in; NotFoundError for nobody."""
    if not isinstance(request.user, User):
        raise NotFoundError(_("请先登录。"))
    return request.user


def _act(
    request: HttpRequest, code: str, number: int, act: Callable[[ImportFile, User], ImportFile]
) -> HttpResponse:
    """Do one thing with one's own workbook and show its page; what stands in the way is said there."""
    file = queries.get_import_for(request.user, queries.get_round(code), number)
    try:
        act(file, person(request))
    except (InvalidInputError, ConflictError) as error:
        messages.error(request, str(error))
    return redirect("survey:preview", code, number)
