"""Writing about cover and reminders."""

from greenward.duties.actions.choosing import change_reminders, unsubscribe
from greenward.duties.actions.cover import hand_over, revoke
from greenward.duties.actions.reminding import Result, send_reminders

__all__ = [
    "Result",
    "change_reminders",
    "hand_over",
    "revoke",
    "send_reminders",
    "unsubscribe",
]
