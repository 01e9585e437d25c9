"""How far each community's survey came on its way up, who moved it when, and what was sent back.

Planned here move by move as ``survey.states.MOVES`` allows it; ``cases`` writes the rows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import TypeVar

from greenward.config.demonstration.chance import chance, dice_of
from greenward.config.demonstration.entries import Said, Survey, moment
from greenward.config.demonstration.oddities import KEPT, UNEXPLAINED
from greenward.config.demonstration.places import Community
from greenward.config.demonstration.story import AS_OF
from greenward.core.workdays import add_working_days
from greenward.survey.models import Round
from greenward.survey.states import MOVES, CaseState, Way

T = TypeVar("T")
EVE = AS_OF - timedelta(days=1)
DAYS = {
    "submit": (1, 6),
    "withdraw": (1, 1),
    "check": (1, 5),
    "return": (1, 4),
    "accept": (1, 6),
    "reject": (1, 4),
}
"""Within how many working days each move follows upon the one before."""
HOURS = {"submit": 16, "withdraw": 11, "check": 10, "return": 11, "accept": 15, "reject": 14}
FIRST_DUE, SECOND_DUE = date(2021, 12, 20), date(2022, 8, 21)
"""Nobody submits before."""
UP = ("submit", "check", "accept")
PATHS: dict[CaseState, Sequence[tuple[int, Sequence[str]]]] = {
    CaseState.ACCEPTED: (
        (86, UP),
        (7, ("submit", "return", *UP)),
        (4, ("submit", "check", "reject", *UP)),
        (3, ("submit", "withdraw", *UP)),
    ),
    CaseState.CHECKED: ((90, UP[:2]), (10, ("submit", "return", *UP[:2]))),
    CaseState.SUBMITTED: ((92, UP[:1]), (8, ("submit", "return", "submit"))),
    CaseState.RETURNED: ((70, ("submit", "return")), (30, ("submit", "check", "reject"))),
    CaseState.FILLING: ((97, ()), (3, ("submit", "withdraw"))),
}
"""By where a survey ends: the ways that lead there, and how many of a hundred take each."""
ENDS = {
    "first": (
        (93, CaseState.ACCEPTED),
        (2, CaseState.CHECKED),
        (2, CaseState.SUBMITTED),
        (1, CaseState.RETURNED),
    ),
    "second": (
        (42, CaseState.ACCEPTED),
        (17, CaseState.CHECKED),
        (15, CaseState.SUBMITTED),
        (8, CaseState.RETURNED),
    ),
}
SENT_BACK = {
    "street_lamps": "演示：与城管部门的路灯台账不符，请核实。",
    "cameras": "演示：与派出所提供的点位数不符，请核实。",
    "bin_stations": "演示：现场核对少于填报数，请核实。",
    "overhead_lines_m": "演示：与上次现场踏勘的长度相差较大，请核实。",
    "households": "演示：与派出所户数不一致，请核实或说明。",
    "green_area_m2": "演示：请说明是否含屋顶绿化。",
}
COUNTED_ANEW = ("street_lamps", "cameras", "bin_stations", "overhead_lines_m")
WORDS = "演示：数据属实，已入户核对并留存台账。"
NOTES = ("", "", "", "", "演示：电话核实后通过。", "演示：抽查两个小区，与填报一致。")
CORRECTED = ("演示：复查时发现漏计，按现场清点更正。", "演示：录入时多写一位，按原始台账更正。")


@dataclass(frozen=True)
class Moved:
    """A move that was made."""

    verb: str
    at: datetime
    by: int | None
    note: str = ""


@dataclass
class Back:
    """A field of the community that was sent back, and how it was settled."""

    field: str
    reason: str
    at: datetime
    by: int | None
    settled_at: datetime | None = None
    answer: str = ""


@dataclass
class Journey:
    """One community's case in one round: its moves, what was sent back, and what was said on the way."""

    round: Round
    community: Community
    moves: list[Moved] = field(default_factory=list)
    backs: list[Back] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)

    @property
    def state(self) -> CaseState:
        """Where the case stands."""
        return MOVES[self.moves[-1].verb].ends if self.moves else CaseState.FILLING


def journeys(communities: Sequence[Community], survey: Survey) -> Iterator[Journey]:
    """Yield every case that somebody moved, in both rounds."""
    for one in communities:
        if one.story.answers:
            for walk in (_first(one, survey), _second(one, survey)):
                if walk.journey.moves:
                    yield walk.journey


def _first(one: Community, survey: Survey) -> "Walk":
    last = max(day for day, _values in one.story.answers if day < survey.second.opens_on)
    walk = Walk(one, survey, survey.first, max(last, FIRST_DUE))
    end = _drawn(walk.dice, ENDS["first"]) or CaseState.FILLING
    walk.go(_drawn(walk.dice, PATHS[end]) or ())
    if walk.journey.state == CaseState.ACCEPTED and one.is_plain and chance(walk.dice, 1.2):
        walk.correct(walk.dice.randrange(8, 40))
    return walk


