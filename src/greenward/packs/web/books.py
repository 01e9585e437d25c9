"""Workbooks of standards: an edition or a draft out, a filled-in one in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from greenward.core import clock
from greenward.core.errors import GreenwardError, NotFoundError
from greenward.packs import access, actions, queries
from greenward.packs.drafting.written import texts_of
from greenward.packs.web.drafts import person
from greenward.packs.workbook.writing import workbook_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_GET
def workbook(request: HttpRequest, pack_id: str, edition: str) -> HttpResponse:
    """Give an installed edition's standard as a workbook; ``?empty=1`` without its indicators."""
    installed = queries.installed(pack_id, edition)
    content = workbook_of(texts_of(queries.pack(installed)), filled=request.GET.get("empty") != "1")
    return _file(content, f"{pack_id}-{edition}")


@login_required
@require_GET
def draft_workbook(request: HttpRequest, number: int) -> HttpResponse:
    """Give a draft's standard as a workbook."""
    draft = queries.draft_for(request.user, number)
    return _file(workbook_of(queries.texts(draft)), f"draft-{number}")


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@login_required
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Read a workbook into a draft; cells that cannot be read are all shown, and nothing is stored then."""
    if not access.may_write_anywhere(request.user):
        raise NotFoundError(_("没有找到这个页面。"), hint=_("草稿由有权安装方案包的人编写。"))
    pack_id, _slash, edition = request.POST.get("base", "").partition("/")
    base, file = queries.installed(pack_id, edition), request.FILES.get("file")
    if file is None:
        messages.error(request, _("请选择工作簿。"))
        return redirect("packs:drafts")
    try:
        draft = actions.begin_from_workbook(
            file.read(), base, filename=file.name or "", title=request.POST.get("title", ""),
            by=person(request), at=clock.now(),
        )  # fmt: skip
    except actions.CellsUnreadableError as error:
        context = {"faults": error.faults, "filename": file.name}
        return render(request, "packs/draft_faults.html", context, status=error.status)
    except GreenwardError as error:
        messages.error(request, str(error))
        return redirect("packs:drafts")
    messages.success(request, _("草稿已建立；改好以后提交，由另一位同事复核发布。"))
    return redirect("packs:draft", draft.pk)
