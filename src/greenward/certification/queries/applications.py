"""Which applications a person may see, and one of them with everything that belongs to it."""

from collections.abc import Collection
from typing import NoReturn

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.models import Application
from greenward.certification.states import OPEN
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.core.rows import all_rows, values
from greenward.programmes.models import Programme
from greenward.territories.access import reach_of
from greenward.territories.models import Place, PlaceVersion

VERSIONS = """FROM territories_placeversion version
    JOIN territories_place place ON place.id = version.place_id
    WHERE version.place_id = ANY(%(places)s) AND (version.during @> %(on)s::date
        OR version.during << daterange(%(on)s::date, NULL) AND NOT EXISTS (
            SELECT FROM territories_placeversion later
            WHERE later.place_id = version.place_id AND later.during >> version.during))"""
"""The places of :func:`versions_now` that are asked for, with every list of applications."""

SEATS = "SELECT application_id FROM certification_seat WHERE user_id = %(user)s AND vacated_at IS NULL"
"""Asked first: most people have none, and without the alternative a list begins without all places' rows."""


def versions_now() -> QuerySet[PlaceVersion]:
    """Return every place as it is today; one that is no more, as it last was.

    A community that merged keeps its applications where people look for them.
    """
    today = clock.today()
    later = PlaceVersion.objects.filter(place=OuterRef("place"), during__fully_gt=OuterRef("during"))
    ended = Q(during__fully_lt=(today, None)) & ~Exists(later)
    return PlaceVersion.objects.filter(Q(during__contains=today) | ended).select_related("place")


def version_of(place: Place) -> PlaceVersion:
    """Return a community as it is today, or last was."""
    return versions_now().get(place=place)


def versions_of(places: Collection[int]) -> dict[int, PlaceVersion]:
    """Return the same for many, by place."""
    kinds = {"version": PlaceVersion, "place": Place}
    found = all_rows(kinds, VERSIONS, {"places": list(places), "on": clock.today()})
    for row in found:
        row["version"].place = row["place"]
    return {row["place"].pk: row["version"] for row in found}


def applications_for(user: User | AnonymousUser) -> QuerySet[Application]:
    """Return the applications within the person's reach, and those for which they were drawn as reviewer."""
    found = Q(pk__in=[])
    paths = reach_of(user).paths()
    if paths:
        within = Q(pk__in=[])
        for path in paths:
            within |= Q(path__startswith=path)
        found |= Q(place__in=versions_now().filter(within).values("place"))
    if isinstance(user, User):
        found |= Q(pk__in=[number for (number,) in values(SEATS, {"user": user.pk})])
    listed = Application.objects.select_related("place", "programme__pack", "programme__territory")
    return listed.defer("programme__pack__content").filter(found)


def get_application_for(user: User | AnonymousUser, number: int) -> Application:
    """Return an application; NotFoundError where there is none, or not for this person."""
    found = applications_for(user).filter(pk=number).first()
    if found is None:
        _not_found(number)
    return found


def application_numbered(number: int) -> Application:
    """Return an application for the command line; NotFoundError where there is none."""
    found = Application.objects.select_related("place", "programme__pack").filter(pk=number).first()
    if found is None:
        _not_found(number)
    return found


def _not_found(number: int) -> NoReturn:
    raise NotFoundError(
        _("没有编号为 %(number)s 的申报，或者它不在您的管辖范围内。") % {"number": number},
        hint=_("请从申报列表打开。"),
        number=number,
    )


def open_application(programme: Programme, place: Place) -> Application | None:
    """Return the community's application that is not at its end; None where there is none."""
    states = [state.value for state in OPEN]
    return Application.objects.filter(programme=programme, place=place, state__in=states).first()
