"""What depends on the other places of a group: places in a ranking, the peers' mean, room in a quota."""

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from greenward.assessment.engine.columns import LEAST, MOST
from greenward.assessment.engine.points import Points
from greenward.assessment.engine.spread import Spread
from greenward.assessment.engine.standard import Indicator, Peer, Quota


def ranked(peer: Peer, measured: tuple[pl.Expr, pl.Expr] | None) -> tuple[pl.Expr, pl.Expr]:
    """Return the place among the peers, from the best to the worst that those unknown allow.

    measured: the bounds of the measure, None when nothing is known. Whose group is unknown has no place.
    """
    least, most = measured or (pl.lit(None, dtype=pl.Float64),) * 2
    value = pl.when(least == most).then(least.cast(pl.Float64) + 0.0)
    place = value.rank("min", descending=not peer.lowest_first).cast(pl.Int64)
    unknown, size = value.is_null().sum().cast(pl.Int64), pl.len().cast(pl.Int64)
    first = place.fill_null(1)
    last = pl.when(value.is_null()).then(size).otherwise(place + unknown)
    over = size if peer.share else pl.lit(1)
    ends = (first.cast(pl.Float64) / over, last.cast(pl.Float64) / over)
    one, other = (_in_group(end, peer.among) for end in ends)
    return one.alias(peer.id + LEAST), other.alias(peer.id + MOST)


def mean_of(indicator: Indicator, points: Spread, applies: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """Return the mean points of the peers to whom an indicator applies, half a thousandth up.

    points: as if it applied; applies: Boolean, null where unknown. Where that is unknown of a peer, or it
    applies to none, nothing is known.
    """
    count = applies.sum().cast(pl.Int64)
    settled = applies.is_not_null().all() & (count > 0)
    means = []
    for end in points.ends:
        added = pl.when(applies).then(end.cast(pl.Int64)).otherwise(0).sum()
        mean = pl.when(settled).then((2 * added + count) // (2 * count))
        means.append(_in_group(mean, indicator.among))
    return means[0].alias(indicator.mean + LEAST), means[1].alias(indicator.mean + MOST)


def _in_group(figure: pl.Expr, among: str | None) -> pl.Expr:
    """Return a figure worked out group by group; nothing for those whose group is unknown."""
    if among is None:
        return figure
    return pl.when(pl.col(among).is_not_null()).then(figure.over(among))


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whether a place qualifies, its total, and its group (None: unknown)."""

    qualifies: bool | None
    total: Points
    group: object


def rooms(quota: Quota, candidates: Sequence[Candidate]) -> list[bool | None]:
    """Return for each candidate, should it qualify, whether the quota leaves it room; None while open."""
    groups: dict[object, list[int]] = defaultdict(list)
    for number, candidate in enumerate(candidates):
        if candidate.group is not None or quota.among is None:
            groups[candidate.group].append(number)
    found: list[bool | None] = [None] * len(candidates)
    for members in groups.values():
        for number, room in zip(members, _rooms(quota, [candidates[n] for n in members]), strict=True):
            found[number] = room
    return found


def _rooms(quota: Quota, group: Sequence[Candidate]) -> Iterator[bool | None]:
    """Yield the same within one group."""
    sure = sorted(each.total.least for each in group if each.qualifies)
    possible = sorted(each.total.most for each in group if each.qualifies is not False)
    least, most = (_seats(quota, len(those)) for those in (sure, possible))
    behind = bisect_right if quota.ties else bisect_left
    for each in group:
        low, high = each.total
        ahead_most = len(possible) - behind(possible, low)
        ahead_least = len(sure) - behind(sure, high)
        if each.qualifies is not False:  # nobody stands ahead of itself
            ahead_most -= high > low or not quota.ties
        if each.qualifies:
            ahead_least -= low == high and not quota.ties
        yield True if ahead_most < least else False if ahead_least >= most else None


def _seats(quota: Quota, qualified: int) -> int:
    """Return how many may be in, of so many who qualify."""
    if quota.share is not None:
        return math.floor(quota.share * qualified + 1e-9)
    return quota.count or 0
