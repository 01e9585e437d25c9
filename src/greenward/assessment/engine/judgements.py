"""Indicators and items in columns: their statuses, whether they bar, and their points."""

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from greenward.assessment.engine.columns import LEAST, MOST
from greenward.assessment.engine.spread import Member, Read, Spread, rolled, scored
from greenward.assessment.engine.standard import Absence, Indicator, Item
from greenward.assessment.engine.status import STATUSES, Status
from greenward.assessment.engine.tree import Rule

UNMET, MET, UNKNOWN, BESIDE = (
    pl.lit(STATUSES.index(status), dtype=pl.UInt8)
    for status in (Status.UNMET, Status.MET, Status.UNKNOWN, Status.NOT_APPLICABLE)
)
Names = Mapping[Rule, str]
"""The columns that hold the rules."""


def applicable(indicator: Indicator, names: Names) -> pl.Expr | None:
    """Return whether an indicator applies, null where unknown; None when it always does."""
    if indicator.applies is None or indicator.absence is Absence.FORBIDDEN:
        return None
    return pl.col(names[indicator.applies])


def barring(indicator: Indicator, names: Names) -> pl.Expr | None:
    """Return whether an indicator bars; None when it never does."""
    if indicator.barred_if is None or indicator.guidance:
        return None
    bars, applies = pl.col(names[indicator.barred_if]), applicable(indicator, names)
    return bars if applies is None else applies & bars


def status(indicator: Indicator, names: Names, points: Spread | None) -> pl.Expr:
    """Return an indicator's status as a code: its place among the letters."""
    met, unmet = [], []
    if indicator.rule is not None:
        holds = pl.col(names[indicator.rule])
        met, unmet = [holds], [~holds]
    if indicator.barred_if is not None:
        bars = pl.col(names[indicator.barred_if])
        met, unmet = [*met, ~bars], [*unmet, bars]
    if indicator.rule is None and indicator.score is not None and points is not None:
        full = indicator.score.most
        met, unmet = [*met, points.least >= full], [*unmet, points.most < full]
    code = pl.when(_all(met)).then(MET).when(_any(unmet)).then(UNMET).otherwise(UNKNOWN)
    applies = applicable(indicator, names)
    if applies is None:
        return code
    return pl.when(applies).then(code).when(~applies).then(BESIDE).otherwise(UNKNOWN)


def _all(signs: list[pl.Expr]) -> pl.Expr:
    return signs[0] if len(signs) == 1 else pl.all_horizontal(signs)


def _any(signs: list[pl.Expr]) -> pl.Expr:
    return signs[0] if len(signs) == 1 else pl.any_horizontal(signs)


def contributed(indicator: Indicator, names: Names, own: Spread) -> Spread:
    """Return an indicator's points where it applies, and what it gives where it does not."""
    applies, score = applicable(indicator, names), indicator.score
    if applies is None or score is None:
        return own
    match indicator.absence:
        case Absence.FULL:
            beside = (pl.lit(score.most), pl.lit(score.most))
        case Absence.PEER_MEAN:
            mean = Spread.of(indicator.mean)
            beside = (mean.least.fill_null(score.least), mean.most.fill_null(score.most))
        case _:
            beside = (pl.lit(0), pl.lit(0))
    ends = zip(own.ends, beside, (score.least, score.most), strict=True)
    return Spread(*(pl.when(applies).then(o).when(~applies).then(b).otherwise(e) for o, b, e in ends))


def own_points(indicator: Indicator, read: Read) -> Spread | None:
    """Return an indicator's points as if it applied everywhere; None when it gives none."""
    return None if indicator.score is None else scored(indicator.score, read)


def stays(indicator: Indicator, names: Names) -> pl.Expr | None:
    """Return where an indicator stays in its group's points, null where unknown; None when it always does."""
    applies = applicable(indicator, names)
    return applies if indicator.leavable else None


def item_status(codes: Sequence[str]) -> pl.Expr:
    """Return what an item comes to, from its counting indicators' codes."""
    if len(codes) == 1:
        return pl.col(codes[0])
    found = [pl.col(code) for code in codes]

    def any_is(wanted: pl.Expr) -> pl.Expr:
        return pl.any_horizontal([each == wanted for each in found])

    known = pl.when(any_is(UNMET)).then(UNMET).when(any_is(UNKNOWN)).then(UNKNOWN)
    return known.when(any_is(MET)).then(MET).otherwise(BESIDE)


def item_points(item: Item, names: Mapping[str, str]) -> Member | None:
    """Return an item's points, from its indicators' columns; None when it gives none.

    names: indicator id → the name of its pair of points; its column `name.in` says where it is not left
    out.
    """
    members = [
        member(names[each.id], each.full, leavable=each.leavable, low=each.low) for each in item.scored
    ]
    return rolled(members) if members else None


def member(name: str, full: int, *, leavable: bool, low: int = 0) -> Member:
    """Return what the columns of a name contribute to their group."""
    return Member(Spread.of(name), full, pl.col(f"{name}.in") if leavable else None, low)


def pair(name: str) -> tuple[str, str]:
    """Return the names of a pair of columns."""
    return name + LEAST, name + MOST


def counting(item: Item) -> Iterable[Indicator]:
    """Return the indicators that make up an item's status: guidance only where there is nothing else."""
    return (each for each in item.indicators if item.guidance or not each.guidance)
