"""Who calls the API: a bearer token, or for reading the browser's own session."""

from django.http import HttpRequest
from ninja.security import HttpBearer, SessionAuth

from greenward.accounts import actions, queries
from greenward.accounts.access import check_token_usable
from greenward.accounts.models import User
from greenward.core import clock

READING = {"GET", "HEAD", "OPTIONS"}


class TokenAuth(HttpBearer):
    """``Authorization: Bearer gw_…``; the call then has the owner's reach."""

    def authenticate(self, request: HttpRequest, token: str) -> User:
        """Return the token's owner and make it the request's user; TokenRefusedError if unusable."""
        at = clock.now()
        found = check_token_usable(queries.token_by_plain(token), at=at)
        actions.note_use(found, by=found.user, at=at)
        request.user = found.user
        return found.user


class SessionReading(SessionAuth):
    """The signed-in browser, for reading only: what changes data needs a token."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:  # noqa: ARG002 — ninja's signature
        """Return the signed-in person for a reading request, else None."""
        if request.method in READING and isinstance(request.user, User):
            return request.user
        return None
