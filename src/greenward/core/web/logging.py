"""One structured line per request: identifier, method, route, status, milliseconds, account number.

No address, no query string, no name and no body: nothing personal but the account's number.
"""

import logging
import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

GetResponse = Callable[[HttpRequest], HttpResponse]
IDENTIFIER = re.compile(r"[A-Za-z0-9-]{8,64}")
log = structlog.get_logger("greenward.request")


def configure() -> None:
    """Send structlog's lines through the standard library's handlers, which settings.LOGGING names."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )


class JsonFormatter(structlog.stdlib.ProcessorFormatter):
    """Writes structlog's lines and those of libraries alike as one JSON object a line."""

    def __init__(self) -> None:
        super().__init__(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
            foreign_pre_chain=[
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
                structlog.processors.format_exc_info,
            ],
        )


class RequestLogMiddleware:
    """Gives each request an identifier (``X-Request-ID``, a proxy's is kept) and writes its line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then write its line."""
        given = request.headers.get("X-Request-ID", "")
        identifier = given if IDENTIFIER.fullmatch(given) else uuid.uuid4().hex
        began = time.perf_counter()
        with structlog.contextvars.bound_contextvars(request_id=identifier):
            response = self.get_response(request)
            route = request.resolver_match.view_name if request.resolver_match else ""
            log.log(
                logging.DEBUG if route.startswith("health_") else logging.INFO,
                "request",
                method=request.method,
                route=route,
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
                user=_user_number(request),
            )
        response["X-Request-ID"] = identifier
        return response


def _user_number(request: HttpRequest) -> int | None:
    """Return the asker's account number if somebody asked who it is; never ask the database for it."""
    user = vars(request).get("user")
    if type(user) is SimpleLazyObject:
        user = vars(request).get("_cached_user")
    return getattr(user, "pk", None)
