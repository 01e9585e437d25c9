"""A standard's columns, stage by stage: facts, rules, indicators, items, areas, total, levels."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import chain

import polars as pl

from greenward.assessment.engine import judgements
from greenward.assessment.engine.columns import LEAST, MOST, to_bounds, to_polars
from greenward.assessment.engine.frame import PLACE, absent_of, clean
from greenward.assessment.engine.group import Candidate, mean_of, ranked, rooms
from greenward.assessment.engine.letters import letters, verdicts, words
from greenward.assessment.engine.points import Points
from greenward.assessment.engine.spread import Read, Spread
from greenward.assessment.engine.standard import Standard
from greenward.assessment.engine.sums import area_points, level_names, total_points
from greenward.assessment.engine.tree import CountTrue, Rule

PLANNED = pl.QueryOptFlags(comm_subexpr_elim=False)
"""Lazy, for eager polars 2.1 confuses some literals with columns; rules share too little to search for it."""

NARROW = 2**31
"""Sums of points below this fit into four bytes, which is half of what there is to move."""


class Table:
    """Applies a standard to a frame of facts.

    Columns: `r{n}` a rule or the pair of a measure, `s{n}` an indicator's status, `p{n}` the pair of its
    points, `{n}` an item's status, `q{n}` its points, `g{n}` an area's, `points` and `total`
    the total, `h{n}` whether a level is reached.
    """

    def __init__(self, standard: Standard, frame: pl.DataFrame, as_of: date) -> None:
        self.standard = standard
        self.as_of = as_of
        self.indicators = tuple(standard.indicators)
        self.ranges = frozenset(peer.id for peer in standard.peers)
        self.conditions = _distinct(each.conditions for each in self.indicators)
        self.measures = _distinct(each.measures for each in self.indicators)
        self.names = {rule: f"r{n}" for n, rule in enumerate((*self.conditions, *self.measures))}
        conditions = [*self.conditions, *(level.needs for level in standard.levels)]
        measures = [*self.measures, *(peer.measure for peer in standard.peers)]
        absent = absent_of(conditions, measures, frame)
        known = standard.totals.keys() if standard.levels else frozenset()
        known -= frozenset() if standard.scored else standard.sums
        self.absent = absent - self.ranges - known
        closed = frozenset(measure for measure in self.measures if self._is_closed(measure))
        narrow = standard.reach < NARROW
        self.read = Read(self.names, closed, pl.Int32 if narrow else pl.Int64)
        self.kept = [PLACE, *self._kept()]
        self.means = [name for each in standard.averaged for name in judgements.pair(each.mean)]
        self.frame = frame

    def _kept(self) -> Iterator[str]:
        """Yield the columns that later stages read again: what levels name, groups, places in rankings."""
        named = {name for level in self.standard.levels for name in level.needs.facts}
        outside = named - self.standard.totals.keys() - self.ranges - self.absent
        yield from sorted(outside | self.standard.dividing)
        yield from chain.from_iterable(judgements.pair(peer.id) for peer in self.standard.peers)

    def _is_closed(self, measure: Rule) -> bool:
        """Return whether a measure is never open between two numbers."""
        return not isinstance(measure.root, CountTrue) and self.ranges.isdisjoint(measure.facts)

    def results(self) -> pl.DataFrame:
        """Return `place`, `statuses`, `verdict`, and `least`, `most`, `level` where the standard has them."""
        standard, count = self.standard, len(self.standard.items)
        codes = [str(n) for n in range(count)]
        deciding = [str(n) for n, item in enumerate(standard.items) if not item.guidance]
        table = self._all_stages()
        packed, prefix = words(codes), "w"
        if len(deciding) < count:
            packed, prefix = [*packed, *words(deciding, "v")], "v"
        table = table.select(PLACE, *self._extra(), *packed).collect(optimizations=PLANNED).lazy()
        verdict = verdicts(len(deciding), prefix) if not standard.levels else _in_words(pl.col("passed"))
        points = {"least": pl.col("points.least"), "most": pl.col("points.most")} if standard.scored else {}
        level = {"level": pl.col("level")} if standard.levels else {}
        return table.select(PLACE, statuses=letters(count), verdict=verdict, **points, **level).collect(
            optimizations=PLANNED
        )

    def _extra(self) -> list[str]:
        points = ["points.least", "points.most"] if self.standard.scored else []
        return points + (["level", "passed"] if self.standard.levels else [])

    def full(self) -> pl.DataFrame:
        """Return every column of the last stage."""
        return self._all_stages().collect(optimizations=PLANNED)

    def _all_stages(self) -> pl.LazyFrame:
        table = self._judged(self._facts()).pipe(self._items)
        if self.standard.scored:
            table = table.pipe(self._points)
        return table.pipe(self._levels) if self.standard.levels else table

    def _facts(self) -> pl.LazyFrame:
        """Return the facts as the rules want them, with the places in rankings."""
        schema = self.frame.schema
        present = [name for name in sorted(self.standard.facts) if schema.get(name, pl.Null) != pl.Null]
        table = self.frame.lazy().select(PLACE, *(clean(name, schema, self.as_of) for name in present))
        nowhere = sorted(self.standard.dividing - set(present))
        table = table.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in nowhere)
        places = [
            column
            for peer in self.standard.peers
            for column in ranked(peer, to_bounds(peer.measure, self.as_of, absent=self.absent))
        ]
        return table.with_columns(places) if places else table

    def _judged(self, table: pl.LazyFrame) -> pl.LazyFrame:
        """Return the indicators' statuses, points, and who is barred."""
        table = table.select(*self.kept, *self._rules())
        own = {n: judgements.own_points(each, self.read) for n, each in enumerate(self.indicators)}
        points = [column for n, found in own.items() if found is not None for column in found.named(f"o{n}")]
        table = table.with_columns(points) if points else table
        own = {n: Spread.of(f"o{n}") if found is not None else None for n, found in own.items()}
        means = [
            column
            for n, each in enumerate(self.indicators)
            if each.averaged and (found := own[n]) is not None and each.applies is not None
            for column in mean_of(each, found, pl.col(self.names[each.applies]))
        ]
        table = table.with_columns(means) if means else table
        return table.select(*self.kept, *self.means, *self._indicators(own), *self._barred())

    def _rules(self) -> Iterator[pl.Expr]:
        for rule in self.conditions:
            column = to_polars(rule, self.as_of, absent=self.absent, ranges=self.ranges)
            yield column.alias(self.names[rule])
        for rule in self.measures:
            ends = to_bounds(rule, self.as_of, absent=self.absent, ranges=self.ranges)
            least, most = ends or (pl.lit(None, dtype=pl.Float64),) * 2
            yield least.cast(pl.Float64).alias(self.names[rule] + LEAST)
            if rule not in self.read.closed:
                yield most.cast(pl.Float64).alias(self.names[rule] + MOST)

    def _indicators(self, own: dict[int, Spread | None]) -> Iterator[pl.Expr]:
        for n, each in enumerate(self.indicators):
            points = own[n]
            yield judgements.status(each, self.names, points).alias(f"s{n}")
            if points is not None:
                yield from judgements.contributed(each, self.names, points).named(f"p{n}")
                stays = judgements.stays(each, self.names)
                if stays is not None:
                    yield stays.alias(f"p{n}.in")

    def _barred(self) -> Iterator[pl.Expr]:
        signs = [
            sign for each in self.indicators if (sign := judgements.barring(each, self.names)) is not None
        ]
        if self.standard.levels:
            yield (pl.any_horizontal(signs) if signs else pl.lit(value=False)).alias("barred")

    def _items(self, table: pl.LazyFrame) -> pl.LazyFrame:
        """Return the items' statuses and points."""
        number = {each.id: n for n, each in enumerate(self.indicators)}
        columns: list[pl.Expr] = []
        for n, item in enumerate(self.standard.items):
            codes = [f"s{number[each.id]}" for each in judgements.counting(item)]
            columns.append(judgements.item_status(codes).alias(f"{n}"))
            found = judgements.item_points(item, {each.id: f"p{number[each.id]}" for each in item.indicators})
            if found is not None:
                columns += found.points.named(f"q{n}")
                columns += [] if found.applies is None else [found.applies.alias(f"q{n}.in")]
        barred = ["barred"] if self.standard.levels else []
        return table.select(*self.kept, *self.means, *barred, *columns)

    def _points(self, table: pl.LazyFrame) -> pl.LazyFrame:
        """Return the areas' points and the total beside all else."""
        table = table.with_columns(area_points(self.standard))
        return table.with_columns(total_points(self.standard))

    def _levels(self, table: pl.LazyFrame) -> pl.LazyFrame:
        """Return which levels are reached, which is the highest, and whether it is enough."""
        table = table.with_columns(level_names(self.standard))
        ranges = self.ranges | self.standard.sums
        needs = [
            to_polars(level.needs, self.as_of, absent=self.absent, ranges=ranges).alias(f"h{n}")
            for n, level in enumerate(self.standard.levels)
        ]
        table = table.with_columns(needs)
        if any(level.quota is not None for level in self.standard.levels):
            table = self._rooms(table.collect(optimizations=PLANNED)).lazy()
        held = [pl.col(f"h{n}") for n in range(len(self.standard.levels))]
        passed = pl.any_horizontal(held[: len(self.standard.deciding)]) & ~pl.col("barred")
        return table.with_columns(passed.alias("passed"), self._highest(held).alias("level"))

    def _rooms(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the levels' columns once their quotas are filled."""
        for n, level in enumerate(self.standard.levels):
            if level.quota is None:
                continue
            groups = table[level.quota.among].to_list() if level.quota.among else [None] * table.height
            rows = zip(table[f"h{n}"], table["points.least"], table["points.most"], groups, strict=True)
            candidates = [Candidate(holds, Points(low, high), group) for holds, low, high, group in rows]
            room = pl.Series(level.room, rooms(level.quota, candidates), dtype=pl.Boolean)
            table = table.with_columns(room).with_columns(
                (pl.col(f"h{n}") & pl.col(level.room)).alias(f"h{n}")
            )
        return table

    def _highest(self, held: Sequence[pl.Expr]) -> pl.Expr:
        """Return the id of the highest level reached, "" for none, null while that is open."""
        barred, none = pl.col("barred"), pl.lit("")
        found = none
        for level, holds in reversed(list(zip(self.standard.levels, held, strict=True))):
            here = pl.when(barred.is_null()).then(None).otherwise(pl.lit(level.id))
            found = pl.when(holds).then(here).when(~holds).then(found).otherwise(None)
        return pl.when(barred).then(none).otherwise(found)


def _distinct(groups: Iterable[Iterable[Rule]]) -> tuple[Rule, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(groups)))


def _in_words(passed: pl.Expr) -> pl.Expr:
    known = pl.when(passed).then(pl.lit("met")).when(~passed).then(pl.lit("unmet"))
    return known.otherwise(pl.lit("unknown"))
