"""Tables of certification: standings, applications on their way to recognition, titles and what follows."""

from greenward.certification.models.application import Application, ApplicationMove, Snapshot
from greenward.certification.models.notice import FinalList, Notice, NoticeEntry, Objection
from greenward.certification.models.recheck import Chosen, Found, Recheck, RecheckMove, RecheckPlan
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
from greenward.certification.models.title import Happening, Title, TitleEvent, TitleHolding

__all__ = [
    "Application",
    "ApplicationMove",
    "Attachment",
    "Chosen",
    "Countersign",
    "Draw",
    "FinalList",
    "Found",
    "Happening",
    "Notice",
    "NoticeEntry",
    "Objection",
    "Opinion",
    "Participation",
    "Pilot",
    "Recheck",
    "RecheckMove",
    "RecheckPlan",
    "ReturnedItem",
    "Seat",
    "Snapshot",
    "Standing",
    "StandingChange",
    "Title",
    "TitleEvent",
    "TitleHolding",
    "Visit",
    "VisitFinding",
]
