"""Who may file evidence, withdraw it, and answer questions about it."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.evidence.models import Use
from greenward.territories import access
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.roles import Permission

FIRST_YEAR = 2000


def may_file(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person may file evidence at ``path``."""
    return access.may(user, Permission.FILE_EVIDENCE, path)


def check_may_file(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` may file evidence at ``path``; None is the system."""
    if by is not None:
        access.check_may(by, Permission.FILE_EVIDENCE, path)


def may_review(user: User | AnonymousUser, path: str) -> bool:
    """Tell templates whether the person answers questions about evidence at ``path``."""
    return access.may(user, Permission.REVIEW_EVIDENCE, path)


def check_may_review(by: User | None, path: str) -> None:
    """Raise NotAllowedError unless ``by`` answers questions at ``path``; None is the system."""
    if by is not None:
        access.check_may(by, Permission.REVIEW_EVIDENCE, path)


def check_takes_evidence(place: PlaceVersion) -> None:
    """Raise InvalidInputError for a place that is no community."""
    if place.place.level != Level.COMMUNITY:
        raise InvalidInputError(_("材料按社区归档。"), hint=_("请先打开一个社区。"), code=place.place.code)


def check_dates(year: int, observed_on: date | None, today: date) -> None:
    """Raise InvalidInputError for a year or day that cannot be."""
    if not FIRST_YEAR <= year <= today.year:
        raise InvalidInputError(
            _("年度 %(year)s 不对。") % {"year": year},
            hint=_("请填 %(first)d 到 %(last)d 之间的年度。") % {"first": FIRST_YEAR, "last": today.year},
            field="year",
        )
    if observed_on is not None and observed_on > today:
        raise InvalidInputError(
            _("反映情况的日期还没有到。"), hint=_("请填材料所反映情况的那一天。"), field="observed_on"
        )


def check_not_withdrawn(use: Use) -> None:
    """Raise ConflictError where the file was taken out of the place's evidence already."""
    if use.withdrawn_at is not None:
        raise ConflictError(_("这份材料已经撤下。"), hint=_("请刷新页面。"), number=use.pk)
