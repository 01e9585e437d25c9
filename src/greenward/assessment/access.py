"""Who may run an assessment of the whole territory."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import InvalidInputError
from greenward.territories.access import check_may
from greenward.territories.roles import Permission

LONGEST_REASON = 200


def check_may_assess(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may assess the territory at ``path``; None is the system."""
    if by is not None:
        check_may(by, Permission.RUN_ASSESSMENT, path)


def check_may_see(by: User, paths: Iterable[str]) -> None:
    """Raise NotAllowedError unless the places at all these paths are within the person's reach."""
    for path in paths:
        check_may(by, Permission.READ, path)


def check_reason(reason: str) -> None:
    """Raise InvalidInputError unless it is said what a frozen run is for, in 200 characters at most."""
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise InvalidInputError(
            _("固定对标结果要写明用途，不超过200字。"),
            hint=_("例如：2022年第三季度报送。"),
            field="reason",
        )
