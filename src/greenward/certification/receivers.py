"""Answers to what lower modules tell: titles and applications follow communities that merge or split."""

from collections.abc import Sequence
from datetime import datetime

from greenward.accounts.models import User
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
    """Pass titles on and end open applications inside the transaction of the merger or split."""
    pass_on(event, old, new, by=by, at=at)
    end_with_community(event, old, new, by=by, at=at)
