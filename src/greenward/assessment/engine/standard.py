"""A standard's items on one place, with reasons, or on all places, in one pass."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from greenward.assessment.engine.check import check_known
from greenward.assessment.engine.columns import to_polars
from greenward.assessment.engine.facts import LARGEST, Facts, FactType, type_of_column
from greenward.assessment.engine.interpret import Outcome, evaluate
from greenward.assessment.engine.letters import letters, verdicts, words
from greenward.assessment.engine.problems import RuleError
from greenward.assessment.engine.status import STATUSES, Status
from greenward.assessment.engine.tree import Rule

PLACE = "place"
"""The frame's key column; it is kept as it is, and no fact has this name."""
_PLANNED = pl.QueryOptFlags(comm_subexpr_elim=False)
"""Lazy, for eager polars 2.1 confuses some literals with columns; rules share too little to search for it."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a standard; `applies` is None when it always applies."""

    id: str
    rule: Rule
    applies: Rule | None = None

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The item's rules."""
        return (self.rule,) if self.applies is None else (self.applies, self.rule)


@dataclass(frozen=True, slots=True)
class ItemOutcome:
    """An item's status at a place, with both rules' reasons."""

    id: str
    status: Status
    outcome: Outcome
    applies: Outcome | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts whose absence keeps the status unknown; none when it is known."""
        if self.status is not Status.UNKNOWN:
            return ()
        first = () if self.applies is None else self.applies.missing
        return tuple(dict.fromkeys((*first, *self.outcome.missing)))


def assess_one(items: Iterable[Item], facts: Facts, as_of: date) -> list[ItemOutcome]:
    """Apply a standard to one place's facts as of a day, item by item.

    Raises RuleError when a fact's value does not fit a rule.
    """
    return [_outcome(item, facts, as_of) for item in items]


def _outcome(item: Item, facts: Facts, as_of: date) -> ItemOutcome:
    outcome = evaluate(item.rule, facts, as_of)
    applies = None if item.applies is None else evaluate(item.applies, facts, as_of)
    applicable = True if applies is None else applies.value
    if applicable is False:
        status = Status.NOT_APPLICABLE
    elif applicable is None or outcome.value is None:
        status = Status.UNKNOWN
    else:
        status = Status.MET if outcome.value else Status.UNMET
    return ItemOutcome(item.id, status, outcome, applies)


def assess_all(items: Sequence[Item], frame: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Apply a standard to all places as of a day.

    frame: a row per place, a column `place`, and a column per fact (null is unknown; a fact without a
    column is unknown everywhere). Returns, row by row in the same order: `place`; `statuses`, a letter
    per item in the items' order; `verdict`, "met", "unmet" or "unknown".

    Raises RuleError when a column does not fit a rule.
    """
    rules = [rule for item in items for rule in item.rules]
    absent = _absent(rules, frame)
    present = sorted(frozenset().union(*(rule.facts for rule in rules)) - absent)
    schema = frame.schema
    return (
        frame.lazy()
        .select(PLACE, *(_clean(name, schema[name]) for name in present))
        .select(PLACE, *_judgements(items, as_of, absent))
        .select(PLACE, *(_code(n, item) for n, item in enumerate(items)))
        .select(PLACE, *words(len(items)))
        .select(PLACE, statuses=letters(len(items)), verdict=verdicts(len(items)))
        .collect(optimizations=_PLANNED)
    )


def _absent(rules: Iterable[Rule], frame: pl.DataFrame) -> frozenset[str]:
    """Return the facts without any value, after checking that all others fit the rules."""
    schema, reach = frame.schema, _reach(frame)
    absent: set[str] = set()
    for rule in rules:
        kinds: dict[str, FactType] = {}
        for name in rule.facts:
            dtype = schema.get(name, pl.Null())
            if dtype == pl.Null:
                absent.add(name)
            elif (kind := type_of_column(dtype)) is None:
                raise RuleError(rule.fact_problem("unknown_kind", name, found=str(dtype)))
            else:
                kinds[name] = kind
            if (value := reach.get(name, 0)) > LARGEST:
                raise RuleError(rule.fact_problem("value_out_of_range", name, value=value))
        if problems := check_known(rule, kinds):
            raise RuleError(problems[0])
    return frozenset(absent)


def _reach(frame: pl.DataFrame) -> dict[str, int]:
    """Return the greatest absolute value of each column that could hold numbers out of range."""
    wide = pl.col([name for name, dtype in frame.schema.items() if dtype in {pl.Int64, pl.UInt64, pl.Int128}])
    least, most = frame.select(wide.min()), frame.select(wide.max())
    ends = zip(least.columns, least.rows()[0], most.rows()[0], strict=True) if least.width else ()
    return {name: max(-low, high) for name, low, high in ends if low is not None}


def _clean(name: str, dtype: pl.DataType) -> pl.Expr:
    """Return a fact's column in one of the five types; a number that is not finite is unknown."""
    column = pl.col(name)
    match type_of_column(dtype):
        case FactType.INT:
            return column.cast(pl.Int64)
        case FactType.NUMBER:
            number = column.cast(pl.Float64)
            return pl.when(number.is_finite()).then(number).alias(name)
        case FactType.TEXT:
            return column.cast(pl.String)
        case _:
            return column


def _judgements(items: Iterable[Item], as_of: date, absent: frozenset[str]) -> Iterator[pl.Expr]:
    """Yield for each item n whether it is met, `m{n}`, and whether it applies, `a{n}`."""
    for n, item in enumerate(items):
        yield to_polars(item.rule, as_of, absent=absent).alias(f"m{n}")
        if item.applies is not None:
            yield to_polars(item.applies, as_of, absent=absent).alias(f"a{n}")


def _code(n: int, item: Item) -> pl.Expr:
    """Return an item's status as a number: its place among the letters."""
    unknown, beside = STATUSES.index(Status.UNKNOWN), STATUSES.index(Status.NOT_APPLICABLE)
    code = pl.col(f"m{n}").cast(pl.UInt8).fill_null(unknown).alias(f"{n}")
    if item.applies is None:
        return code
    applies = pl.col(f"a{n}")
    known = pl.when(applies).then(code).when(~applies).then(pl.lit(beside, dtype=pl.UInt8))
    return known.otherwise(pl.lit(unknown, dtype=pl.UInt8)).alias(f"{n}")
