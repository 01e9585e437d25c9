"""Reading people's own things: tokens, sessions, second factors."""

import hashlib
from collections.abc import Collection
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import ApiToken, User
from greenward.core.errors import NotFoundError
from greenward.core.rows import first_row

ADDRESS_SALT = "accounts.address"
ADDRESS_HOLDS = timedelta(days=3)
"""How long a link to confirm an address can be used."""
BY_DIGEST = """FROM accounts_apitoken token JOIN accounts_user person ON person.id = token.user_id
    WHERE token.digest = %(digest)s"""


def get_account(username: str) -> User:
    """Return the account of that name, for the command line; NotFoundError if there is none."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise NotFoundError(
            _("没有名为 %(username)s 的账户。") % {"username": username},
            hint=_("请先用 greenward accounts create 开立。"),
            username=username,
        )
    return user


def digest_of(plain: str) -> str:
    """Return the SHA-256 of a token: it is random and long, so that no slower hash is needed."""
    return hashlib.sha256(plain.encode()).hexdigest()


def tokens_for(user: User) -> QuerySet[ApiToken]:
    """Return the person's own tokens, newest first."""
    return ApiToken.objects.filter(user=user).order_by("-created_at", "-pk")


def get_token_for(user: User, pk: int) -> ApiToken:
    """Return one of the person's own tokens; NotFoundError for anybody else's."""
    token = tokens_for(user).filter(pk=pk).first()
    if token is None:
        raise NotFoundError(_("没有找到这个令牌。"), hint=_("请回到“我的令牌”页面。"))
    return token


def token_by_plain(plain: str) -> ApiToken | None:
    """Return the token whose plain text this is, whatever its state; None if there is none."""
    row = first_row({"token": ApiToken, "person": User}, BY_DIGEST, {"digest": digest_of(plain)})
    if row is None:
        return None
    found: ApiToken = row["token"]
    found.user = row["person"]
    return found


def sessions_for(user: User) -> list[UserSession]:
    """Return the person's live sessions, newest first; those that ended elsewhere are swept away."""
    live: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(live, key=lambda session: session.created_at, reverse=True)


def confirmed_address(user: User) -> str:
    """Return the person's e-mail address if they showed that mail to it reaches them; empty otherwise."""
    return confirmed_addresses([user]).get(user.pk, "")


def confirmed_addresses(users: Collection[User]) -> dict[int, str]:
    """Return the same for many, by number of the person. One query."""
    rows = EmailAddress.objects.filter(user__in=[one.pk for one in users], verified=True)
    confirmed = set(rows.values_list("user_id", "email"))
    return {one.pk: one.email for one in users if one.email and (one.pk, one.email.lower()) in confirmed}


def address_in(token: str, user: User) -> str:
    """Return the address that a link to confirm holds; NotFoundError if spoilt, old, or sent to another."""
    try:
        told = signing.loads(token, salt=ADDRESS_SALT, max_age=ADDRESS_HOLDS)
    except signing.BadSignature:
        raise NotFoundError(_("这个确认链接无效或已过期。"), hint=_("请在“我的设置”中重新发送。")) from None
    if told["user"] != user.pk:
        raise NotFoundError(_("这个链接不是发给您的账户的。"), hint=_("请用收到邮件的账户登录。"))
    return str(told["address"])


def has_second_factor(user: User) -> bool:
    """Tell whether the person has set up an authenticator app or a passkey."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())
