"""One community's application, as a walk that waits some days between its acts."""

from collections import Counter
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from greenward.accounts.models import User
from greenward.certification.actions import applying, recommending, reviewing
from greenward.certification.actions.applying import NotReadyError
from greenward.certification.models import Application
from greenward.certification.queries.hindrances import countersigns_of, hindrances_of, seats_of
from greenward.certification.queries.panel import standing_opinions
from greenward.certification.queries.snapshots import latest
from greenward.certification.states import Finding, Reply, Stance
from greenward.config.simulation.clock import at_ten
from greenward.config.simulation.people import Officials
from greenward.core import clock
from greenward.evidence.models import File
from greenward.programmes.models import Programme
from greenward.territories.models import PlaceVersion

Waiting = Generator[int, None, Application | None]
"""Yields days to wait; returns the application, None where it went no further."""
TRIES = 4
ROUNDS = 3
LONGEST_WAIT = 40
UNSEEN = 5
"""Percent of the items that a visit cannot see."""
REASON = "模拟"


@dataclass
class Odds:
    """How often things happen, in percent of the times that they could."""

    withdraws: int = 3
    returned: int = 15
    declined: int = 5
    sent_back: int = 8
    department_silent: int = 15
    department_objects: int = 5
    reviewer_silent: int = 10
    refused: int = 8
    objected: int = 6
    upheld: int = 30
    recheck_fails: int = 35


@dataclass
class Stage:
    """What every walk of a simulated district shares: people, chance, and what was counted."""

    programme: Programme
    officials: Officials
    paper: File
    seed: int
    odds: Odds = field(default_factory=Odds)
    counted: Counter[str] = field(default_factory=Counter)

    @staticmethod
    def dice_of(*what: object) -> Random:
        """Return dice that fall the same for the same seed and purpose."""
        return Random("/".join(map(str, what)))  # noqa: S311 - a play, no secret

    def dice(self, *what: object) -> Random:
        """Return the play's own dice for a purpose."""
        return self.dice_of(self.seed, *what)


