"""The API's root: who may call, which modules answer, and every refusal as problem+json (RFC 9457)."""

import importlib
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser

from greenward.accounts.access import TokenRefusedError
from greenward.accounts.api.auth import SessionReading, TokenAuth
from greenward.core.api.schemas import Problem
from greenward.core.errors import GreenwardError, InvalidInputError, NotAllowedError, NotFoundError
from greenward.core.web.middleware import error_response

# Each module's ``router`` in ``api/views.py`` joins by itself once it is there.
MODULES = (
    "accounts",
    "territories",
    "packs",
    "programmes",
    "evidence",
    "survey",
    "assessment",
    "certification",
    "plans",
    "pilots",
)

READING = {"get", "head", "options"}
UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")
SUSPECT = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\xed[\xa0-\xbf]|\x00")
"""How a body writes such characters in any encoding; without it, it holds none and need not be searched."""


class DescribedAPI(NinjaAPI):
    """The API, whose description also names every refusal."""

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """Return the OpenAPI description; each operation with its refusals as problem+json."""
        described = super().get_openapi_schema(**where)
        described["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for operations in described["paths"].values():
            for method, operation in operations.items():
                operation["responses"] |= {
                    status: {"description": status.phrase, "content": content}
                    for status in refusals(method, operation)
                }
        return described


class StorableParser(Parser):
    """Reads JSON bodies, and refuses text that PostgreSQL cannot hold (NUL, half a surrogate pair)."""

    def parse_body(self, request: HttpRequest) -> Any:
        """Return the body's content; ValueError where it holds such text, as for broken JSON."""
        content = super().parse_body(request)
        if SUSPECT.search(request.body) and any(UNSTORABLE.search(text) for text in texts(content)):
            raise ValueError("text that PostgreSQL cannot hold")
        return content


def texts(content: object) -> Iterator[str]:
    """Yield every text in parsed JSON, names of members included."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for name, value in content.items():
            yield name
            yield from texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts(value)


def refusals(method: str, operation: dict[str, Any]) -> list[HTTPStatus]:
    """Return the statuses with which an operation may refuse: by its caller, its parameters, its method."""
    found = [HTTPStatus.UNAUTHORIZED]
    if operation.get("parameters") or "requestBody" in operation:
        found += [HTTPStatus.NOT_FOUND, HTTPStatus.UNPROCESSABLE_ENTITY]
    if method not in READING:
        found += [HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT]
    return found


api = DescribedAPI(
    title="Greenward 绿社",
    version="1",
    description="Every figure and list under the caller's own reach. Refusals are application/problem+json.",
    auth=[TokenAuth(), SessionReading()],
    docs_url=None,
    parser=StorableParser(),
    urls_namespace="api",
)


@api.exception_handler(GreenwardError)
def _refused(request: HttpRequest, error: GreenwardError) -> HttpResponse:
    response = error_response(request, error)
    if error.status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="greenward"'
    return response


@api.exception_handler(AuthenticationError)
def _unknown_caller(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    hint = _("请在 Authorization 头中提供令牌：Bearer gw_…；浏览器登录后只能读取。")
    return _refused(request, TokenRefusedError(_("没有提供令牌。"), hint=hint, reason="missing"))


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    problems = [
        {"where": [str(part) for part in e["loc"]], "code": e["type"], "message": e["msg"]}
        for e in error.errors
    ]
    return _refused(
        request, InvalidInputError(_("请求的参数有误。"), hint=_("请按 data 逐项改正。"), problems=problems)
    )


@api.exception_handler(Http404)
def _missing(request: HttpRequest, _error: Http404) -> HttpResponse:
    return _refused(request, NotFoundError(_("这个地址不存在，或者不在您的管辖范围内。")))


@api.exception_handler(HttpError)
def _failed(request: HttpRequest, error: HttpError) -> HttpResponse:
    if error.status_code == HTTPStatus.BAD_REQUEST:  # ninja's own word for a body that the parser refused
        hint = _("请核对 JSON 是否完整，并去掉空字符（\\u0000）和不成对的代理字符。")
        return _refused(request, InvalidInputError(_("请求的正文无法读取。"), hint=hint))
    kinds = {HTTPStatus.NOT_FOUND: NotFoundError, HTTPStatus.FORBIDDEN: NotAllowedError}
    kind = kinds.get(HTTPStatus(error.status_code), InvalidInputError)
    return _refused(request, kind(error.message))


def endpoints(request: HttpRequest) -> HttpResponse:
    """List the API's endpoints on a plain page; the machine's description is ``openapi.json``."""
    rows = [
        {
            "path": path,
            "method": method.upper(),
            "summary": operation.get("summary", ""),
            "text": operation.get("description", ""),
        }
        for path, operations in api.get_openapi_schema()["paths"].items()
        for method, operation in operations.items()
    ]
    return render(request, "accounts/api.html", {"rows": rows})


for module in MODULES:
    api.add_router("", importlib.import_module(f"greenward.{module}.api.views").router)
