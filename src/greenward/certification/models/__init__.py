"""Tables of certification: standings, and applications on their way to recognition."""

from greenward.certification.models.application import Application, ApplicationMove, Snapshot
from greenward.certification.models.review import (
    Attachment,
    Countersign,
    Draw,
    Opinion,
    ReturnedItem,
    Seat,
    Visit,
    VisitFinding,
)
from greenward.certification.models.standing import Participation, Pilot, Standing, StandingChange

__all__ = [
    "Application",
    "ApplicationMove",
    "Attachment",
    "Countersign",
    "Draw",
    "Opinion",
    "Participation",
    "Pilot",
    "ReturnedItem",
    "Seat",
    "Snapshot",
    "Standing",
    "StandingChange",
    "Visit",
    "VisitFinding",
]
