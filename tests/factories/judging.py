"""Judgings for tests: asked, with an opinion, decided."""

from datetime import timedelta
from decimal import Decimal

from greenward.accounts.models import User
from greenward.assessment import actions
from greenward.assessment.actions import Answer
from greenward.assessment.models import Judging
from greenward.core import clock
from greenward.packs.models import InstalledPack
from greenward.territories.models import Appointment, PlaceVersion
from tests.factories.territories import appoint

GRADED = "B2.2"
"""The indicator of Beijing's standard for which reviewers deduct between -5 and 0."""


def asked(place: PlaceVersion, pack: InstalledPack, number: str = GRADED, *, needed: int = 1) -> Judging:
    """Ask at one community, due in a week."""
    return actions.ask(
        number,
        [place],
        pack=pack,
        under=place,
        due_on=clock.today() + timedelta(days=7),
        needed=needed,
        by=None,
        at=clock.now(),
    )[0]


def opined(judging: Judging, place: PlaceVersion, *, reviewer: User, points: str = "-1") -> None:
    """Let a reviewer of the district say something; the role is given where it lacks."""
    if not Appointment.objects.filter(user=reviewer, role="reviewer").exists():
        appoint(reviewer, "reviewer", place.path.split("/")[1])
    answer = Answer("看过现场", points=Decimal(points))
    actions.opine(judging, place, answer, seen=0, by=reviewer, at=clock.now())


def decided(judging: Judging, place: PlaceVersion, points: str = "-1") -> None:
    """Let the system decide."""
    judging.refresh_from_db()
    answer = Answer("同意", points=Decimal(points))
    actions.decide(
        judging,
        place,
        answer,
        seen=judging.version,
        observed_on=clock.today(),
        by=None,
        at=clock.now(),
    )
