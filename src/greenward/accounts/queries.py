"""Reading people's own things: tokens, sessions, second factors."""

import hashlib

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import ApiToken, User
from greenward.core.errors import NotFoundError
from greenward.core.rows import first_row

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


def has_second_factor(user: User) -> bool:
    """Tell whether the person has set up an authenticator app or a passkey."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())
