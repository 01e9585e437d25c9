"""The error tree: every refusal says what, where, why and what to do, under a stable code."""

from http import HTTPStatus
from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class GreenwardError(Exception):
    """A refusal that a person can act on.

    ``detail`` says what happened and where, ``hint`` what to do; ``data`` holds the same as values
    for machines. ``code`` is stable: it may stand in scripts, logs and documents.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = HTTPStatus.BAD_REQUEST
    title: ClassVar[StrOrPromise] = _("无法完成")

    def __init__(self, detail: StrOrPromise, *, hint: StrOrPromise = "", **data: object) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = hint
        self.data = data

    def __str__(self) -> str:
        return f"{self.detail} {self.hint}".strip()


class NotFoundError(GreenwardError):
    """The thing does not exist, or not for this person: strangers cannot tell which."""

    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("没有找到")


class NotAllowedError(GreenwardError):
    """The person may see the thing but may not do this to it."""

    code = "not_allowed"
    status = HTTPStatus.FORBIDDEN
    title = _("没有权限")


class InvalidInputError(GreenwardError):
    """The input is wrong; ``data`` names the field or cell."""

    code = "invalid_input"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = _("输入有误")


class ConflictError(GreenwardError):
    """The thing is not in the state that this step needs, or somebody was faster."""

    code = "conflict"
    status = HTTPStatus.CONFLICT
    title = _("状态冲突")


class FormExpiredError(NotAllowedError):
    """A form came without proof that this site showed it (CSRF)."""

    code = "form_expired"
    title = _("表单已失效")


class WrongMethodError(GreenwardError):
    """The address exists but does not take this method."""

    code = "wrong_method"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    title = _("方法不对")


class TooManyRequestsError(GreenwardError):
    """Too many requests in a short time."""

    code = "too_many_requests"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = _("请求过多")


class ServerError(GreenwardError):
    """Something broke on our side."""

    code = "server_error"
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    title = _("系统出错")
