"""What pilots tell others."""

from functools import partial

from django.db import transaction
from django.dispatch import Signal

from greenward.pilots.models import Support

supported = Signal()
"""Sent after commit when support was noted: ``places`` (ids), ``records`` (their name)."""
RECORDS = "pilot-support"


def tell_supported(given: Support) -> None:
    """Tell listeners after commit that a pilot was given support."""
    transaction.on_commit(partial(supported.send, sender=Support, places=[given.place_id], records=RECORDS))
