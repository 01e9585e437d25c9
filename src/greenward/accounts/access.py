"""Who may use a token, and when."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.accounts.models import ApiToken
from greenward.core.errors import GreenwardError


class TokenRefusedError(GreenwardError):
    """The token is unknown, expired, revoked, or its owner is no longer active."""

    code = "token_refused"
    status = 401
    title = gettext_lazy("令牌无效")


def check_token_usable(token: ApiToken | None, *, at: datetime) -> ApiToken:
    """Return the token if it can be used at ``at``; TokenRefusedError says why not."""
    if token is None:
        raise TokenRefusedError(_("没有这个令牌。"), hint=_("请核对令牌是否完整。"), reason="unknown")
    if token.revoked_at is not None:
        raise TokenRefusedError(_("令牌已撤销。"), hint=_("请签发新的令牌。"), reason="revoked")
    if token.expires_at <= at:
        raise TokenRefusedError(_("令牌已过期。"), hint=_("请签发新的令牌。"), reason="expired")
    if not token.user.is_active:
        raise TokenRefusedError(_("账户已停用。"), hint=_("请联系管理员。"), reason="inactive")
    return token
