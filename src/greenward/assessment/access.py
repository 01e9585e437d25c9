"""Who may run an assessment of the whole territory."""

from collections.abc import Iterable

from greenward.accounts.models import User
from greenward.territories.access import check_may
from greenward.territories.roles import Permission


def check_may_assess(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may assess the territory at ``path``; None is the system."""
    if by is not None:
        check_may(by, Permission.RUN_ASSESSMENT, path)


def check_may_see(by: User, paths: Iterable[str]) -> None:
    """Raise NotAllowedError unless the places at all these paths are within the person's reach."""
    for path in paths:
        check_may(by, Permission.READ, path)
