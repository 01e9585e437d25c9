"""Who calls: writing needs a person behind it."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotAllowedError


def person_of(request: HttpRequest) -> User:
    """Return the person whose token came; NotAllowedError without one."""
    if not isinstance(request.user, User):
        raise NotAllowedError(_("请先登录。"), hint=_("请在 Authorization 头中提供令牌。"))
    return request.user