class Walk:
    """A community's way through the year."""

    def __init__(self, stage: Stage, place: PlaceVersion) -> None:
        self.stage, self.place = stage, place
        self.dice = stage.dice("case", place.place.code)
        self.worker = stage.officials.workers[place.place_id]
        street = "/".join(place.path.split("/")[:3]) + "/"
        self.clerk = stage.officials.clerks[street]

    def happens(self, percent: int) -> bool:
        """Throw the dice."""
        return self.dice.randrange(100) < percent

    def days(self, least: int, most: int) -> int:
        """Return a number of days to wait."""
        return self.dice.randint(least, most)

    def count(self, what: str) -> None:
        """Count something that happened."""
        self.stage.counted[what] += 1

    def steps(self) -> Iterator[int]:
        """Apply, be looked at, be decided; yield the days until the next act."""
        made = yield from self._handed_in()
        for _round in range(ROUNDS):
            if made is None:
                return
            yield self.days(1, 8)
            if self.happens(self.stage.odds.withdraws):
                applying.withdraw_application(made, by=self.worker, at=_now(), note=REASON)
                self.count("withdrawn")
                return
            made = yield from self._recommended(made)
            if made is None:
                return
            yield self.days(1, 6)
            made = yield from self._reviewed(made)

    def _handed_in(self) -> Waiting:
        """Open a draft and hand it in once it is complete; None where it never is."""
        for _try in range(TRIES):
            made = applying.open_draft(self.stage.programme, self.place, by=self.worker, at=_now())
            applying.attach(made, "minutes", self.stage.paper, by=None, at=_now())
            try:
                handed = applying.submit(
                    made, by=self.worker, at=_now(), signed_name=self.worker.display_name
                )
            except NotReadyError:
                self.count("told what it lacks")
                yield self.days(20, 60)
                continue
            self.count("submitted")
            return handed
        self.count("never complete")
        return None

    def _recommended(self, made: Application) -> Waiting:
        if self.happens(self.stage.odds.returned):
            self._send_back(made, self.clerk, "returned by the street")
            back = yield from self._resubmitted(made)
            if back is None:
                return None
            made = back
        self._visit(made, self.clerk)
        if self.happens(self.stage.odds.declined):
            recommending.decline(made, by=self.clerk, at=_now(), note=REASON)
            self.count("declined")
            return None
        self.count("recommended")
        return recommending.recommend(made, by=self.clerk, at=_now(), note=REASON)

    def _send_back(self, made: Application, by: User, what: str) -> None:
        snapshot = latest(made)
        items = [one["id"] for one in snapshot.content["items"]] if snapshot else []
        back = [recommending.SentBack(item, REASON) for item in self.dice.sample(items, k=min(2, len(items)))]
        recommending.return_items(made, back, by=by, at=_now(), note=REASON)
        self.count(what)

    def _resubmitted(self, made: Application) -> Waiting:
        yield self.days(3, 15)
        for one in made.returned_items.filter(answered_at=None):
            applying.answer_returned(one, REASON, by=self.worker, at=_now())
        for _try in range(TRIES):
            try:
                handed = applying.submit(
                    made, by=self.worker, at=_now(), signed_name=self.worker.display_name
                )
            except NotReadyError:
                self.count("told what it lacks")
                yield self.days(10, 40)
                continue
            self.count("submitted again")
            yield self.days(1, 8)
            return handed
        self.count("never complete again")
        return None

    def _visit(self, made: Application, by: User) -> None:
        """Look at every item; the dice are its own, for the product draws whether the district looks."""
        snapshot = latest(made)
        items = [one["id"] for one in snapshot.content["items"]] if snapshot else []
        dice = self.stage.dice("visit", self.place.place.code, made.step)
        findings = [
            recommending.Seen(item, Finding.AGREES if dice.randrange(100) >= UNSEEN else Finding.UNSEEN)
            for item in items
        ]
        recommending.record_visit(made, visited_on=clock.today(), findings=findings, by=by, at=_now())
        self.count("visits")

    def _reviewed(self, made: Application) -> Generator[int, None, Application | None]:
        """Decide, and return None; or return the application where it goes round again."""
        stage = self.stage
        seed = f"{stage.seed}:{self.place.place.code}:{made.version}"
        made = reviewing.take_up(made, by=stage.officials.lead, at=_now(), seed=seed)
        yield self.days(1, 4)
        self._countersigned(made)
        self._opined(made)
        if self.happens(stage.odds.sent_back):
            self._send_back(made, stage.officials.lead, "sent back by the district")
            return (yield from self._resubmitted(made))
        yield from self._waited(made)
        if self.happens(stage.odds.refused):
            reviewing.refuse(made, by=stage.officials.second, at=_now(), note=REASON)
            self.count("refused")
        else:
            reviewing.approve(made, by=stage.officials.second, at=_now(), note=REASON)
            self.count("approved")
        return None

    def _waited(self, made: Application) -> Iterator[int]:
        """Visit where that is due, and wait until everybody spoke or their term is over."""
        for _day in range(LONGEST_WAIT):
            day = clock.today()
            waiting = hindrances_of(made, "approve", at_step=made.step, day=day)
            if any(one.code == "visit" for one in waiting):
                self._visit(made, self.stage.officials.lead)
            elif not waiting:
                return
            else:
                yield 1

    def _countersigned(self, made: Application) -> None:
        asked: dict[str, list[str]] = {}
        for one in countersigns_of(made):
            if not one.said:
                asked.setdefault(one.department, []).append(one.item)
        for department, items in asked.items():
            if self.happens(self.stage.odds.department_silent):
                self.count("departments silent")
                continue
            objects = self.happens(self.stage.odds.department_objects)
            said = dict.fromkeys(items, (Reply.OBJECTED if objects else Reply.AGREED, REASON))
            by = self.stage.officials.departments[department]
            reviewing.countersign(made, department, said, by=by, at=_now())
            self.count("countersigns")

    def _opined(self, made: Application) -> None:
        snapshot = latest(made)
        for seat in seats_of(made):
            if snapshot is None or seat.done_at is not None or self.happens(self.stage.odds.reviewer_silent):
                continue
            standing = standing_opinions(seat, snapshot)
            views = [
                reviewing.View(one["id"], Stance.FOR if not self.happens(4) else Stance.UNSURE, REASON)
                for one in snapshot.content["items"]
                if one["id"] not in standing
            ]
            reviewing.give_opinions(seat, views, by=seat.user, at=_now())
            self.count("opinions")


def _now() -> datetime:
    return at_ten(clock.today())
