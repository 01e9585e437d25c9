"""All writing of certification: who takes part and who is a pilot, and the way of an application."""

from greenward.certification.actions.standing import conclude_pilot, enrol, start_pilot, withdraw

__all__ = ["conclude_pilot", "enrol", "start_pilot", "withdraw"]
