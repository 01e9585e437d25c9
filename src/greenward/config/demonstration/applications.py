"""The demonstration's applications in two districts, in every state up to the decision; all made up.

Each step is the action that a page would call, on the day on which it would have been called.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction

from greenward.accounts.models import User
from greenward.assessment.models import Result, Verdict
from greenward.certification.actions import applying, recommending, reviewing
from greenward.certification.actions.applying import NotReadyError
from greenward.certification.models import Application
from greenward.certification.queries.applications import version_of
from greenward.certification.queries.hindrances import countersigns_of, seats_of, wants_visit
from greenward.certification.queries.route import route_of
from greenward.certification.queries.snapshots import latest
from greenward.certification.states import Finding, Reply, Stance
from greenward.config.demonstration.days import MARK, moment_on
from greenward.config.demonstration.materials import sheet
from greenward.config.demonstration.people import COMMUNITY, HAIDIAN, PINGGU, STREET
from greenward.config.demonstration.story import AS_OF
from greenward.evidence.actions import keep_file
from greenward.evidence.models import File
from greenward.programmes.models import Programme
from greenward.survey.models import Case
from greenward.survey.queries.rounds import current_round
from greenward.survey.states import CaseState
from greenward.territories.models import Appointment, PlaceVersion
from greenward.territories.queries import urban_communities


@dataclass(frozen=True)
class Days:
    """When a batch went its way, and at which month-ends whoever is in it met everything."""

    applied: date
    visited: date
    recommended: date
    taken_up: date
    said: date
    decided: date
    met: tuple[date, ...]


FIRST = Days(
    date(2022, 2, 15), date(2022, 2, 16), date(2022, 2, 17), date(2022, 2, 18), date(2022, 2, 22),
    date(2022, 2, 25), (date(2022, 1, 31), date(2022, 2, 28)),
)  # fmt: skip
SECOND = Days(
    date(2022, 8, 31), date(2022, 9, 1), date(2022, 9, 2), date(2022, 9, 5), date(2022, 9, 8),
    date(2022, 9, 9), (date(2022, 7, 31), AS_OF),
)  # fmt: skip
THIRD = Days(
    date(2022, 9, 6), date(2022, 9, 7), date(2022, 9, 8), date(2022, 9, 9), date(2022, 9, 13),
    date(2022, 9, 14), (date(2022, 8, 31), AS_OF),
)  # fmt: skip
LAST = replace(THIRD, applied=date(2022, 9, 13), visited=date(2022, 9, 14))
EVE = date(2022, 9, 14)
"""The last day on which somebody acts: what was decided or taken up then is news."""


@dataclass(frozen=True)
class Batch:
    """Applications of some communities under a place: who decides, and how far each came.

    ``lacking``: a draft of a community that cannot apply yet; ``silent``: a department said nothing in time;
    ``spoken``: reviewers differ; ``approved``: only just; ``noticed``: approved in time for a notice.
    """

    under: str
    lead: str
    days: Days
    stages: Sequence[str]


BATCHES = (
    Batch(STREET, "haidian", FIRST, ("noticed", "noticed")),
    Batch(HAIDIAN, "haidian", FIRST, ("noticed",)),
    Batch(
        HAIDIAN,
        "haidian",
        SECOND,
        ("noticed", "noticed", "silent", "spoken", "refused", "approved"),
    ),
    Batch(
        HAIDIAN,
        "haidian",
        THIRD,
        (
            "submitted",
            "returned",
            "withdrawn",
            "declined",
            "draft",
            "recommended",
            "recommended",
            "in_review",
        ),
    ),
    Batch(PINGGU, "pinggu", THIRD, ("submitted", "recommended", "in_review")),
    Batch(STREET, "haidian", LAST, ("submitted", "lacking")),
)


def write(programme: Programme) -> dict[Days, list[Application]]:
    """Let communities that are ready apply, take each as far as the story goes; return those to publish."""
    noticed: dict[Days, list[Application]] = {FIRST: [], SECOND: []}
    gone: set[int] = set()
    for batch in BATCHES:
        lead, ready = User.objects.get(username=batch.lead), _ready(programme, batch)
        for stage in batch.stages:
            places = ready if stage != "lacking" else _lacking(programme, batch)
            made = _one_more(places, gone, Walk(programme, batch.days, stage, lead))
            if made is not None and stage == "noticed":
                noticed[batch.days].append(made)
    return noticed


def _one_more(ready: Iterator[PlaceVersion], gone: set[int], walk: "Walk") -> Application | None:
    """Let the next community that lacks nothing apply; None where there is no more."""
    for place in ready:
        if place.place_id in gone:
            continue
        gone.add(place.place_id)
        with suppress(NotReadyError), transaction.atomic():
            return walk.go(place)
    return None


def _ready(programme: Programme, batch: Batch) -> Iterator[PlaceVersion]:
    """Yield communities that should be able to apply on the day, but the one whose worker signs in.

    Read from what was calculated already: to explain a community costs far more than to look it up.
    """
    applied = batch.days.applied
    met = Result.objects.filter(run__programme=programme, verdict=Verdict.MET, participates=True)
    accepted = Case.objects.filter(
        round=current_round(applied), state=CaseState.ACCEPTED, moved_at__date__lt=applied
    )
    found = urban_communities(applied).filter(path__contains=f"/{batch.under}/")
    for places in (*(met.filter(run__as_of=day) for day in batch.days.met), accepted):
        found = found.filter(place__in=places.values("place"))
    yield from found.exclude(place__code=COMMUNITY).select_related("place").order_by("path")


def _lacking(programme: Programme, batch: Batch) -> Iterator[PlaceVersion]:
    """Yield communities that take part and do not meet everything yet."""
    short = Result.objects.filter(
        run__programme=programme, run__as_of=AS_OF, verdict=Verdict.UNMET, participates=True
    )
    found = urban_communities(batch.days.applied).filter(path__contains=f"/{batch.under}/")
    found = found.filter(place__in=short.values("place")).exclude(place__code=COMMUNITY)
    yield from found.select_related("place").order_by("path")


@dataclass
class Walk:
    """A community's way to its stage: by its worker and its street's clerk where there are any."""

    programme: Programme
    days: Days
    stage: str
    lead: User

    def go(self, place: PlaceVersion) -> Application:
        """Apply, and go on; NotReadyError where the community lacks something after all."""
        clerk = person_at(place.path.rstrip("/").split("/")[-2])
        made = self._applied(place, person_at(place.place.code))
        if self.stage in {"draft", "lacking", "submitted", "withdrawn"}:
            return made
        if self.stage == "returned":
            self._returned(made, clerk)
            return made
        self._visit(made, clerk, self.days.visited)
        at = moment_on(self.days.recommended)
        if self.stage == "declined":
            recommending.decline(made, by=clerk, at=at, note=f"改造尚未验收，建议下批申报{MARK}")
            return made
        recommending.recommend(made, by=clerk, at=at, note=f"现场情况与申报一致，同意推荐{MARK}")
        if self.stage != "recommended":
            self._review(made)
        return made

    def _applied(self, place: PlaceVersion, worker: User | None) -> Application:
        at = moment_on(self.days.applied, 9)
        made = applying.open_draft(self.programme, place, by=worker, at=at)
        if self.stage in {"draft", "lacking"}:
            return made
        applying.attach(made, "minutes", self._minutes(place, worker), by=worker, at=at)
        signed = worker.display_name if worker else f"社区负责人{MARK}"
        made = applying.submit(made, by=worker, at=moment_on(self.days.applied, 11), signed_name=signed)
        if self.stage == "withdrawn":
            note, at = f"拟与相邻社区一并申报{MARK}", moment_on(self.days.visited)
            made = applying.withdraw_application(made, by=worker, at=at, note=note)
        return made

    def _minutes(self, place: PlaceVersion, by: User | None) -> File:
        content = sheet("居民会议记录（样张）", "演示", (place.name, "居民会议同意申报绿色社区。"))
        return keep_file("演示-居民会议记录.pdf", content, by=by, at=moment_on(self.days.applied, 10))

    def _returned(self, made: Application, clerk: User | None) -> None:
        items = [
            recommending.SentBack("5", f"请补充垃圾分类小区名单{MARK}"),
            recommending.SentBack("12", f"请核对物业覆盖的小区数{MARK}"),
        ]
        recommending.return_items(made, items, by=clerk, at=moment_on(self.days.visited))

    def _review(self, made: Application) -> None:
        day = EVE if self.stage == "in_review" else self.days.taken_up
        made = reviewing.take_up(made, by=self.lead, at=moment_on(day), seed=f"demo-{made.pk}")
        if self.stage == "in_review":
            return
        self._countersigned(made)
        self._opined(made)
        if wants_visit(made, route_of(self.programme), made.step):
            self._visit(made, self.lead, self.days.said)
        if self.stage in {"approved", "noticed"}:
            at = moment_on(self.days.decided if self.stage == "noticed" else EVE)
            reviewing.approve(made, by=self.lead, at=at, note=f"符合创建要求，同意{MARK}")
        if self.stage == "refused":
            at = moment_on(EVE)
            reviewing.refuse(made, by=self.lead, at=at, note=f"生命通道问题未解决，不予通过{MARK}")

    def _countersigned(self, made: Application) -> None:
        asked: dict[str, list[str]] = {}
        for one in countersigns_of(made):
            asked.setdefault(one.department, []).append(one.item)
        for department, items in asked.items():
            if self.stage != "silent" or department != "civil-affairs":
                said = dict.fromkeys(items, (Reply.AGREED, ""))
                by = person_at(version_of(made.place).path.split("/")[1], department)
                reviewing.countersign(made, department, said, by=by, at=moment_on(self.days.said, 10))

    def _opined(self, made: Application) -> None:
        snapshot = latest(made)
        for number, seat in enumerate(seats_of(made)):
            against = "8" if self.stage in {"spoken", "refused"} and number == 0 else ""
            views = [
                reviewing.View(one["id"], Stance.AGAINST, f"夜间仍有占压通道的情况{MARK}")
                if one["id"] == against
                else reviewing.View(one["id"], Stance.FOR)
                for one in (snapshot.content["items"] if snapshot else ())
            ]
            reviewing.give_opinions(seat, views, by=seat.user, at=moment_on(self.days.said, 15))

    @staticmethod
    def _visit(made: Application, by: User | None, day: date) -> None:
        found = [recommending.Seen(item, Finding.AGREES) for item in ("5", "7", "8", "9")]
        recommending.record_visit(
            made, visited_on=day, findings=found, by=by, at=moment_on(day, 16), summary=f"实地查看{MARK}"
        )


def person_at(code: str, department: str = "") -> User | None:
    """Return who works for a community or street, or in a district's department; None: the system acts."""
    roles = ("district_department",) if department else ("street_clerk", "community_worker")
    held = Appointment.objects.filter(
        office__place__code=code, office__department=department, role__in=roles
    ).select_related("user")
    found = held.order_by("pk").first()
    return found.user if found is not None else None
