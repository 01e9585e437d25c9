"""Accounts for tests; their names are functions, never people."""

from datetime import UTC, datetime

from django.http import HttpResponse
from django.test import Client

from greenward.accounts import actions
from greenward.accounts.models import ApiToken, User

AT = datetime(2022, 9, 15, 9, tzinfo=UTC)
PASSWORD = "Tree-ring-47-river"


def make_user(username: str = "street-clerk", *, password: str | None = None, **fields: object) -> User:
    """Make an account; without a password nothing is hashed, which is fast: sign in by ``signed_in``."""
    user = User(username=username, **fields)
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save()
    return user


def signed_in(user: User) -> Client:
    """Return a browser in which ``user`` is signed in."""
    client = Client()
    client.force_login(user)
    return client


def make_token(user: User, *, label: str = "test", days: int = 90, at: datetime = AT) -> tuple[ApiToken, str]:
    """Issue a token for ``user``; return it and its plain text."""
    return actions.issue_token(user, label=label, by=user, at=at, days=days)


def sign_in(client: Client, username: str, password: str, **extra: str) -> HttpResponse:
    """Post the sign-in form."""
    return client.post("/accounts/login/", {"login": username, "password": password, **extra})
