"""Puts into the audit trail what sign-in reports: only the account's number, no name and no address."""

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from greenward.accounts.models import User
from greenward.core import audit, clock

UNKNOWN = "accounts.user:unknown"


def _subject(username: object) -> User | str:
    """Return the account of that name; a name that nobody has is not kept: it may be a password."""
    return User.objects.filter(username=str(username or "")).first() or UNKNOWN


@receiver(user_logged_in, dispatch_uid="audit_signed_in")
def _signed_in(user: User, **_rest: Any) -> None:
    audit.record("accounts.sign_in", user, by=user, at=clock.now())


@receiver(user_logged_out, dispatch_uid="audit_signed_out")
def _signed_out(user: User | None, **_rest: Any) -> None:
    if user is not None:
        audit.record("accounts.sign_out", user, by=user, at=clock.now())


@receiver(user_login_failed, dispatch_uid="audit_sign_in_failed")
def _sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_rest: Any) -> None:
    """Record a failure; the one that closes the door is recorded as the lock-out, by the next receiver."""
    if not getattr(request, "axes_locked_out", False):
        audit.record(
            "accounts.sign_in_failed", _subject(credentials.get("username")), by=None, at=clock.now()
        )


@receiver(user_locked_out, dispatch_uid="audit_locked_out")
def _locked_out(request: HttpRequest, username: str, **_rest: Any) -> None:
    """Record the attempt that closed the door, not those that find it closed."""
    if getattr(request, "axes_failures_since_start", None):
        audit.record("accounts.locked_out", _subject(username), by=None, at=clock.now())


@receiver(password_changed, dispatch_uid="audit_password_changed")
def _password_changed(user: User, **_rest: Any) -> None:
    audit.record("accounts.change_password", user, by=user, at=clock.now())


@receiver(authenticator_added, dispatch_uid="audit_factor_added")
def _factor_added(user: User, authenticator: Any, **_rest: Any) -> None:
    audit.record("accounts.add_second_factor", user, by=user, at=clock.now(), kind=authenticator.type)


@receiver(authenticator_removed, dispatch_uid="audit_factor_removed")
def _factor_removed(user: User, authenticator: Any, **_rest: Any) -> None:
    audit.record("accounts.remove_second_factor", user, by=user, at=clock.now(), kind=authenticator.type)


@receiver(authenticator_reset, dispatch_uid="audit_factor_reset")
def _factor_reset(user: User, authenticator: Any, **_rest: Any) -> None:
    audit.record("accounts.reset_second_factor", user, by=user, at=clock.now(), kind=authenticator.type)
