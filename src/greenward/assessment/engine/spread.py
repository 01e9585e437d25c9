"""Points in columns: the same roll-up as `totals`, over pairs of columns of thousandths."""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import polars as pl

from greenward.assessment.engine.columns import LEAST, MOST
from greenward.assessment.engine.points import HAIR, MOST_STEPS, THOUSAND, Points, Rounding, stepped
from greenward.assessment.engine.scores import Bands, Judged, Part, Score, Steps
from greenward.assessment.engine.tree import Rule

Kind = type[pl.Int32] | type[pl.Int64]


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
    def fixed(cls, least: int, most: int, kind: Kind = pl.Int64) -> "Spread":
        """Return the same points in every row."""
        return cls(pl.lit(least, dtype=kind), pl.lit(most, dtype=kind))

    @property
    def ends(self) -> tuple[pl.Expr, pl.Expr]:
        """Both."""
        return self.least, self.most

    def named(self, name: str) -> tuple[pl.Expr, pl.Expr]:
        """Return both under a name."""
        return self.least.alias(name + LEAST), self.most.alias(name + MOST)

    def or_anything(self, full: int, applies: pl.Expr | None) -> "Spread":
        """Return the points, or anything from none to all where it is unknown whether anything applies."""
        if applies is None:
            return self
        least, most = pl.min_horizontal(self.least, 0), pl.max_horizontal(self.most, full)
        unknown = applies.is_null()
        return Spread(
            pl.when(unknown).then(least).otherwise(self.least),
            pl.when(unknown).then(most).otherwise(self.most),
        )


def total(spreads: Sequence[Spread]) -> Spread:
    """Return the sum."""
    if not spreads:
        return Spread.fixed(0, 0)
    least, most = zip(*(spread.ends for spread in spreads), strict=True)
    return Spread(reduce(operator.add, least), reduce(operator.add, most))


@dataclass(frozen=True, slots=True)
class Read:
    """Where the columns of the rules are, and how wide those of points are to be.

    names: the column of a condition, or the pair of a measure; closed: the measures that are a number or
    unknown, never open between two, so that one end says it all.
    """

    names: Mapping[Rule, str]
    closed: frozenset[Rule]
    kind: Kind

    def measured(self, rule: Rule) -> Spread:
        """Return a measure's ends: one column twice where it is closed."""
        pair = Spread.of(self.names[rule])
        return Spread(pair.least, pair.least) if rule in self.closed else pair


def scored(score: Score, read: Read) -> Spread:
    """Return what a score gives."""
    first = score.parts[0]
    if len(score.parts) == 1 and isinstance(first, Bands) and first.ends == first.ends.within(*score.ends):
        return _banded(first, read, read.kind)
    parts = total([_part(part, read) for part in score.parts])
    return Spread(*(end.clip(score.least, score.most).cast(read.kind) for end in parts.ends))


def _part(part: Part, read: Read) -> Spread:
    match part:
        case Bands():
            return _banded(part, read, pl.Int64)
        case Steps():
            return _stepped(part, read)
        case Judged():
            return _judged(part, read.measured(part.fact))


def _banded(bands: Bands, read: Read, kind: Kind) -> Spread:
    """Return the points of the first band that holds; an open one may still give its own, or what follows.

    Where a band is worth at least all that follows, as in most tables, it is the most while open, and what
    follows is the least: one choice an end.
    """
    found = Spread.fixed(bands.otherwise, bands.otherwise, kind)
    later = Points(bands.otherwise, bands.otherwise)
    for rule, points in reversed(bands.bands):
        holds, given = pl.col(read.names[rule]), pl.lit(points, dtype=kind)
        least, most = found.ends
        if points >= later.most:
            least, most = (
                pl.when(holds).then(given).otherwise(least),
                pl.when(~holds).then(most).otherwise(given),
            )
        elif points <= later.least:
            least, most = (
                pl.when(~holds).then(least).otherwise(given),
                pl.when(holds).then(given).otherwise(most),
            )
        else:
            low, high = pl.min_horizontal(given, least), pl.max_horizontal(given, most)
            least, most = (
                pl.when(holds).then(given).when(~holds).then(past).otherwise(open_yet)
                for past, open_yet in ((least, low), (most, high))
            )
        found, later = Spread(least, most), Points(min(points, later.least), max(points, later.most))
    return found


def _stepped(steps: Steps, read: Read) -> Spread:
    measured = read.measured(steps.measure)
    farthest = steps.start + stepped(MOST_STEPS, steps.each, steps.rounding)
    low, high = min(steps.start, farthest), max(steps.start, farthest)
    if steps.measure in read.closed:
        one = steps.start + _steps(steps, measured.least)
        return Spread(one.fill_null(low), one.fill_null(high))
    one, other = (steps.start + _steps(steps, end) for end in measured.ends)
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

    full: thousandths that it is out of, 0 for what only adds or deducts; applies None: everywhere, null where
    unknown; low: below 0 where it may take away more than it gives.
    """

    points: Spread
    full: int
    applies: pl.Expr | None = None
    low: int = 0


def rolled(members: Sequence[Member]) -> Member:
    """Return a group's points, as `totals.rolled` does for one place."""
    earning = [member for member in members if member.full]
    others = [member.points for member in members if not member.full]
    if not earning:
        applies = _any_applies(members)
        return Member(total(others).or_anything(0, applies), 0, applies)
    full, earned = sum(member.full for member in earning), total([member.points for member in earning])
    applies = _any_applies(earning)
    if any(member.applies is not None for member in earning):
        possible = reduce(operator.add, (_possible(member) for member in earning))
        earned = Spread(*(_renormalised(end, full, possible) for end in earned.ends))
    points = total([earned, *others]) if others else earned
    if others or any(member.low < 0 for member in earning):
        points = Spread(*(end.clip(lower_bound=0) for end in points.ends))
    if applies is not None:
        points = Spread(*(pl.when(~applies).then(0).otherwise(end) for end in points.ends))
    return Member(points.or_anything(full, applies), full, applies)


def _any_applies(members: Sequence[Member]) -> pl.Expr | None:
    if not members:
        return pl.lit(value=False)
    signs = [member.applies for member in members if member.applies is not None]
    return pl.any_horizontal(signs) if signs and len(signs) == len(members) else None


def _possible(member: Member) -> pl.Expr:
    full = pl.lit(member.full, dtype=pl.Int64)
    return full if member.applies is None else pl.when(~member.applies).then(0).otherwise(full)


def _renormalised(points: pl.Expr, full: int, possible: pl.Expr) -> pl.Expr:
    points, possible = points.cast(pl.Int64), possible.cast(pl.Int64)
    stretched = (2 * points * full + possible) // (2 * possible)
    return pl.when((possible > 0) & (possible < full) & (points > 0)).then(stretched).otherwise(points)


def weighted(points: pl.Expr, weight: int) -> pl.Expr:
    """Return points times a weight in thousandths, half a thousandth up."""
    if weight == THOUSAND:
        return points
    return (2 * points.cast(pl.Int64) * weight + THOUSAND) // (2 * THOUSAND)


def rounded(points: pl.Expr, to: int, way: Rounding) -> pl.Expr:
    """Return points as a whole number of `to` thousandths."""
    match way:
        case Rounding.DOWN:
            return points // to * to
        case Rounding.UP:
            return -(-points // to) * to
        case Rounding.NEAREST:
            return (2 * points.cast(pl.Int64) + to) // (2 * to) * to
        case _:
            return points
