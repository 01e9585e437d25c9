"""A standard as the engine takes it: indicators in items in areas, and the levels that a total leads to."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from greenward.assessment.engine.facts import FactType
from greenward.assessment.engine.points import Rounding
from greenward.assessment.engine.scores import Score
from greenward.assessment.engine.tree import Rule


class Absence(StrEnum):
    """What an indicator that does not apply gives."""

    LEAVE_OUT = "leave_out"
    """Nothing: what else there is in its group counts for the whole."""
    FULL = "full_marks"
    PEER_MEAN = "peer_mean"
    """The mean of what the peers to whom it applies have."""
    FORBIDDEN = "forbidden"
    """The claim is not accepted: it is judged as if it applied."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """The smallest thing that is judged.

    It is met when its rule holds, or without a rule when its score is full, and nothing in it bars.
    `applies` None: always. `barred_if`: whoever it holds for is barred, whatever the points. `among`: for
    PEER_MEAN, the fact whose values divide the peers. `guidance`: reported, counts for nothing.
    """

    id: str
    rule: Rule | None = None
    applies: Rule | None = None
    barred_if: Rule | None = None
    score: Score | None = None
    absence: Absence = Absence.LEAVE_OUT
    among: str | None = None
    guidance: bool = False

    @property
    def conditions(self) -> Iterator[Rule]:
        """The yes/no rules."""
        yield from (rule for rule in (self.applies, self.rule, self.barred_if) if rule is not None)
        yield from () if self.score is None else self.score.conditions

    @property
    def measures(self) -> Iterator[Rule]:
        """The numeric rules."""
        return iter(()) if self.score is None else self.score.measures

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, each once."""
        return tuple(dict.fromkeys((*self.conditions, *self.measures)))

    @property
    def leavable(self) -> bool:
        """Whether it may be left out of its group's points."""
        return self.applies is not None and self.absence is Absence.LEAVE_OUT

    @property
    def averaged(self) -> bool:
        """Whether it gives the peers' mean where it does not apply."""
        return self.absence is Absence.PEER_MEAN and self.applies is not None and self.score is not None

    @property
    def full(self) -> int:
        """The thousandths that it is out of; 0 for what only deducts, or gives none."""
        return 0 if self.score is None else max(self.score.most, 0)

    @property
    def low(self) -> int:
        """The least that it can come to, in thousandths: below 0 for what may deduct."""
        return 0 if self.score is None else self.score.least

    @property
    def mean(self) -> str:
        """The name under which the peers' mean is known."""
        return f"mean_{name_of(self.id)}"


