"""Who was reminded of a round, by whom and when."""

from collections.abc import Collection

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from greenward.accounts.models import User
from greenward.core import clock
from greenward.survey.models import Reminder, Round
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import places_for


def reminders_for(user: User | AnonymousUser, survey_round: Round, *, under: str = "") -> QuerySet[Reminder]:
    """Return the reminders of communities within the person's reach, newest first."""
    by_then = places_for(user, on=survey_round.reference_on).filter(path__startswith=under)
    by_now = places_for(user).filter(path__startswith=under)
    within = Q(place__in=by_then.values("place")) | Q(place__in=by_now.values("place"))
    found = Reminder.objects.filter(within, round=survey_round)
    return found.select_related("place", "by").order_by("-at", "-id")


def last_reminder(survey_round: Round, community: int) -> Reminder | None:
    """Return the newest reminder of a community; None where nobody reminded it."""
    found = Reminder.objects.filter(round=survey_round, place=community).select_related("by")
    return found.order_by("-id").first()


def reminded_today(survey_round: Round, communities: Collection[int]) -> set[int]:
    """Return the communities (ids) that were reminded today already."""
    today = Reminder.objects.filter(round=survey_round, day=clock.today(), place__in=communities)
    return set(today.values_list("place_id", flat=True))


def names_of(survey_round: Round, reminders: Collection[Reminder]) -> dict[int, str]:
    """Return what the reminded communities were called on the reference date. One query."""
    places = {one.place_id for one in reminders}
    named = PlaceVersion.objects.filter(place__in=places, during__contains=survey_round.reference_on)
    return dict(named.values_list("place_id", "name"))
