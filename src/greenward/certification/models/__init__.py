"""Tables of certification: standings, applications on their way to recognition, titles and what follows."""

from greenward.certification.models.application import Application, ApplicationMove, Snapshot
from greenward.certification.models.notice import FinalList, Notice, NoticeEntry, Objection
from greenward.certification.models.recheck import Chosen, Found, Recheck, RecheckMove, RecheckPlan
from greenward.certification.models.standing import Participation, Pilot, Standing, StandingChange
from greenward.certification.models.title import Happening, Title, TitleEvent, TitleHolding

__all__ = [
    "Application",
    "ApplicationMove",
    "Chosen",
    "FinalList",
    "Found",
    "Happening",
    "Notice",
    "NoticeEntry",
    "Objection",
    "Participation",
    "Pilot",
    "Recheck",
    "RecheckMove",
    "RecheckPlan",
    "Snapshot",
    "Standing",
    "StandingChange",
    "Title",
    "TitleEvent",
    "TitleHolding",
]
