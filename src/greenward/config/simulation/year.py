"""The district's year: walks side by side, notices every week, objections, titles, rechecks at the end."""

import heapq
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from greenward.certification.actions.notice import publish
from greenward.certification.actions.objection import handle_objection, raise_objection
from greenward.certification.actions.recheck import move_recheck, plan_rechecks
from greenward.certification.actions.recognition import recognise
from greenward.certification.models import Application, Found, Notice, Objection, Participation, Recheck
from greenward.certification.queries.route import route_of
from greenward.certification.states import OPEN, OPEN_OBJECTIONS, ApplicationState, RecheckState
from greenward.config.simulation.case import Odds, Stage, Walk
from greenward.config.simulation.clock import at_ten, moving_clock, set_day
from greenward.config.simulation.people import make_officials
from greenward.core.errors import ConflictError
from greenward.core.workdays import is_working_day, overrides
from greenward.evidence.actions import keep_file
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import urban_communities, versions_on

ONE = timedelta(days=1)
WEEK = 7
PAPER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
LAST_STEP = timedelta(days=60)
"""So long before the end nobody begins any more, and rechecks are planned."""


@dataclass(frozen=True)
class Term:
    """The days that are simulated, both included."""

    begins: date
    ends: date


def play(
    district: PlaceVersion, *, seed: int, term: Term, communities: int, odds: Odds | None = None
) -> Stage:
    """Play a district's year and return what was counted; the clock is put back afterwards.

    Takes part: up to ``communities`` urban communities that take part and have no open application.
    """
    with moving_clock():
        set_day(term.begins)
        programme = programmes.current(term.begins)
        places = _communities(programme, district, seed, communities, term)
        if not places:
            raise ConflictError(
                _("%(name)s 没有可以申报的社区。") % {"name": district.name},
                hint=_("模拟需要参与创建、没有在办申报的城市社区。"),
            )
        stage = _stage(programme, district, places, seed, term)
        stage.odds = odds or stage.odds
        _run(stage, district, places, term)
        return stage


def _communities(
    programme: Programme, district: PlaceVersion, seed: int, number: int, term: Term
) -> list[PlaceVersion]:
    """Return communities by lot, in the order of their paths."""
    taking_part = Participation.objects.filter(programme=programme, during__contains=term.begins)
    busy = Application.objects.filter(programme=programme)
    found = list(
        urban_communities(term.begins, under=district.path)
        .filter(place__in=taking_part.values("place"))
        .exclude(place__in=busy.filter(state__in=OPEN).values("place"))
        .exclude(place__in=busy.filter(state=ApplicationState.RECOGNISED).values("place"))
        .order_by("path")
    )
    dice = Stage.dice_of(seed, "communities")
    return sorted(dice.sample(found, k=min(number, len(found))), key=lambda one: one.path)


def _stage(
    programme: Programme, district: PlaceVersion, places: Sequence[PlaceVersion], seed: int, term: Term
) -> Stage:
    paths = {"/".join(one.path.split("/")[:3]) + "/" for one in places}
    streets = {one.path: one for one in versions_on(term.begins).filter(path__in=paths)}
    officials = make_officials(district, places, streets, route_of(programme), since=term.begins - ONE)
    paper = keep_file("minutes.pdf", PAPER, by=None, at=at_ten(term.begins))
    return Stage(programme, officials, paper, seed)


def _run(stage: Stage, district: PlaceVersion, places: Sequence[PlaceVersion], term: Term) -> None:
    """Let every walk and the district's office act on their days; nobody works on a day of rest."""
    known = overrides()
    length = max(1, (term.ends - LAST_STEP - term.begins).days)
    waiting: list[tuple[date, int, Iterator[int]]] = []
    for number, place in enumerate(places):
        begins = term.begins + timedelta(days=stage.dice("begin", place.place.code).randrange(length))
        waiting.append((begins, number, Walk(stage, place).steps()))
    waiting.append((term.begins, len(places), Office(stage, district, places, term).steps()))
    heapq.heapify(waiting)
    while waiting and waiting[0][0] <= term.ends:
        day, number, walk = heapq.heappop(waiting)
        if not is_working_day(day, known=known):
            heapq.heappush(waiting, (day + ONE, number, walk))
            continue
        set_day(day)
        days = next(walk, None)
        if days is not None:
            heapq.heappush(waiting, (day + ONE * days, number, walk))


