"""Error pages for what Django itself refuses, the health endpoints, and reports of the CSP."""

import json
from http import HTTPStatus

import structlog
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from greenward.core.errors import (
    FormExpiredError,
    GreenwardError,
    NotAllowedError,
    NotFoundError,
    ServerError,
    TooManyRequestsError,
)
from greenward.core.web.middleware import error_response

LONGEST_REPORT = 8192
log = structlog.get_logger("greenward.csp")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Answer 404."""
    error = NotFoundError(_("这个页面不存在，或者不在您的管辖范围内。"), hint=_("请核对地址，或返回首页。"))
    return error_response(request, error)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Answer 403."""
    error = NotAllowedError(_("您没有权限进行此操作。"), hint=_("请返回，或用有权限的账户登录。"))
    return error_response(request, error)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Answer 400."""
    return error_response(request, GreenwardError(_("服务器看不懂这个请求。"), hint=_("请返回重试。")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Answer a form that came without its proof of origin."""
    error = FormExpiredError(
        _("表单已失效，没有保存任何内容。"), hint=_("请返回上一页，刷新后重新提交；浏览器须允许 Cookie。")
    )
    return error_response(request, error)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """Answer 429."""
    error = TooManyRequestsError(_("短时间内请求过多。"), hint=_("请过一分钟再试。"))
    response = error_response(request, error)
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching the database."""
    if request.path.startswith("/api/"):
        return error_response(request, ServerError(_("系统出错，错误已记录。"), hint=_("请稍后再试。")))
    return render(request, "core/500.html", status=500)


@csrf_exempt  # browsers send these reports by themselves
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """Log what a browser's Content-Security-Policy refused; nothing larger than 8 KiB is read."""
    if int(request.headers.get("Content-Length") or 0) <= LONGEST_REPORT:
        log.warning("csp_report", **_report(request.body))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def _report(body: bytes) -> dict[str, str]:
    """Return the report's directive and addresses without their query strings; empty if unreadable."""
    try:
        report = json.loads(body)["csp-report"]
        names = ("violated-directive", "blocked-uri", "document-uri")
        return {name.replace("-", "_"): str(report.get(name, "")).partition("?")[0][:300] for name in names}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def alive(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 — Django's signature
    """Tell that the process answers."""
    return JsonResponse({"status": "ok"})


def ready(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 — Django's signature
    """Tell whether the database answers and its schema is the code's; 503 with the reason if not."""
    try:
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "reason": "database"}, status=503)
    if behind:
        return JsonResponse({"status": "unavailable", "reason": "migrations"}, status=503)
    return JsonResponse({"status": "ok"})