def _second(one: Community, survey: Survey) -> "Walk":
    last = max(day for day, _values in one.story.answers)
    walk = Walk(one, survey, survey.second, max(last, SECOND_DUE))
    end = _drawn(walk.dice, ENDS["second"]) or CaseState.FILLING
    is_open = one.code in KEPT or one.oddity in UNEXPLAINED or last < survey.second.opens_on
    walk.go(() if is_open else _drawn(walk.dice, PATHS[end]) or ())
    if walk.journey.state == CaseState.ACCEPTED and one.is_plain and chance(walk.dice, 2.5):
        walk.correct(1)
    return walk


def _drawn(dice: Random, shares: Sequence[tuple[int, T]]) -> T | None:
    """Return one of the things by their shares of a hundred; None for what they leave."""
    drawn = dice.randrange(100)
    for share, thing in shares:
        if drawn < share:
            return thing
        drawn -= share
    return None


@cache
def _working_day(day: date, number: int) -> date:
    return add_working_days(day, number, known={})


class Walk:
    """Makes a journey move by move; what would come after the demonstration's eve is not made."""

    def __init__(self, community: Community, survey: Survey, held: Round, day: date) -> None:
        self.journey = Journey(held, community)
        self.survey = survey
        self.day = day
        self.dice = dice_of(f"way {held.code} {community.code}")

    def go(self, verbs: Sequence[str]) -> None:
        """Make the moves in order."""
        for verb in verbs:
            day = _working_day(self.day, self.dice.randint(*DAYS[verb]))
            if day > EVE:
                break
            if verb == "submit":
                self._settle(day, len(self.journey.backs))
            self._move(verb, day)
        if self.journey.state == CaseState.RETURNED and len(self.journey.backs) > 1:
            self._settle(min(_working_day(self.day, 1), EVE), 1)

    def correct(self, days: int) -> None:
        """Let the street correct a number some working days after it was accepted."""
        day = _working_day(self.day, days)
        name = next((one for one in COUNTED_ANEW if self._value(one)), None)
        if name is None or day > EVE or day >= self._closed:
            return
        value, reason = round(self._value(name) * 0.85), self.dice.choice(CORRECTED)
        said = self._said(moment(day, 15, 30), {name: value}, self._by("check"))
        self.journey.said.append(replace(said, way=Way.CORRECTION, reasons={f"field:{name}": reason}))

    @property
    def _closed(self) -> date:
        """Corrections of the first round come before the second asks anew."""
        return self.survey.second.opens_on if self.journey.round == self.survey.first else AS_OF

    def _move(self, verb: str, day: date) -> None:
        at, by = moment(day, HOURS[verb], self.dice.randrange(60)), self._by(verb)
        note = self.dice.choice(NOTES) if verb in {"check", "accept"} else ""
        self.journey.moves.append(Moved(verb, at, by, note))
        self.day = day
        if MOVES[verb].fields:
            known = [name for name in SENT_BACK if name not in COUNTED_ANEW or self._value(name)]
            names = self.dice.sample(known, k=min(len(known), self.dice.choice((1, 1, 2, 2, 3))))
            self.journey.backs += [Back(name, SENT_BACK[name], at, by) for name in names]

    def _settle(self, day: date, most: int) -> None:
        """Answer fields that were sent back: by a new number, or by a word why the old one stands."""
        at, by = moment(day, 10, self.dice.randrange(60)), self._by("submit")
        news: dict[str, object] = {}
        for back in [one for one in self.journey.backs if one.settled_at is None][:most]:
            is_counted = back.field in COUNTED_ANEW and self.journey.community.is_plain
            value = self._value(back.field) if is_counted else 0
            if value and at > back.at:
                news[back.field] = round(value * 1.1) + 1
            elif at > back.at:
                back.answer = WORDS
            back.settled_at = at if at > back.at else None
        if news:
            self.journey.said.append(self._said(at, news, by))

    def _value(self, name: str) -> int:
        """Return a number as the community had given it in this round; 0 where it does not know it."""
        sheet = self.journey.community.sheet
        value = sheet.first.get(name) if self.journey.round == self.survey.first else sheet.number(name)
        return value if isinstance(value, int) else 0

    def _said(self, at: datetime, values: dict[str, object], by: int | None) -> Said:
        pk = self.journey.community.pk
        return Said(at, pk, pk, values, self.journey.round.pk, by=by)

    def _by(self, verb: str) -> int | None:
        one = self.journey.community
        place = {"submit": one.code, "withdraw": one.code, "accept": one.district, "reject": one.district}
        return self.survey.people.get(place.get(verb, one.street))
