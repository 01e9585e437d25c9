"""What certification tells others."""

from django.dispatch import Signal

standings_changed = Signal()
"""Sent after the commit with ``places``: ids of communities that began or ended taking part or piloting."""