@dataclass(frozen=True, slots=True)
class Item:
    """A requirement of the standard: met when all its indicators are that apply."""

    id: str
    indicators: tuple[Indicator, ...]
    area: str = ""

    @property
    def guidance(self) -> bool:
        """Whether nothing of it counts."""
        return all(indicator.guidance for indicator in self.indicators)

    @property
    def scored(self) -> tuple[Indicator, ...]:
        """The indicators that give points."""
        return tuple(each for each in self.indicators if each.score is not None)

    @property
    def full(self) -> int:
        """The thousandths that it is out of."""
        return sum(each.full for each in self.scored)

    @property
    def leavable(self) -> bool:
        """Whether it may be left out of its area's points."""
        earning = [each for each in self.scored if each.full] or self.scored
        return all(each.leavable for each in earning)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules of its indicators, each once."""
        return tuple(dict.fromkeys(rule for each in self.indicators for rule in each.rules))


@dataclass(frozen=True, slots=True)
class Area:
    """Items whose points are added up; thousandths.

    full: what the area can give; cap: what it may give at most; bonus: it adds to the total and is no part of
    what the total is out of; weight: what its points are multiplied by in the total.
    """

    id: str
    full: int
    cap: int | None = None
    bonus: bool = False
    weight: int | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """The best of a group only: so many, or a share of those who qualify (rounded down).

    among: the fact whose values divide the groups; ties: whether all who share the last place are in.
    """

    count: int | None = None
    share: float | None = None
    among: str | None = None
    ties: bool = True


@dataclass(frozen=True, slots=True)
class Level:
    """A level that is reached when its rule over facts and totals holds, and its quota leaves room."""

    id: str
    needs: Rule
    quota: Quota | None = None

    @property
    def room(self) -> str:
        """The name under which it is known whether the quota leaves room."""
        return f"room_{name_of(self.id)}"


@dataclass(frozen=True, slots=True)
class Peer:
    """A name for where a place stands among its peers by a measure: 1 is best; equal ones share a place.

    share: the place over the number of peers.
    """

    id: str
    measure: Rule
    among: str | None = None
    lowest_first: bool = False
    share: bool = False


@dataclass(frozen=True)
class Standard:
    """All of it. Without levels it is met when every item that applies is met.

    levels: the highest first; passes: the lowest level that meets the requirement; full, cap: of the total,
    in thousandths (full 0: no points); round_to, rounding: of the total, before levels are looked at.
    """

    items: tuple[Item, ...]
    areas: tuple[Area, ...] = ()
    levels: tuple[Level, ...] = ()
    passes: str = ""
    full: int = 0
    cap: int | None = None
    round_to: int = 1
    rounding: Rounding = Rounding.EXACT
    peers: tuple[Peer, ...] = ()

    @classmethod
    def of(cls, indicators: Iterable[Indicator]) -> "Standard":
        """Return a standard of items that are one indicator each, all of which must be met."""
        return cls(tuple(Item(each.id, (each,)) for each in indicators))

    @property
    def indicators(self) -> Iterator[Indicator]:
        """Every indicator, in order."""
        return (indicator for item in self.items for indicator in item.indicators)

    @property
    def scored(self) -> bool:
        """Whether there are points."""
        return any(indicator.score is not None for indicator in self.indicators)

    def leavable(self, area: Area) -> bool:
        """Return whether an area may be left out of the total: no item of it gives points everywhere."""
        scored = [item for item in self.items if item.area == area.id and item.scored]
        return all(item.leavable for item in [each for each in scored if each.full] or scored)

    @property
    def reach(self) -> int:
        """More than any sum of its indicators' points can be, in thousandths, up or down."""
        ends = (each.score.ends for each in self.indicators if each.score is not None)
        return 1 + sum(max(abs(least), abs(most)) for least, most in ends) + max(self.full, self.cap or 0)

    @property
    def compares(self) -> bool:
        """Whether anything depends on other places."""
        quotas = any(level.quota is not None for level in self.levels)
        return quotas or bool(self.peers) or bool(self.averaged)

    @cached_property
    def averaged(self) -> tuple[Indicator, ...]:
        """The indicators that give the peers' mean where they do not apply."""
        return tuple(each for each in self.indicators if each.averaged)

    @property
    def deciding(self) -> tuple[Level, ...]:
        """The levels of which one is enough to meet the requirement."""
        last = next((n for n, level in enumerate(self.levels) if level.id == self.passes), len(self.levels))
        return self.levels[: last + 1]

    @cached_property
    def facts(self) -> frozenset[str]:
        """The names that come from outside: facts and parameters."""
        rules = [rule for item in self.items for rule in item.rules]
        rules += [peer.measure for peer in self.peers]
        named = frozenset(name for rule in rules for name in rule.facts)
        by_levels = frozenset(name for level in self.levels for name in level.needs.facts)
        outside = named | (by_levels - self.totals.keys()) | self.dividing
        return outside - {peer.id for peer in self.peers}

    @property
    def dividing(self) -> frozenset[str]:
        """The facts whose values divide the places into groups."""
        named = [each.among for each in self.peers] + [each.among for each in self.indicators]
        named += [level.quota.among for level in self.levels if level.quota is not None]
        return frozenset(name for name in named if name is not None)

    @property
    def totals(self) -> dict[str, FactType]:
        """The names that levels may use beside facts, with their kinds."""
        return dict.fromkeys(self.sums, FactType.NUMBER) | {
            f"item_{name_of(item.id)}": FactType.BOOL for item in self.items
        }

    @property
    def sums(self) -> frozenset[str]:
        """The names of totals that are numbers, and may still be open."""
        areas = (f"{what}_{name_of(area.id)}" for area in self.areas for what in ("area", "share"))
        return frozenset({"total", "least_share", *areas})


def name_of(number: str) -> str:
    """Return an id as a part of a name that rules can use: `2.1-a` → `2_1_a`."""
    return re.sub(r"[^a-z0-9]", "_", number.lower())
