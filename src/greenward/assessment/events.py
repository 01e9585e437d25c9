"""What assessments tell others."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

from greenward.assessment.models import Judging

judged = Signal()
"""Sent after commit when a judging was decided or reopened: ``judging``, ``places`` (the community's id)."""


def tell_judged(judging: Judging) -> None:
    """Tell listeners after commit that a judging was decided or taken back."""
    send = partial(judged.send, sender=Judging, judging=judging, places=[judging.place_id])
    transaction.on_commit(send)
