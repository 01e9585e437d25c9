"""How an indicator gives points: parts that are added up and held between two ends."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from greenward.assessment.engine.points import MOST_STEPS, Points, Rounding, stepped
from greenward.assessment.engine.tree import Rule

Marks = tuple[tuple[float, int], ...]
"""From this measure up, so many thousandths; the first from minus infinity."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Points of the first condition that holds, else `otherwise`; in thousandths."""

    bands: tuple[tuple[Rule, int], ...]
    otherwise: int = 0

    @property
    def ends(self) -> Points:
        """The least and the most it can give."""
        given = [points for _rule, points in self.bands] + [self.otherwise]
        return Points(min(given), max(given))


@dataclass(frozen=True, slots=True)
class Steps:
    """`start`, and `each` more (or less) for every so much of a measure above (or below) a mark.

    start, each: thousandths; beyond, every: in the measure's unit.
    """

    measure: Rule
    start: int
    each: int
    beyond: float = 0.0
    every: float = 1.0
    below: bool = False
    rounding: Rounding = Rounding.DOWN
    most: int = 0
    """What an indicator can give at most: beyond, more steps bring nothing."""

    @property
    def more_is_better(self) -> bool:
        """Whether a greater measure gives more points."""
        return (self.each > 0) is not self.below

    @property
    def best(self) -> float:
        """The measure at which no further step brings anything: the mark, where steps take away."""
        steps = max(math.ceil((self.most - self.start) / self.each), 0) if self.each > 0 else 0
        return self.beyond + (-1 if self.below else 1) * steps * self.every

    def at(self, measured: float) -> int:
        """Return the thousandths that a measured value gives."""
        distance = self.beyond - measured if self.below else measured - self.beyond
        return self.start + stepped(distance / self.every, self.each, self.rounding)

    def marks(self, ends: Points, few: int) -> Marks | None:
        """Return where on its way up the measure changes the points, held between two ends.

        None where it does so more than a few times, or without steps.
        """
        return None if self.rounding is Rounding.EXACT else _marks(self, ends, few)


@lru_cache(maxsize=1024)
def _marks(steps: Steps, ends: Points, few: int) -> Marks | None:
    reach = (MOST_STEPS + 1) * steps.every
    lowest, highest = steps.beyond - reach, steps.beyond + reach

    def given(measured: float) -> int:
        return min(max(steps.at(measured), ends.least), ends.most)

    found = [(-math.inf, given(lowest))]
    while found[-1][1] != given(highest):
        if len(found) > few:
            return None
        below, above = max(found[-1][0], lowest), highest
        while below < (middle := (below + above) / 2) < above:
            below, above = (middle, above) if given(middle) == found[-1][1] else (below, middle)
        found.append((above, given(above)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Judged:
    """Points that a reviewer picks between two ends, with a reason; `fact` names the judgement."""

    fact: Rule
    least: int
    most: int


Part = Bands | Steps | Judged


@dataclass(frozen=True, slots=True)
class Score:
    """The sum of the parts, held between `least` and `most` thousandths."""

    parts: tuple[Part, ...]
    least: int
    most: int

    @property
    def ends(self) -> Points:
        """What is known of the points when nothing else is."""
        return Points(self.least, self.most)

    @property
    def conditions(self) -> Iterator[Rule]:
        """The yes/no rules of the parts."""
        return (rule for part in self.parts if isinstance(part, Bands) for rule, _points in part.bands)

    @property
    def measures(self) -> Iterator[Rule]:
        """The numeric rules of the parts."""
        for part in self.parts:
            if isinstance(part, Steps):
                yield part.measure
            elif isinstance(part, Judged):
                yield part.fact
