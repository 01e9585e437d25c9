"""Calls that the form's own scripts make: JSON in, JSON out, refusals too, and never a redirect."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from pydantic import BaseModel, ValidationError

from greenward.accounts.models import User
from greenward.core.errors import GreenwardError, InvalidInputError, NotAllowedError
from greenward.core.web.middleware import problem

Call = Callable[..., dict[str, object]]
Shape = TypeVar("Shape", bound=BaseModel)
PERSON = "X-Greenward-Person"
"""The header in which a page names the person for whom it works: what one typed is never another's."""


class SignedOutError(NotAllowedError):
    """Nobody is signed in any more."""

    code = "signed_out"
    status = HTTPStatus.UNAUTHORIZED


class OtherPersonError(NotAllowedError):
    """Somebody else has signed in at this machine since the page was opened."""

    code = "other_person"
    status = HTTPStatus.UNAUTHORIZED


def person_of(request: HttpRequest) -> User:
    """Return who is signed in; SignedOutError, or OtherPersonError where the page works for somebody else."""
    if not isinstance(request.user, User):
        raise SignedOutError(_("登录已失效。"), hint=_("请重新登录，已填内容仍在本机。"))
    named = request.headers.get(PERSON)
    if named is not None and named != str(request.user.pk):
        raise OtherPersonError(
            _("现在登录的是另一位用户。"), hint=_("由您本人登录后继续；已填内容仍在本机。")
        )
    return request.user


def called(view: Call) -> Callable[..., HttpResponse]:
    """Answer the call of a script with what ``view`` returns, or with its refusal."""

    @require_POST
    @wraps(view)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        try:
            person_of(request)
            return told(view(request, *args, **kwargs))
        except GreenwardError as error:
            return told({**problem(error), **error.data}, error.status)

    return answered


def told(content: dict[str, object], status: int = HTTPStatus.OK) -> JsonResponse:
    """Return the content as JSON that nobody keeps."""
    response = JsonResponse(content, status=status, json_dumps_params={"ensure_ascii": False, "default": str})
    response["Cache-Control"] = "no-store"
    return response


def body_of(request: HttpRequest, shape: type[Shape]) -> Shape:
    """Return the call's body, or a form's fields; InvalidInputError where it has another shape."""
    try:
        if is_json(request):
            return shape.model_validate_json(request.body)
        return shape.model_validate({name: value for name, value in request.POST.items() if value})
    except ValidationError as error:
        places = ", ".join(".".join(map(str, one["loc"])) for one in error.errors()[:3])
        raise InvalidInputError(
            _("请求的内容不完整或格式不对：%(places)s。") % {"places": places or "JSON"},
            hint=_("请刷新页面后重试。"),
        ) from None


def is_json(request: HttpRequest) -> bool:
    """Tell whether a script sent the request's body."""
    return request.content_type == "application/json"
