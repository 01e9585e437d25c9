"""All writing: cover for absence."""

from greenward.duties.actions.cover import hand_over, revoke

__all__ = ["hand_over", "revoke"]
