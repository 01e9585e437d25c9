"""What evidence tells others."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

from greenward.evidence.models import Use

filed = Signal()
"""Sent after commit when files were filed or withdrawn: ``places`` (ids), ``records`` (their name)."""
RECORDS = "evidence"


def tell_filed(use: Use) -> None:
    """Tell listeners after commit that something was filed at a community, or withdrawn there."""
    transaction.on_commit(partial(filed.send, sender=Use, places=[use.place_id], records=RECORDS))
