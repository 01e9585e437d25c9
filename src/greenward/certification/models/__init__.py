"""Tables of certification: standings, and applications on their way to recognition."""

from greenward.certification.models.application import Application, ApplicationMove, Snapshot
from greenward.certification.models.standing import Participation, Pilot, Standing, StandingChange

__all__ = [
    "Application",
    "ApplicationMove",
    "Participation",
    "Pilot",
    "Snapshot",
    "Standing",
    "StandingChange",
]
