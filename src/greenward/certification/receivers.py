"""Answers to what lower modules tell: titles, standings and applications when communities merge or split."""

from collections.abc import Sequence
from datetime import datetime

from greenward.accounts.models import User
from greenward.certification.actions.continuing import continue_standings
from greenward.certification.actions.ending import end_with_community
from greenward.certification.actions.inheriting import pass_on
from greenward.territories.models import PlaceEvent, PlaceVersion


def follow_communities(
    *,
    event: PlaceEvent,
    old: Sequence[PlaceVersion],
    new: Sequence[PlaceVersion],
    by: User | None,
    at: datetime,
    **_told: object,
) -> None:
    """Pass titles and standings on, end open applications, inside the transaction of the merger or split."""
    pass_on(event, old, new, by=by, at=at)
    continue_standings(event, old, new, by=by, at=at)
    end_with_community(event, old, new, by=by, at=at)
