"""Robust statistics of a peer group: how far a value lies from its peers, whatever a few of them say."""

import polars as pl

FAR = 3.5
"""Scores beyond this are outliers (Iglewicz and Hoaglin 1993, modified z-score)."""
FEWEST = 20
"""A group of fewer says nothing about its members."""
CONSISTENT = 0.6745
"""The median absolute deviation of a normal distribution, in standard deviations."""
MEAN_CONSISTENT = 0.7979
"""The mean absolute deviation of the same."""


def robust_score(value: pl.Expr, group: str) -> pl.Expr:
    """Return each value's modified z-score among its group's logarithms; null where it has none.

    Only positive values have one: sizes are compared by ratio, and zero is an answer of another kind.
    Where more than half of a group agree, the mean absolute deviation takes the median's place; where all
    agree, nobody has a score. Groups below :data:`FEWEST` have none.
    """
    size = pl.when(value > 0).then(value).log()
    off = size - size.median().over(group)
    median_off, mean_off = off.abs().median().over(group), off.abs().mean().over(group)
    spread = pl.when(median_off > 0).then(median_off / CONSISTENT).otherwise(mean_off / MEAN_CONSISTENT)
    enough = (size.count().over(group) >= FEWEST) & (spread > 0)
    return pl.when(enough).then(off / spread)
