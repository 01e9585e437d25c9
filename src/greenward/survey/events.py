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
