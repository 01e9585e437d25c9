"""What the survey tells others."""

from collections.abc import Iterable
from functools import partial

from django.db import transaction
from django.dispatch import Signal

from greenward.survey.models import Entry, Round

values_recorded = Signal()
"""Sent after commit with ``round`` (Round) and ``places`` (ids of the communities whose values changed)."""


def tell(survey_round: Round, communities: Iterable[int]) -> None:
    """Tell listeners after commit whose values changed."""
    places = sorted(communities)
    transaction.on_commit(partial(values_recorded.send, sender=Entry, round=survey_round, places=places))


values_corrected = Signal()
"""Sent after commit when accepted values were corrected; ``values_recorded`` is sent as well.

With ``round`` (Round), ``places`` (ids of the communities), ``place`` (id of the community or of the unit
of it whose values they are) and ``fields`` (ids of the corrected fields).
"""


def tell_corrected(survey_round: Round, community: int, place: int, fields: Iterable[str]) -> None:
    """Tell listeners after commit which accepted values were corrected."""
    send = partial(
        values_corrected.send,
        sender=Entry,
        round=survey_round,
        places=[community],
        place=place,
        fields=sorted(fields),
    )
    transaction.on_commit(send)
