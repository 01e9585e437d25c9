"""Who am I: lets a program check its token."""

from django.http import HttpRequest
from ninja import Router, Schema

from greenward.accounts.models import User

router = Router(tags=["accounts"])


class Me(Schema):
    """The caller's account."""

    username: str
    display_name: str
    language: str


@router.get("/me", response=Me, summary="The account that calls")
def me(request: HttpRequest) -> User:
    """Return the account behind the token or the session."""
    user: User = request.auth  # type: ignore[attr-defined]  # ninja sets it
    return user
