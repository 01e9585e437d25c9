"""What the survey tells others."""

from django.dispatch import Signal

values_recorded = Signal()
"""Sent after commit with ``round`` (Round) and ``places`` (ids of the communities whose values changed)."""
