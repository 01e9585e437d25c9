"""The nation's communities under a standard of sixty items; the limit is touching the same columns once."""

import random
from collections.abc import Callable, Iterable
from datetime import date, timedelta

import polars as pl
import polars.selectors as cs

from bench.figures import Figure, seconds
from greenward.assessment.engine.all import assess_all
from greenward.assessment.engine.columns import to_polars
from greenward.assessment.engine.one import assess_one
from greenward.assessment.engine.proof import proof_of
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.scores import Bands, Score, Steps
from greenward.assessment.engine.standard import Area, Indicator, Item, Level, Standard

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


def points() -> Standard:
    """Return sixty indicators that give points, with bands, steps, vetoes, and three levels."""
    kinds: tuple[Callable[[int], Indicator], ...] = (_yes, _bands, _steps, _count, _applying)
    indicators = [kind(n) for n in range(SHAPES) for kind in kinds]
    items = tuple(Item(each.id, (each,), f"area-{n % 4}") for n, each in enumerate(indicators))
    areas = tuple(Area(f"area-{n}", sum(i.full for i in items if i.area == f"area-{n}")) for n in range(4))
    full = sum(area.full for area in areas)
    levels = tuple(
        Level(name, parse(f"total >= {full * share / 1000:.1f} && least_share >= 0.4"))
        for name, share in (("aaa", 0.9), ("aa", 0.8), ("a", 0.7))
    )
    return Standard(items, areas, levels, "a", full)


def _yes(n: int) -> Indicator:
    rule, veto = parse(f"yes_{n} && yes_other_{n}"), parse(f"kind_{n} == '无' && part_{n} > 8")
    return Indicator(f"yes-{n}", rule, barred_if=veto, score=Score((Bands(((rule, 2000),)),), 0, 2000))


def _bands(n: int) -> Indicator:
    bands = tuple((parse(f"ratio(part_{n}, whole_{n}) >= {t}"), p) for t, p in ((0.6, 2000), (0.3, 1000)))
    return Indicator(f"bands-{n}", score=Score((Bands(bands),), 0, 2000))


def _steps(n: int) -> Indicator:
    return Indicator(f"steps-{n}", score=Score((Steps(parse(f"part_{n}"), 2000, -500, 3.0),), 0, 2000))


def _count(n: int) -> Indicator:
    measure = parse(f"count_true([yes_{n}, yes_other_{n}, part_{n} > 3])")
    return Indicator(f"count-{n}", score=Score((Steps(measure, 0, 500),), 0, 1500))


def _applying(n: int) -> Indicator:
    rule, applies = parse(f"days_since(day_{n}) <= 365"), parse(f"whole_{n} > 0")
    return Indicator(f"day-{n}", rule, applies, score=Score((Bands(((rule, 1000),)),), 0, 1000))


def run() -> Iterable[Figure]:
    """Measure the columns against touching them, and one community with its proof against 5 ms."""
    whole, scored, frame = standard(), points(), nation()
    numbers = cs.numeric() | cs.boolean()

    def touch() -> pl.DataFrame:
        sums = numbers.sum().name.suffix(" sum")
        latest = cs.date().max().name.suffix(" latest")
        lengths = cs.string().str.len_bytes().sum().name.suffix(" length")
        return frame.select(sums, latest, lengths, pl.all().null_count().name.suffix(" unknown"))

    limit = seconds(touch)
    for name, each in (("conditions", whole), ("points", scored)):
        together = seconds(lambda each=each: assess_all(each, frame, AS_OF))  # type: ignore[misc] # bound here
        figure = f"{COMMUNITIES:,} × {len(each.items)} {name}"
        yield Figure(f"{figure}, to touching", together, limit, 3)
        yield Figure(f"{figure}, to 0.2 s", together, 0.2, 1)
    rules = [
        to_polars(rule, AS_OF).alias(str(n))
        for n, rule in enumerate(i.rule for i in whole.indicators if i.rule)
    ]
    yield Figure(
        "  of which: the rules alone", seconds(lambda: frame.lazy().select(rules).collect()), limit, 3
    )
    row = {name: value for name, value in frame.row(0, named=True).items() if name != "place"}
    for name, each in (("conditions", whole), ("points", scored)):
        proof = seconds(lambda each=each: proof_of(assess_one(each, row, AS_OF), AS_OF))  # type: ignore[misc] # bound here
        yield Figure(f"one community with its proof, 60 {name}, to 5 ms", proof, 0.005, 1)
