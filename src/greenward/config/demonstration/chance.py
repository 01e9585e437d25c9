"""Chance that always falls the same: drawn from a text, such as a community's code."""

from math import exp
from random import Random

WIDEST = 1.8
"""No draw lies further from the middle, in standard deviations: far ones are seeded on purpose."""


def dice_of(text: str) -> Random:
    """Return dice that fall the same for the same text."""
    return Random(text)  # noqa: S311 — made-up data, not a secret


def chance(dice: Random, percent: float) -> bool:
    """Tell whether something happens that does so in ``percent`` of all cases."""
    return dice.random() * 100 < percent


def around(dice: Random, middle: float, spread: float = 0.25) -> float:
    """Return a size near ``middle``: its logarithm is spread, as sizes are."""
    return middle * exp(max(-WIDEST, min(WIDEST, dice.gauss(0, 1))) * spread)


def parted(dice: Random, whole: int, parts: int) -> list[int]:
    """Return ``whole`` cut into so many parts of about the same size."""
    weights = [dice.uniform(0.6, 1.4) for _ in range(parts)]
    ends = [round(whole * sum(weights[: n + 1]) / sum(weights)) for n in range(parts)]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]
