"""Answers refusals in the asker's form: a page, a fragment, or problem+json."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from greenward.core.errors import GreenwardError, InvalidInputError, WrongMethodError
from greenward.core.sharing import reading

GetResponse = Callable[[HttpRequest], HttpResponse]


def problem(error: GreenwardError) -> dict[str, object]:
    """Return the error as an RFC 9457 problem: type, title, status, detail, and our code, hint, data."""
    return {
        "type": f"urn:greenward:error:{error.code}",
        "title": str(error.title),
        "status": int(error.status),
        "detail": str(error.detail),
        "code": error.code,
        "hint": str(error.hint),
        **({"data": error.data} if error.data else {}),
    }


def error_response(request: HttpRequest, error: GreenwardError) -> HttpResponse:
    """Return the answer to a refusal: a problem for programs, a fragment for HTMX, else a page."""
    if request.path.startswith("/api/") or request.headers.get("Accept") == "application/json":
        return JsonResponse(
            problem(error),
            status=error.status,
            content_type="application/problem+json",
            json_dumps_params={"ensure_ascii": False, "default": str},
        )
    template = "core/error.html#message" if getattr(request, "htmx", False) else "core/error.html"
    return render(request, template, {"error": error}, status=error.status)


class SharingMiddleware:
    """Lets a page read the same thing once; a request that may write reads everything anew."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        with reading():
            return self.get_response(request)


class ErrorsMiddleware:
    """Turns a GreenwardError that a view raised into its answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; a program that used the wrong method is told so as a problem."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):  # no database can hold it
            return error_response(
                request, InvalidInputError(_("地址里有空字符。"), hint=_("请核对地址，或返回首页。"))
            )
        response = self.get_response(request)
        if isinstance(response, HttpResponseNotAllowed) and request.path.startswith("/api/"):
            problem_response = error_response(request, _wrong_method(request, response["Allow"]))
            problem_response["Allow"] = response["Allow"]
            return problem_response
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer our own errors; leave the rest to Django."""
        if isinstance(exception, GreenwardError):
            return error_response(request, exception)
        return None


def _wrong_method(request: HttpRequest, allowed: str) -> WrongMethodError:
    return WrongMethodError(
        _("这个地址不接受 %(method)s。") % {"method": request.method},
        hint=_("可用的方法：%(allowed)s。") % {"allowed": allowed},
        allowed=allowed.split(", "),
    )
