"""Comments and questions: those at a place, and those that wait for an answer within a person's reach."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.survey.models import Remark, Round
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import places_for, versions_on


@dataclass(frozen=True)
class Placed:
    """A remark with the place that it speaks of, as it stands today."""

    remark: Remark
    place: PlaceVersion | None


def remarks_at(survey_round: Round, place: int) -> dict[str, list[Remark]]:
    """Return the remarks about a place by field id (empty: the form), oldest first, answers prefetched."""
    found: dict[str, list[Remark]] = {}
    for one in _threads(survey_round).filter(place=place).order_by("id"):
        found.setdefault(one.field, []).append(one)
    return found


def questions_for(
    user: User | AnonymousUser, survey_round: Round, *, under: str = "", only_open: bool = True
) -> QuerySet[Remark]:
    """Return the questions about places within reach (below the path ``under``), the oldest open first."""
    reach = places_for(user, on=clock.today()).filter(path__startswith=under)
    found = _threads(survey_round).filter(is_question=True, place__in=reach.values("place"))
    return found.filter(settled_at=None).order_by("id") if only_open else found.order_by("-id")


def get_remark_for(user: User | AnonymousUser, survey_round: Round, number: int) -> Remark:
    """Return a question or comment about a place within reach; NotFoundError for others."""
    reach = places_for(user, on=clock.today()).values("place")
    found = _threads(survey_round).filter(pk=number, place__in=reach).first()
    if found is None:
        raise NotFoundError(_("没有这条留言。"), hint=_("请刷新页面；只能查看管辖范围内的留言。"))
    return found


def placed(remarks: Iterable[Remark]) -> list[Placed]:
    """Return remarks with their places as they stand today; one query."""
    listed = list(remarks)
    versions = versions_on(clock.today()).filter(place__in={one.place_id for one in listed})
    by_place: Mapping[int, PlaceVersion] = {version.place_id: version for version in versions}
    return [Placed(one, by_place.get(one.place_id)) for one in listed]


def _threads(survey_round: Round) -> QuerySet[Remark]:
    return (
        Remark.objects.filter(round=survey_round, question=None)
        .select_related("by", "place")
        .prefetch_related("answers__by")
    )
