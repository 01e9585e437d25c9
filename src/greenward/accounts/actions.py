"""Writing about people: accounts, tokens, sessions, settings."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from greenward.accounts.models import ApiToken, User
from greenward.accounts.queries import digest_of, sessions_for
from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError

LONGEST_DAYS = 366
PREFIX = "gw_"


@transaction.atomic
def create_account(
    username: str, *, password: str | None, display_name: str = "", by: User | None, at: datetime
) -> User:
    """Make an account; without a password it can only be used by tokens and passkeys."""
    if User.objects.filter(username__iexact=username).exists():
        raise ConflictError(
            _("用户名 %(username)s 已被使用。") % {"username": username},
            hint=_("请换一个用户名。"),
            username=username,
        )
    user = User(username=username, display_name=display_name)
    if password is not None:
        _check_password(password, user)
    user.set_password(password)
    user.save()
    audit.record("accounts.create", user, by=by, at=at)
    return user


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InvalidInputError(
            " ".join(error.messages), hint=_("请换一个密码。"), field="password"
        ) from error


@transaction.atomic
def set_password(user: User, *, password: str, by: User | None, at: datetime) -> int:
    """Give ``user`` a new password and end every sign-in of theirs; return how many. Tokens stay valid."""
    _check_password(password, user)
    ended = sessions_for(user)  # before the change, which makes them nobody's
    user.set_password(password)
    user.save(update_fields=["password"])
    get_adapter().end_sessions(ended)
    audit.record("accounts.set_password", user, by=by, at=at, sessions=len(ended))
    return len(ended)


@transaction.atomic
def issue_token(
    user: User, *, label: str, by: User | None, at: datetime, days: int = 90
) -> tuple[ApiToken, str]:
    """Issue a token for ``user``, valid for ``days`` (1 to 366); return it and its plain text."""
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInputError(
            _("有效天数应在 1 到 %(longest)s 之间。") % {"longest": LONGEST_DAYS},
            hint=_("请填写较短的期限。"),
            field="days",
        )
    plain = PREFIX + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user=user,
        label=label,
        prefix=plain[:8],
        digest=digest_of(plain),
        created_at=at,
        expires_at=at + timedelta(days=days),
    )
    audit.record("accounts.issue_token", token, by=by, at=at, owner=user.pk, days=days)
    return token, plain


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User | None, at: datetime) -> ApiToken:
    """Revoke a token for good; revoking it again changes nothing and is refused."""
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if token.revoked_at is not None:
        raise ConflictError(_("令牌已撤销。"), hint=_("无需再次撤销。"))
    token.revoked_at = at
    token.save(update_fields=["revoked_at"])
    audit.record("accounts.revoke_token", token, by=by, at=at, owner=token.user_id)
    return token


def note_use(token: ApiToken, *, by: User, at: datetime) -> None:
    """Remember the day on which ``by``, its owner, used a token: one write a day, no audit entry."""
    if by.pk == token.user_id and token.last_used_on != at.date():
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=at.date())


@transaction.atomic
def end_sessions(sessions: Iterable[UserSession], *, by: User, at: datetime) -> int:
    """End sign-ins on the devices listed; return how many."""
    ended = list(sessions)
    get_adapter().end_sessions(ended)
    audit.record("accounts.end_sessions", by, by=by, at=at, number=len(ended))
    return len(ended)


@transaction.atomic
def change_settings(user: User, *, by: User, at: datetime, **changes: object) -> User:
    """Change what a person sees: ``display_name``, ``email``, ``language``, ``large_print``.

    The audit trail names the fields, never their content.
    """
    unknown = set(changes) - {"display_name", "email", "language", "large_print"}
    if unknown or changes.get("language", settings.LANGUAGE_CODE) not in dict(settings.LANGUAGES):
        raise InvalidInputError(_("没有这项设置。"), hint=_("请核对设置的名称和值。"), fields=sorted(unknown))
    changed = sorted(name for name, value in changes.items() if getattr(user, name) != value)
    for name in changed:
        setattr(user, name, changes[name])
    if changed:
        user.save(update_fields=changed)
        audit.record("accounts.change_settings", user, by=by, at=at, fields=changed)
    return user
