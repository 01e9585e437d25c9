"""Writing about people: accounts, tokens, sessions, settings."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

from allauth.account.models import EmailAddress
from allauth.usersessions.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from greenward.accounts.models import ApiToken, User
from greenward.accounts.queries import ADDRESS_SALT, address_in, digest_of, sessions_for
from greenward.core import audit, mail
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


def send_confirmation(user: User, *, by: User, at: datetime) -> None:
    """Send a link to the person's address by which they show that it is theirs.

    InvalidInputError without an address; ConflictError where no mail can go out, or it was refused.
    """
    if not user.email:
        raise InvalidInputError(_("还没有填电子邮件。"), hint=_("请先填写并保存。"), field="email")
    mail.check_is_configured()
    token = signing.dumps({"user": user.pk, "address": user.email}, salt=ADDRESS_SALT)
    with translation.override(user.language):
        subject = _("%(site)s：确认您的电子邮件") % {"site": settings.GREENWARD_NAME}
        lines = [
            _("有人在%(site)s把这个地址填为自己的电子邮件。") % {"site": settings.GREENWARD_NAME},
            _("如果是您，请在三天内登录并打开下面的链接确认；不是您，不必理会。"),
            mail.whole(reverse("accounts:confirm_address", args=[token])),
        ]
    try:
        mail.message(user.email, subject, "\n\n".join([*lines, ""])).send()
    except (SMTPException, OSError) as error:
        raise ConflictError(
            _("确认邮件没有发出：邮件服务器没有接受。"), hint=_("请核对地址；多次不成，请联系管理员。")
        ) from error
    audit.record("accounts.send_confirmation", user, by=by, at=at)


@transaction.atomic
def confirm_address(user: User, token: str, *, by: User, at: datetime) -> None:
    """Note that mail to the address in a link reaches the person.

    NotFoundError for another's link, a spoilt or an old one; ConflictError where the address was changed
    since, or another account confirmed it.
    """
    address = address_in(token, user)
    if address != user.email:
        raise ConflictError(_("您已把电子邮件改为别的地址。"), hint=_("请重新发送确认邮件。"))
    taken = EmailAddress.objects.filter(email=address.lower(), verified=True)
    if taken.exclude(user=user).exists():
        raise ConflictError(_("这个地址已由另一个账户确认。"), hint=_("请换一个地址。"))
    _row, made = EmailAddress.objects.update_or_create(
        user=user, email=address.lower(), defaults={"verified": True, "primary": False}
    )
    audit.record("accounts.confirm_address", user, by=by, at=at, again=not made)
