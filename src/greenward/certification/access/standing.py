"""Who may enrol communities and choose pilots, and when that can be done."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError, NotFoundError
from greenward.territories.access import check_may
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import urban_communities
from greenward.territories.roles import Permission


def check_may_enrol(by: User | None, places: Iterable[PlaceVersion]) -> None:
    """Raise NotAllowedError unless ``by`` may enrol every one of the communities; None is the system."""
    if by is not None:
        for place in places:
            check_may(by, Permission.ENROL, place.path)


def check_may_choose_pilots(by: User | None, places: Iterable[PlaceVersion]) -> None:
    """Raise NotAllowedError unless ``by`` may choose pilots among all of the communities."""
    if by is not None:
        for place in places:
            check_may(by, Permission.CHOOSE_PILOTS, place.path)


def check_are_urban_communities(places: Iterable[PlaceVersion], on: date) -> None:
    """Raise NotFoundError naming the first place that is no urban community on the day (clause 1.1)."""
    asked = list(places)
    urban = set(
        urban_communities(on).filter(place__in=[p.place_id for p in asked]).values_list("place_id", flat=True)
    )
    stranger = next((p for p in asked if p.place_id not in urban), None)
    if stranger is not None:
        raise NotFoundError(
            _("%(name)s 在 %(day)s 不计入城市社区。") % {"name": stranger.name, "day": on.isoformat()},
            hint=_("创建对象是城市社区（条款 1.1）；请核对地方和日期。"),
            path=stranger.path,
        )


def check_reason(reason: str) -> str:
    """Return the reason without blanks around; InvalidInputError when nothing is left or it is too long."""
    text = reason.strip()
    if not text or len(text) > 300:  # noqa: PLR2004 — the column's width
        raise InvalidInputError(
            _("没有写明依据，或超过300字。"), hint=_("请用一句话写明依据，例如文号。"), field="reason"
        )
    return text


def check_day(on: date, today: date) -> None:
    """Raise InvalidInputError for a day that has not come."""
    if on > today:
        raise InvalidInputError(
            _("日期 %(day)s 还没有到。") % {"day": on.isoformat()},
            hint=_("请填写今天或更早的日期。"),
            field="on",
        )


def check_began_before(began: date | None, on: date) -> None:
    """Raise ConflictError unless a standing began before the day on which it is to end."""
    if began is not None and began >= on:
        raise ConflictError(
            _("它从 %(began)s 开始，不能在 %(day)s 结束。")
            % {"began": began.isoformat(), "day": on.isoformat()},
            hint=_("结束日应晚于开始日。"),
        )
