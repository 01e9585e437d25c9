"""Error pages for what Django itself refuses, and the health endpoints."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from greenward.core.errors import NotAllowedError, NotFoundError
from greenward.core.web.middleware import error_response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Answer 404."""
    error = NotFoundError(_("这个页面不存在，或者不在您的管辖范围内。"), hint=_("请核对地址，或返回首页。"))
    return error_response(request, error)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Answer 403."""
    error = NotAllowedError(_("您没有权限进行此操作。"), hint=_("请返回，或用有权限的账户登录。"))
    return error_response(request, error)


def server_error(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 — Django's signature
    """Answer 500 without touching the database: no request, so no context processor runs."""
    return HttpResponse(render_to_string("core/500.html"), status=500)


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
