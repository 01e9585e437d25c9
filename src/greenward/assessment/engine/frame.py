"""Facts in columns, checked against the rules that will read them."""

from collections.abc import Iterable
from datetime import date

import polars as pl

from greenward.assessment.engine.check import check_known
from greenward.assessment.engine.facts import LARGEST, FactType, type_of_column
from greenward.assessment.engine.problems import RuleError
from greenward.assessment.engine.tree import Rule

PLACE = "place"
"""The frame's key column; it is kept as it is, and no fact has this name."""


def absent_of(conditions: Iterable[Rule], measures: Iterable[Rule], frame: pl.DataFrame) -> frozenset[str]:
    """Return the facts without any value, after checking that all others fit the rules.

    Raises RuleError when a column does not fit a rule.
    """
    schema, reach = frame.schema, _reach(frame)
    absent: set[str] = set()
    for gives, rules in ((FactType.BOOL, conditions), (FactType.NUMBER, measures)):
        for rule in rules:
            kinds = _kinds(rule, schema, reach)
            absent |= rule.facts - kinds.keys()
            if problems := check_known(rule, kinds, gives=gives):
                raise RuleError(problems[0])
    return frozenset(absent)


def _kinds(rule: Rule, schema: pl.Schema, reach: dict[str, int]) -> dict[str, FactType]:
    """Return the kinds of a rule's facts that have a column."""
    kinds: dict[str, FactType] = {}
    for name in rule.facts:
        dtype = schema.get(name, pl.Null())
        if dtype == pl.Null:
            continue
        if (kind := type_of_column(dtype)) is None:
            raise RuleError(rule.fact_problem("unknown_kind", name, found=str(dtype)))
        if (value := reach.get(name, 0)) > LARGEST:
            raise RuleError(rule.fact_problem("value_out_of_range", name, value=value))
        kinds[name] = kind
    return kinds


def _reach(frame: pl.DataFrame) -> dict[str, int]:
    """Return the greatest absolute value of each column that could hold numbers out of range."""
    wide = pl.col([name for name, dtype in frame.schema.items() if dtype in {pl.Int64, pl.UInt64, pl.Int128}])
    least, most = frame.select(wide.min()), frame.select(wide.max())
    ends = zip(least.columns, least.rows()[0], most.rows()[0], strict=True) if least.width else ()
    return {name: max(-low, high) for name, low, high in ends if low is not None}


UNTIL = ".until"
"""What a column of last valid days adds to its fact's name."""


def clean(name: str, schema: pl.Schema, as_of: date) -> pl.Expr:
    """Return a fact's column in one of the five types.

    A number that is not finite is unknown, and so is what has expired: where there is a column `name.until`,
    of days, a value counts up to that day (null: for good).
    """
    dtype = schema[name]
    found = _typed(name, dtype)
    if name + UNTIL not in schema:
        return found
    return pl.when(pl.col(name + UNTIL).fill_null(as_of) >= as_of).then(found).alias(name)


def _typed(name: str, dtype: pl.DataType) -> pl.Expr:
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
