"""What places tell others."""

from django.dispatch import Signal

places_succeeded = Signal()
"""Sent inside the transaction of a merger or split, so that what hangs on places follows or nothing happens.

With ``event`` (PlaceEvent, with kind, day and reason), ``old`` (the places that went into others, and those
that took others in, as they were), ``new`` (the places that follow, as they are from the day on), ``by``,
``at``. A place that goes on, into which others merged or which was split and kept, is in both.
"""
