"""A small city in which one community may apply: facts all met, survey accepted, officials at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.core.cache import cache

from greenward.accounts.models import User
from greenward.certification import actions as standings
from greenward.certification.actions import applying, recommending, reviewing
from greenward.certification.models import Application, Seat
from greenward.certification.queries.hindrances import countersigns_of, seats_of
from greenward.certification.queries.snapshots import latest
from greenward.certification.states import Finding, Reply, Stance
from greenward.evidence.actions import keep_file
from greenward.programmes.models import Programme
from greenward.survey.models import Case, Round
from greenward.survey.states import CaseState
from greenward.territories.models import Appointment, Office, Place, PlaceVersion
from tests.factories import survey as surveys
from tests.factories import territories
from tests.factories.assessment import ALL_MET, ToldFacts, told_facts
from tests.factories.territories import CITY, COMMUNITY, DISTRICT, STREET, appoint

AT = datetime(2022, 9, 14, 16, 5, tzinfo=UTC)
"""Early on the day, so that what a page does comes later."""
TODAY = date(2022, 9, 15)
PAPER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@dataclass
class Town:
    """The city, its people by what they do, and the facts that tests tell."""

    places: dict[str, Place]
    programme: Programme
    facts: ToldFacts
    survey: Round
    people: dict[str, User] = field(default_factory=dict)

    def version(self, code: str = COMMUNITY) -> PlaceVersion:
        return PlaceVersion.objects.select_related("place").get(place__code=code)

    def ready(self, code: str = COMMUNITY, **but: object) -> None:
        """Let a community take part, meet everything and have its survey accepted."""
        self.facts.tell(self.places[code], **{**ALL_MET, **but})
        standings.enrol(
            programme=self.programme,
            places=[self.version(code)],
            on=date(2022, 3, 1),
            reason="测试",
            by=None,
            at=AT,
        )
        Case.objects.create(round=self.survey, place=self.places[code], state=CaseState.ACCEPTED, moved_at=AT)

    def draft(self, code: str = COMMUNITY, *, by: User | None = None) -> Application:
        """Open a draft with the paper that the route asks for."""
        made = applying.open_draft(self.programme, self.version(code), by=by, at=AT)
        file = keep_file("minutes.pdf", PAPER, by=by, at=AT)
        applying.attach(made, "minutes", file, by=by, at=AT)
        return made

    def submitted(self, code: str = COMMUNITY, *, by: User | None = None) -> Application:
        made = self.draft(code, by=by)
        return applying.submit(made, by=by, at=AT, signed_name=str(by.display_name) if by else "系统")

    def recommended(self, code: str = COMMUNITY) -> Application:
        made = self.submitted(code, by=self.people["worker"] if code == COMMUNITY else None)
        visit(made, by=self.people["street"])
        return recommending.recommend(made, by=self.people["street"], at=AT, note="情况属实")

    def in_review(self, code: str = COMMUNITY) -> Application:
        return reviewing.take_up(self.recommended(code), by=self.people["district"], at=AT, seed="a seed")

    def approved(self, code: str = COMMUNITY) -> Application:
        made = self.in_review(code)
        answer_all(made)
        return reviewing.approve(made, by=self.people["district"], at=AT, note="同意")


def visit(application: Application, *, by: User | None) -> None:
    """Look at the community and find everything as it says."""
    recommending.record_visit(
        application,
        visited_on=TODAY,
        findings=[recommending.Seen("1", Finding.AGREES), recommending.Seen("5", Finding.AGREES)],
        by=by,
        at=AT,
    )


def answer_all(application: Application) -> None:
    """Let every department agree, every reviewer be for it, and the district look where it was drawn."""
    asked: dict[str, list[str]] = {}
    for one in countersigns_of(application):
        asked.setdefault(one.department, []).append(one.item)
    for department, items in asked.items():
        said = dict.fromkeys(items, (Reply.AGREED, ""))
        reviewing.countersign(application, department, said, by=None, at=AT)
    for seat in seats_of(application):
        opine(seat)
    visit(application, by=None)


def opine(seat: Seat, stance: Stance = Stance.FOR, reason: str = "") -> None:
    """Let a reviewer say the same of every item."""
    snapshot = latest(seat.application)
    assert snapshot is not None
    views = [reviewing.View(one["id"], stance, reason) for one in snapshot.content["items"]]
    reviewing.give_opinions(seat, views, by=seat.user, at=AT)


def in_department(user: User, department: str, at: str) -> None:
    """Appoint somebody in a district's department."""
    office = Office.objects.create(place=Place.objects.get(code=at), name=department, department=department)
    Appointment.objects.create(user=user, office=office, role="district_department", during=(None, None))


@contextmanager
def town() -> Iterator[Town]:
    """Make the city with a worker, a street clerk, a district, a department and five reviewers."""
    cache.clear()
    with told_facts() as facts:
        places = territories.place_tree()
        survey = surveys.survey_round()
        made = Town(places, survey.programme, facts, survey)
        roles = (
            ("worker", "community_worker", COMMUNITY),
            ("street", "street_clerk", STREET),
            ("district", "district_lead", DISTRICT),
            *((f"expert-{n}", "expert", CITY) for n in range(1, 6)),
        )
        for name, role, at in roles:
            made.people[name] = territories.person(name, display_name=name)
            appoint(made.people[name], role, at)
        made.people["civil"] = territories.person("civil", display_name="civil")
        in_department(made.people["civil"], "civil-affairs", DISTRICT)
        yield made
    cache.clear()
