"""Points in whole thousandths: sums are exact, and the same for one place and in columns."""

import math
from enum import StrEnum
from typing import NamedTuple

THOUSAND = 1000
"""Thousandths in a point: 2.5 points are 2500."""
MOST_STEPS = 1e6
"""More steps than this count as so many; any floor or cap is reached long before."""
HAIR = 1e-9
"""Steps that lie so close below a whole number are that number: 0.9 - 0.8 holds one step of 0.1."""


class Rounding(StrEnum):
    """What becomes of a part of a step, or of a total between two marks."""

    DOWN = "down"
    UP = "up"
    NEAREST = "nearest"
    EXACT = "exact"


class Points(NamedTuple):
    """The least and the most that points can still turn out to be, in thousandths; equal when settled."""

    least: int
    most: int

    @property
    def settled(self) -> bool:
        """Whether the points are known."""
        return self.least == self.most

    def within(self, low: int, high: int) -> "Points":
        """Return the points held between two ends."""
        return Points(min(max(self.least, low), high), min(max(self.most, low), high))

    def or_anything(self, full: int) -> "Points":
        """Return the points, widened to anything from none to all."""
        return Points(min(self.least, 0), max(self.most, full))


def total(points: list[Points]) -> Points:
    """Return the sum."""
    return Points(sum(each.least for each in points), sum(each.most for each in points))


def renormalised(points: int, full: int, possible: int) -> int:
    """Return points out of those possible as points out of the full number, half a thousandth up.

    All are thousandths; possible is more than 0. What takes more than it gives (below 0) is not stretched.
    """
    return points if points < 0 else (2 * points * full + possible) // (2 * possible)


def weighted(points: int, weight: int) -> int:
    """Return points times a weight in thousandths, half a thousandth up."""
    return (2 * points * weight + THOUSAND) // (2 * THOUSAND)


def rounded(points: int, to: int, way: Rounding) -> int:
    """Return points as a whole number of `to` thousandths; EXACT leaves them."""
    match way:
        case Rounding.DOWN:
            return points // to * to
        case Rounding.UP:
            return -(-points // to) * to
        case Rounding.NEAREST:
            return (2 * points + to) // (2 * to) * to
        case _:
            return points


def stepped(quantity: float, each: int, rounding: Rounding) -> int:
    """Return thousandths for a quantity of steps, 0 or more, each worth so many thousandths."""
    steps = min(max(quantity, 0.0), MOST_STEPS)
    match rounding:
        case Rounding.DOWN:
            return math.floor(steps + HAIR) * each
        case Rounding.UP:
            return math.ceil(steps - HAIR) * each
        case Rounding.NEAREST:
            return math.floor(steps + (0.5 + HAIR)) * each
        case _:
            return math.floor(steps * each + (0.5 + HAIR))
