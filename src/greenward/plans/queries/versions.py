"""Finding versions of plans for a person: what is filed for all above, the rest inside the district."""

from collections.abc import Sequence

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.packs.schema.pack import Pack
from greenward.plans import access
from greenward.plans.models import PlanVersion
from greenward.plans.states import PlanState
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import Level, Office, PlaceVersion
from greenward.territories.queries import get_place_for


def get_district_for(user: User | AnonymousUser, code: str) -> PlaceVersion:
    """Return the district with ``code``; NotFoundError for what is none, or not within reach."""
    place = get_place_for(user, code)
    if place.place.level != Level.DISTRICT:
        raise NotFoundError(
            _("%(name)s 没有区级方案。") % {"name": place.name}, hint=_("方案由区制定（条款 3.1.2）。")
        )
    return place


def versions_for(
    user: User | AnonymousUser, programme: Programme, place: PlaceVersion
) -> QuerySet[PlanVersion]:
    """Return the versions of a district's plan that the person may see, oldest first."""
    found = PlanVersion.objects.filter(programme=programme, place=place.place_id).select_related(
        "place", "programme__pack", "begun_by", "saved_by", "submitted_by", "approved_by", "delivery"
    )
    return found if access.sees_drafts(user, place.path) else found.filter(state=PlanState.FILED)


def chosen(versions: Sequence[PlanVersion], number: str) -> PlanVersion | None:
    """Return the version asked for; without one the latest filed, else the latest; None where there is none.

    NotFoundError for a number that the person cannot see.
    """
    if number:
        found = next((one for one in versions if str(one.number) == number), None)
        if found is None:
            raise NotFoundError(_("没有第%(number)s版。") % {"number": number[:9]}, hint=_("请从版次中选。"))
        return found
    filed = [one for one in versions if one.state == PlanState.FILED]
    known = filed or list(versions)
    return known[-1] if known else None


def policy_of(version: PlanVersion) -> Pack:
    """Return the policy that the version belongs to."""
    return programmes.policy(version.programme)


def offices_of(pack: Pack, place: PlaceVersion) -> dict[str, str]:
    """Return what the district's office of each department is called; the department's name where none is."""
    own = dict(
        Office.objects.filter(place=place.place_id).exclude(department="").values_list("department", "name")
    )
    return {one.slug: own.get(one.slug, str(one.name)) for one in pack.departments}
