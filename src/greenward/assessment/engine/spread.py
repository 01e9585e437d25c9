"""Points in columns: the same roll-up as `totals`, over pairs of columns of thousandths."""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import polars as pl

from greenward.assessment.engine.columns import LEAST, MOST
from greenward.assessment.engine.points import HAIR, MOST_STEPS, THOUSAND, Points, Rounding, stepped
from greenward.assessment.engine.scores import Bands, Judged, Marks, Part, Score, Steps
from greenward.assessment.engine.tree import Rule

Kind = type[pl.Int32] | type[pl.Int64]
FEW_MARKS = 8
"""Up to so many changes of points are compared one by one; more are counted as steps."""


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
    first, alone = score.parts[0], len(score.parts) == 1
    if alone and isinstance(first, Bands) and first.ends == first.ends.within(*score.ends):
        return _banded(first, read, read.kind)
    if alone and isinstance(first, Steps) and (marks := first.marks(score.ends, FEW_MARKS)) is not None:
        return _marked(marks, read.measured(first.measure), read.kind)
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


def _marked(marks: Marks, measured: Spread, kind: Kind) -> Spread:
    """Return the points of the last mark that a measure has reached: quicker than counting steps."""
    before, beyond = _reached(marks, measured.least, kind), _short_of(marks, measured.most, kind)
    rising = marks[0][1] <= marks[-1][1]
    return Spread(before, beyond) if rising else Spread(beyond, before)


def _reached(marks: Marks, measured: pl.Expr, kind: Kind) -> pl.Expr:
    """Return the points of the last mark reached; where nothing is known, those before all marks."""
    found: pl.Expr = pl.lit(marks[0][1], dtype=kind)
    for mark, points in marks[1:]:
        found = pl.when(measured >= mark).then(pl.lit(points, dtype=kind)).otherwise(found)
    return found


def _short_of(marks: Marks, measured: pl.Expr, kind: Kind) -> pl.Expr:
    """Return the same, but where nothing is known the points beyond all marks."""
    found: pl.Expr = pl.lit(marks[-1][1], dtype=kind)
    for (_before, points), (mark, _points) in reversed(list(pairwise(marks))):
        found = pl.when(measured < mark).then(pl.lit(points, dtype=kind)).otherwise(found)
    return found


def _stepped(steps: Steps, read: Read) -> Spread:
    measured = read.measured(steps.measure)
    farthest = steps.start + stepped(MOST_STEPS, steps.each, steps.rounding)
    low, high = min(steps.start, farthest), max(steps.start, farthest)
    if steps.measure in read.closed:
        one = steps.start + _steps(steps, measured.least)
        return Spread(one.fill_null(low), one.fill_null(high))
    ends = measured.ends if steps.more_is_better else reversed(measured.ends)
    least, most = (steps.start + _steps(steps, end) for end in ends)
    return Spread(least.fill_null(low), most.fill_null(high))


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
    unknown; low: the least that it can come to.
    """

    points: Spread
    full: int
    applies: pl.Expr | None = None
    low: int = 0


def rolled(members: Sequence[Member]) -> Member:
    """Return a group's points, as `totals.rolled` does for one place."""
    earning = [member for member in members if member.full]
    others = [member.points for member in members if not member.full]
    applies = _any_applies(earning or members)
    if not earning:
        return Member(total(others).or_anything(0, applies), 0, applies)
    full, points = sum(member.full for member in earning), total([member.points for member in earning])
    if len(earning) > 1 and any(member.applies is not None for member in earning):
        possible = _possible(earning)
        points = Spread(*(_renormalised(end, full, possible) for end in points.ends))
    if not others and all(member.low == 0 for member in earning):
        return Member(points, full, applies)  # between none and all by itself, and so where that is open
    points = Spread(*(end.clip(lower_bound=0) for end in total([points, *others]).ends))
    if applies is not None:
        points = Spread(*(pl.when(~applies).then(0).otherwise(end) for end in points.ends))
    return Member(points.or_anything(full, applies), full, applies)


def _any_applies(members: Sequence[Member]) -> pl.Expr | None:
    if not members:
        return pl.lit(value=False)
    signs = [member.applies for member in members if member.applies is not None]
    return pl.any_horizontal(signs) if signs and len(signs) == len(members) else None


def _possible(members: Sequence[Member]) -> pl.Expr:
    """Return what there is to be had, without those that are left out; some of the members may be."""
    always = pl.lit(sum(member.full for member in members if member.applies is None), dtype=pl.Int64)
    maybe = [
        pl.when(~member.applies)
        .then(pl.lit(0, dtype=pl.Int64))
        .otherwise(pl.lit(member.full, dtype=pl.Int64))
        for member in members
        if member.applies is not None
    ]
    return reduce(operator.add, maybe, always)


def _renormalised(points: pl.Expr, full: int, possible: pl.Expr) -> pl.Expr:
    points, possible = points.cast(pl.Int64), possible.cast(pl.Int64)
    stretched = (2 * points * full + possible) // (2 * possible)
    return pl.when(points > 0).then(stretched).otherwise(points)


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
