"""Who may record about pilots, and who may read lessons."""

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import InvalidInputError
from greenward.territories.access import check_may, may, reach_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.roles import Permission


def check_may_record(by: User | None, place: PlaceVersion) -> None:
    """Raise NotAllowedError unless ``by`` files what the community has; None is the system."""
    if by is not None:
        check_may(by, Permission.FILE_EVIDENCE, place.path)


def may_record(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person records wishes and lessons at ``path``."""
    return may(user, Permission.FILE_EVIDENCE, path)


def check_may_support(by: User | None, place: PlaceVersion) -> None:
    """Raise NotAllowedError unless ``by`` recommends or chooses pilots there; None is the system."""
    if by is not None and not may_support(by, place.path):
        check_may(by, Permission.CHOOSE_PILOTS, place.path)


def may_support(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person notes the support that pilots are given at ``path``."""
    return any(may(user, one, path) for one in (Permission.CHOOSE_PILOTS, Permission.REVIEW_EVIDENCE))


def may_choose(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person chooses pilots at ``path``."""
    return may(user, Permission.CHOOSE_PILOTS, path)


def check_may_share(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` opens lessons to all districts (the city's lead)."""
    if by is not None:
        check_may(by, Permission.COMMENT_PLAN, path)


def may_share(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person opens lessons of ``path`` to all districts."""
    return may(user, Permission.COMMENT_PLAN, path)


def districts_of(user: User | AnonymousUser) -> list[str]:
    """Return the paths of the districts that the person works in or above, for reading lessons."""
    depth = 2  # city/district/
    paths = reach_of(user).paths()
    return sorted({"/".join(path.split("/")[:depth]).rstrip("/") + "/" for path in paths})


def check_is_community(place: PlaceVersion) -> None:
    """Raise InvalidInputError for what is no community."""
    if place.place.level != Level.COMMUNITY:
        raise InvalidInputError(
            _("“%(name)s”不是社区。") % {"name": place.name},
            hint=_("试点按社区登记。"),
            code=place.place.code,
        )
