"""Attachments of a place: handing one in, reading one."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import GreenwardError
from greenward.core.web.middleware import problem
from greenward.evidence.actions import LARGEST, keep_file
from greenward.evidence.web.serving import file_response
from greenward.survey import access, queries
from greenward.territories.queries import get_place_for


@login_required
@require_safe
def file(request: HttpRequest, place: str, digest: str) -> HttpResponse:
    """Give a file of a place, as a download."""
    return file_response(queries.file_for(request.user, place, digest))


@require_POST
def upload(request: HttpRequest, code: str, place: str) -> JsonResponse:
    """Keep the ``file`` that a form's question asks for; answers in JSON, refusals too."""
    if not isinstance(request.user, User):
        return _told({"code": "signed_out", "detail": _("请先登录。")}, HTTPStatus.UNAUTHORIZED)
    try:
        queries.get_round(code)
        version = get_place_for(request.user, place)
        access.check_may_attach(request.user, version.path)
        sent = request.FILES.get("file")
        kept = keep_file(
            (sent.name or "") if sent else "",
            sent.read(LARGEST + 1) if sent else b"",
            by=request.user,
            at=clock.now(),
        )
    except GreenwardError as error:
        return _told(problem(error), error.status)
    return _told({"digest": kept.digest, "name": kept.name, "size": kept.size}, HTTPStatus.OK)


def _told(content: dict[str, object], status: int) -> JsonResponse:
    return JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False, "default": str})
