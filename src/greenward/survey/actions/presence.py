"""Saying that somebody has a place's form open; notes that were not renewed are swept on the way."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from greenward.accounts.models import User
from greenward.survey import access
from greenward.survey.models import Presence
from greenward.survey.queries.rounds import standing
from greenward.territories.models import Place

SWEPT_AFTER = timedelta(hours=1)


@transaction.atomic
def be_present(place: Place, *, by: User, at: datetime) -> None:
    """Note that ``by`` has the form of ``place`` open now; who may not fill it in is not noted.

    No audit row: the note holds for a minute and decides nothing.
    """
    if not access.may_fill(by, standing(place, timezone.localdate(at)).path):
        return
    Presence.objects.update_or_create(place=place, user=by, defaults={"seen_at": at})
    Presence.objects.filter(seen_at__lt=at - SWEPT_AFTER).delete()


@transaction.atomic
def leave(place: Place, *, by: User, at: datetime) -> None:
    """Take the note back, unless a later one was made meanwhile."""
    Presence.objects.filter(place=place, user=by, seen_at__lte=at).delete()
