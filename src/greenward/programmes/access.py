"""Who may start a programme, fix a denominator, or deliver a duty."""

from greenward.accounts.models import User
from greenward.territories.access import check_may
from greenward.territories.roles import Permission


def check_may_start(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may bring a pack into force at ``path``; None is the system."""
    if by is not None:
        check_may(by, Permission.INSTALL_PACKS, path)


def check_may_freeze(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may fix the denominators of the territory at ``path``."""
    if by is not None:
        check_may(by, Permission.RUN_ASSESSMENT, path)


def check_may_deliver(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may deliver the duties of the place at ``path``."""
    if by is not None:
        check_may(by, Permission.DELIVER_DUTIES, path)
