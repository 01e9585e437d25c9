"""Answers to what lower modules tell: titles follow communities that merge or split."""

from collections.abc import Sequence
from datetime import datetime

from greenward.accounts.models import User
from greenward.certification.actions.inheriting import pass_on
from greenward.territories.models import PlaceEvent, PlaceVersion


def pass_titles_on(
    *,
    event: PlaceEvent,
    old: Sequence[PlaceVersion],
    new: Sequence[PlaceVersion],
    by: User | None,
    at: datetime,
    **_told: object,
) -> None:
    """Pass the titles on inside the transaction of the merger or split."""
    pass_on(event, old, new, by=by, at=at)
