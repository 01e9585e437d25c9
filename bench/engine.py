"""The nation's communities under a standard of sixty items; the limit is touching the same columns once."""

import random
from collections.abc import Iterable
from datetime import date, timedelta

import polars as pl
import polars.selectors as cs

from bench.figures import Figure, seconds
from greenward.assessment.engine.all import assess_all
from greenward.assessment.engine.columns import to_polars
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.standard import Indicator, Standard

COMMUNITIES = 127_337
SHAPES = 12
AS_OF = date(2022, 9, 15)
ITEMS_PER_SHAPE = (
    ("yes_{n} && yes_other_{n}", None),
    ("ratio(part_{n}, whole_{n}) >= 0.30", "whole_{n} > 0"),
    ("days_since(day_{n}) <= 365", None),
    ("count_true([yes_{n}, yes_other_{n}, part_{n} > 3]) >= 2", None),
    ("part_{n} == whole_{n} || kind_{n} in ['企业', '准物业']", None),
)


def standard() -> Standard:
    """Return sixty items of the five shapes that the real standard has."""
    texts = [
        (rule.format(n=n), applies and applies.format(n=n))
        for n in range(SHAPES)
        for rule, applies in ITEMS_PER_SHAPE
    ]
    return Standard.of(
        Indicator(rule, parse(rule), parse(applies) if applies else None) for rule, applies in texts
    )


def nation() -> pl.DataFrame:
    """Return made-up facts of all communities, one value in twenty missing."""
    chance = random.Random(68)  # noqa: S311 (made-up data, the same in every run)

    def column(values: list[bool] | list[int] | list[date] | list[str]) -> pl.Series:
        choice = [None if chance.random() < 0.05 else chance.choice(values) for _ in range(COMMUNITIES)]
        return pl.Series(choice)

    days = [AS_OF - timedelta(days) for days in range(0, 800, 7)]
    columns: dict[str, pl.Series] = {"place": pl.Series(range(COMMUNITIES)).cast(pl.String)}
    for n in range(SHAPES):
        columns |= {
            f"yes_{n}": column([True, True, True, False]),
            f"yes_other_{n}": column([True, True, True, False]),
            f"part_{n}": column(list(range(10))),
            f"whole_{n}": column(list(range(20))),
            f"day_{n}": column(days),
            f"kind_{n}": column(["企业", "单位自管", "准物业", "无"]),
        }
    return pl.DataFrame(columns)


def run() -> Iterable[Figure]:
    """Measure the columns against touching them, and the interpreter against the columns."""
    whole, frame = standard(), nation()
    numbers = cs.numeric() | cs.boolean()

    def touch() -> pl.DataFrame:
        sums = numbers.sum().name.suffix(" sum")
        latest = cs.date().max().name.suffix(" latest")
        lengths = cs.string().str.len_bytes().sum().name.suffix(" length")
        return frame.select(sums, latest, lengths, pl.all().null_count().name.suffix(" unknown"))

    limit = seconds(touch)
    together = seconds(lambda: assess_all(whole, frame, AS_OF))
    yield Figure(f"rules in columns: {COMMUNITIES:,} × {len(whole.items)}, to touching", together, limit, 3)
    letterless = [
        to_polars(rule, AS_OF).alias(str(n))
        for n, rule in enumerate(each.rule for each in whole.indicators if each.rule)
    ]
    yield Figure(
        "  of which: the rules alone", seconds(lambda: frame.lazy().select(letterless).collect()), limit, 3
    )
