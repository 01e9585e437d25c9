"""Counting changes of who holds what, so that figures know; telling the listeners after the commit."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from greenward.accounts.models import User
from greenward.certification.events import standings_changed
from greenward.certification.models import Standing, StandingChange


def tell(places: Sequence[int], *, by: User | None, at: datetime) -> None:
    """Say that something changed at these communities (ids); inside the caller's transaction."""
    del by
    StandingChange.objects.bulk_create([StandingChange(place_id=place, at=at) for place in places])
    transaction.on_commit(lambda: standings_changed.send(Standing, places=list(places)))