class Office:
    """The district's office: every week it publishes, handles objections, names; once it rechecks."""

    def __init__(
        self, stage: Stage, district: PlaceVersion, places: Sequence[PlaceVersion], term: Term
    ) -> None:
        self.stage, self.district, self.term = stage, district, term
        self.own = [one.place_id for one in places]
        self.dice = stage.dice("office", district.place.code)
        self.day = term.begins

    def steps(self) -> Generator[int, None, None]:
        """Work once a week until the end."""
        planned = False
        for week in range((self.term.ends - self.term.begins).days // WEEK):
            self.day = self.term.begins + timedelta(days=WEEK * week)
            self._objections()
            self._name(week)
            self._publish(week)
            if not planned and self.day >= self.term.ends - LAST_STEP:
                planned = self._plan_rechecks()
            elif planned:
                self._recheck()
            yield WEEK

    @property
    def at(self) -> datetime:
        """Now, as the clock shows it."""
        from greenward.core import clock  # noqa: PLC0415 - beside the simulated clock's own name

        return at_ten(clock.today())

    def _publish(self, week: int) -> None:
        held = Application.objects.filter(
            programme=self.stage.programme, place__in=self.own, state=ApplicationState.APPROVED
        )
        if not (approved := list(held)):
            return
        notice = publish(
            programme=self.stage.programme,
            territory=self.district,
            applications=approved,
            title=_("模拟公示第%(week)d周") % {"week": week + 1},
            contact=_("模拟单位"),
            by=self.stage.officials.lead,
            at=self.at,
        )
        self.stage.counted["notices"] += 1
        for entry in notice.entries.all():
            if self.dice.randrange(100) < self.stage.odds.objected:
                said = {"name": "simulated", "contact": "simulated", "reason": "simulated"}
                raise_objection(entry, said, by=None, at=self.at)
                self.stage.counted["objections"] += 1

    def _objections(self) -> None:
        held = Objection.objects.filter(
            entry__application__place__in=self.own, state__in=OPEN_OBJECTIONS
        ).order_by("pk")
        for objection in held:
            if objection.state == "received":
                handle_objection(objection, "accept", by=self.stage.officials.second, at=self.at)
                continue
            verb = "uphold" if self.dice.randrange(100) < self.stage.odds.upheld else "reject"
            handle_objection(objection, verb, answer="simulated", by=self.stage.officials.second, at=self.at)
            self.stage.counted[f"objections: {verb}"] += 1

    def _name(self, week: int) -> None:
        """Give titles to whoever of a finished notice has no open objection."""
        today = self.at.date()
        for notice in Notice.objects.filter(programme=self.stage.programme, ends_on__lt=today):
            objecting = Objection.objects.filter(state__in=OPEN_OBJECTIONS, entry__notice=notice)
            held = Application.objects.filter(
                pk__in=notice.entries.values("application"),
                place__in=self.own,
                state=ApplicationState.IN_NOTICE,
            ).exclude(pk__in=objecting.values("entry__application"))
            if not (ready := list(held)):
                continue
            document = f"simulated {today.year}-{week + 1}-{notice.pk}"
            titles = recognise(
                notice, applications=ready, document=document, by=self.stage.officials.lead, at=self.at
            )
            self.stage.counted["titles"] += len(titles)

    def _plan_rechecks(self) -> bool:
        try:
            plan_rechecks(
                programme=self.stage.programme,
                territory=self.district,
                title="simulated",
                seed=str(self.stage.seed),
                due_on=self.term.ends + ONE,
                by=self.stage.officials.lead,
                at=self.at,
            )
        except ConflictError:  # no title to recheck
            self.stage.counted["weeks without a title to recheck"] += 1
            return False
        return True

    def _recheck(self) -> None:
        """Move every recheck of the communities one step on."""
        lead = self.stage.officials.lead
        for one in Recheck.objects.filter(place__in=self.own, title__programme=self.stage.programme):
            if one.state == RecheckState.PLANNED:
                fails = self.dice.randrange(100) < self.stage.odds.recheck_fails
                verb, by = ("rectify" if fails else "pass"), lead
            elif one.state == RecheckState.RECTIFYING:
                verb, by = "report", self.stage.officials.workers[one.place_id]
            elif one.state == RecheckState.REPORTED:
                verb, by = self.dice.choice(("accept", "accept", "hear")), lead
            elif one.state == RecheckState.HEARING:
                verb, by = self.dice.choice(("keep", "revoke")), lead
            else:
                continue
            move_recheck(
                one,
                verb,
                note="simulated",
                document="simulated" if verb == "revoke" else "",
                findings=self._findings(verb),
                by=by,
                at=self.at,
            )
            self.stage.counted[f"rechecks: {verb}"] += 1

    def _findings(self, verb: str) -> dict[str, dict[str, str]]:
        if verb not in {"pass", "rectify", "accept"}:
            return {}
        items = [item.id for item in programmes.policy(self.stage.programme).standard.items]
        found = {item: {"found": Found.HOLDS.value, "note": ""} for item in items}
        if verb == "rectify":
            found[self.dice.choice(items)] = {"found": Found.FAILS.value, "note": "simulated"}
        return found
