"""Reading places. Every list for a person goes through ``places_for``."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.core.rows import first_row
from greenward.territories.access import reach_of
from greenward.territories.models import Level, Place, PlaceVersion, UrbanStatus
from greenward.territories.roles import Permission

BY_CODE = """FROM territories_placeversion version JOIN territories_place place ON place.id = version.place_id
    WHERE place.code = %(code)s AND version.during @> %(on)s::date"""


def versions_on(day: date) -> QuerySet[PlaceVersion]:
    """Return what was true of every place on ``day``, for calculations; not for a person's lists."""
    return PlaceVersion.objects.filter(during__contains=day).select_related("place")


def below(versions: QuerySet[PlaceVersion], path: str) -> QuerySet[PlaceVersion]:
    """Narrow to the place at ``path`` and everything under it."""
    return versions.filter(path__startswith=path)


def urban_communities(day: date, *, under: str = "") -> QuerySet[PlaceVersion]:
    """Return the urban communities (clause 1.1) that count on ``day``, below the path ``under``."""
    counts = UrbanStatus.objects.filter(
        place=OuterRef("place"), during__contains=day, counts_as_urban_community=True
    )
    versions = versions_on(day).filter(Exists(counts), place__level=Level.COMMUNITY)
    return below(versions, under) if under else versions


def places_for(
    user: User | AnonymousUser, *, on: date | None = None, permission: Permission = Permission.READ
) -> QuerySet[PlaceVersion]:
    """Return the places within the person's reach as of ``on`` (today if None). The territorial rule."""
    return versions_on(on or clock.today()).filter(within_reach(user, permission))


def within_reach(user: User | AnonymousUser, permission: Permission = Permission.READ) -> Q:
    """Return the territorial rule as a condition on versions of places, whatever their day."""
    within = Q(pk__in=[])
    for path in reach_of(user).paths(permission):
        within |= Q(path__startswith=path)
    return within


def get_place_for(user: User | AnonymousUser, code: str, *, on: date | None = None) -> PlaceVersion:
    """Return the place with ``code`` as of ``on``; NotFoundError if there is none within reach."""
    row = first_row(
        {"version": PlaceVersion, "place": Place}, BY_CODE, {"code": code, "on": on or clock.today()}
    )
    if row is None or not reach_of(user).covers(row["version"].path):
        raise NotFoundError(
            _("没有找到代码为 %(code)s 的地方，或者它不在您的管辖范围内。") % {"code": code},
            hint=_("请核对代码和日期。"),
            code=code,
        )
    version: PlaceVersion = row["version"]
    version.place = row["place"]
    return version


def place_with_code(code: str) -> Place:
    """Return the place with ``code``, for the command line and set-up; NotFoundError if unknown."""
    place = Place.objects.filter(code=code).first()
    if place is None:
        raise NotFoundError(
            _("没有代码为 %(code)s 的地方。") % {"code": code}, hint=_("请核对12位代码。"), code=code
        )
    return place


def version_on(place: Place, day: date) -> PlaceVersion | None:
    """Return what was true of ``place`` on ``day``, None if it did not exist then."""
    return versions_on(day).filter(place=place).first()


def ancestors(version: PlaceVersion, *, on: date) -> list[PlaceVersion]:
    """Return the places above ``version`` on that day, from the city down; for breadcrumbs."""
    codes = version.path.split("/")[:-2]
    return list(versions_on(on).filter(place__code__in=codes).order_by("path"))
