"""Points in columns: the same roll-up as `totals`, over pairs of columns of thousandths."""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import polars as pl

from greenward.assessment.engine.columns import LEAST, MOST
from greenward.assessment.engine.points import HAIR, MOST_STEPS, THOUSAND, Rounding, stepped
from greenward.assessment.engine.scores import Bands, Judged, Part, Score, Steps
from greenward.assessment.engine.tree import Rule


@dataclass(frozen=True, slots=True)
class Spread:
    """The least and the most of points, as expressions."""

    least: pl.Expr
    most: pl.Expr

    @classmethod
    def of(cls, name: str) -> "Spread":
        """Return the two columns of a name."""
        return cls(pl.col(name + LEAST), pl.col(name + MOST))

    @classmethod
    def fixed(cls, least: int, most: int) -> "Spread":
        """Return the same points in every row."""
        return cls(pl.lit(least, dtype=pl.Int64), pl.lit(most, dtype=pl.Int64))

    @property
    def ends(self) -> tuple[pl.Expr, pl.Expr]:
        """Both."""
        return self.least, self.most

    def named(self, name: str) -> tuple[pl.Expr, pl.Expr]:
        """Return both under a name."""
        return self.least.alias(name + LEAST), self.most.alias(name + MOST)


def total(spreads: Sequence[Spread]) -> Spread:
    """Return the sum."""
    if not spreads:
        return Spread.fixed(0, 0)
    least, most = zip(*(spread.ends for spread in spreads), strict=True)
    return Spread(reduce(operator.add, least), reduce(operator.add, most))


def scored(score: Score, names: Mapping[Rule, str]) -> Spread:
    """Return what a score gives; `names` are the columns that hold its rules."""
    parts = total([_part(part, names) for part in score.parts])
    return Spread(*(end.clip(score.least, score.most) for end in parts.ends))


def _part(part: Part, names: Mapping[Rule, str]) -> Spread:
    match part:
        case Bands():
            return _banded(part, names)
        case Steps():
            return _stepped(part, Spread.of(names[part.measure]))
        case Judged():
            return _judged(part, Spread.of(names[part.fact]))


def _banded(bands: Bands, names: Mapping[Rule, str]) -> Spread:
    found = Spread.fixed(bands.otherwise, bands.otherwise)
    for rule, points in reversed(bands.bands):
        holds, given = pl.col(names[rule]), pl.lit(points, dtype=pl.Int64)
        low, high = pl.min_horizontal(given, found.least), pl.max_horizontal(given, found.most)
        found = Spread(
            *(
                pl.when(holds).then(given).when(~holds).then(past).otherwise(open_yet)
                for past, open_yet in ((found.least, low), (found.most, high))
            )
        )
    return found


def _stepped(steps: Steps, measured: Spread) -> Spread:
    one, other = (steps.start + _steps(steps, end) for end in measured.ends)
    farthest = steps.start + stepped(MOST_STEPS, steps.each, steps.rounding)
    low, high = min(steps.start, farthest), max(steps.start, farthest)
    return Spread(pl.min_horizontal(one, other).fill_null(low), pl.max_horizontal(one, other).fill_null(high))


def _steps(steps: Steps, measured: pl.Expr) -> pl.Expr:
    """Return what `points.stepped` gives for the distance of a measure from its mark."""
    distance = steps.beyond - measured if steps.below else measured - steps.beyond
    quantity = (distance / steps.every).clip(0.0, MOST_STEPS)
    match steps.rounding:
        case Rounding.DOWN:
            whole = (quantity + HAIR).floor()
        case Rounding.UP:
            whole = (quantity - HAIR).ceil()
        case Rounding.NEAREST:
            whole = (quantity + (0.5 + HAIR)).floor()
        case _:
            return (quantity * steps.each + (0.5 + HAIR)).floor().cast(pl.Int64)
    return whole.cast(pl.Int64) * steps.each


def _judged(judged: Judged, measured: Spread) -> Spread:
    least, most = measured.ends
    size = ((least.abs() * THOUSAND).clip(0.0, MOST_STEPS) + (0.5 + HAIR)).floor().cast(pl.Int64)
    picked = pl.when(least < 0).then(-size).otherwise(size)
    counts = (least == most) & picked.is_between(judged.least, judged.most)
    return Spread(*(pl.when(counts).then(picked).otherwise(end) for end in (judged.least, judged.most)))


@dataclass(frozen=True, slots=True)
class Member:
    """What one member of a group contributes: 0 where it is left out.

    full: thousandths that it is out of, 0 for what only adds or deducts; applies None: everywhere.
    """

    points: Spread
    full: int
    applies: pl.Expr | None = None


def rolled(members: Sequence[Member]) -> Member:
    """Return a group's points, as `totals.rolled` does for one place."""
    earning = [member for member in members if member.full]
    added = total([member.points for member in members if not member.full])
    if not earning:
        return Member(added, 0, _any_applies(members))
    full, earned = sum(member.full for member in earning), total([member.points for member in earning])
    applies = _any_applies(earning)
    if any(member.applies is not None for member in earning):
        possible = reduce(operator.add, (_possible(member) for member in earning))
        earned = Spread(*(_renormalised(end, full, possible) for end in earned.ends))
    points = Spread(
        *((one + more).clip(lower_bound=0) for one, more in zip(earned.ends, added.ends, strict=True))
    )
    if applies is not None:
        points = Spread(*(pl.when(applies).then(end).otherwise(0) for end in points.ends))
    return Member(points, full, applies)


def _any_applies(members: Sequence[Member]) -> pl.Expr | None:
    if not members:
        return pl.lit(value=False)
    signs = [member.applies for member in members if member.applies is not None]
    return pl.any_horizontal(signs) if signs and len(signs) == len(members) else None


def _possible(member: Member) -> pl.Expr:
    full = pl.lit(member.full, dtype=pl.Int64)
    return full if member.applies is None else pl.when(member.applies).then(full).otherwise(0)


def _renormalised(points: pl.Expr, full: int, possible: pl.Expr) -> pl.Expr:
    stretched = (2 * points * full + possible) // (2 * possible)
    return pl.when((possible > 0) & (possible < full)).then(stretched).otherwise(points)


def weighted(points: pl.Expr, weight: int) -> pl.Expr:
    """Return points times a weight in thousandths, half a thousandth up."""
    return points if weight == THOUSAND else (2 * points * weight + THOUSAND) // (2 * THOUSAND)


def rounded(points: pl.Expr, to: int, way: Rounding) -> pl.Expr:
    """Return points as a whole number of `to` thousandths."""
    match way:
        case Rounding.DOWN:
            return points // to * to
        case Rounding.UP:
            return -(-points // to) * to
        case Rounding.NEAREST:
            return (2 * points + to) // (2 * to) * to
        case _:
            return points
