"""One rule on all places at once: the same meaning as the interpreter's, as an expression over columns."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any

import polars as pl

from greenward.assessment.engine import tree
from greenward.assessment.engine.interpret import constant
from greenward.assessment.engine.meaning import Known
from greenward.assessment.engine.tree import Node, Rule

_UNKNOWN = pl.lit(None, dtype=pl.Boolean)
_OPERATORS: Mapping[str, Callable[[Any, Any], pl.Expr]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}


FEW = 4
"""Up to so many members of a count are compared as bits; the expression for more would grow too long."""
LEAST, MOST = ".least", ".most"
"""What the two columns of a range add to its name."""


def to_polars(
    rule: Rule, as_of: date, *, absent: frozenset[str] = frozenset(), ranges: frozenset[str] = frozenset()
) -> pl.Expr:
    """Return a nullable Boolean expression; null is unknown.

    A column per fact, named by its id, of type Boolean, Int64, Float64 (null instead of NaN or infinity),
    Date or String, as `standard.assess_all` makes them. Use it in a lazy query: eager polars 2.1 takes some
    literals for columns of one row. The facts in `absent` have no column: unknown. Those in `ranges` have
    two, `name.least` and `name.most`, Float64.
    """
    return _Columns(rule, as_of, absent, ranges).truth(rule.root)


def to_bounds(
    rule: Rule, as_of: date, *, absent: frozenset[str] = frozenset(), ranges: frozenset[str] = frozenset()
) -> tuple[pl.Expr, pl.Expr] | None:
    """Return the least and the most that a rule measures, null where unknown; None: so everywhere."""
    return _Columns(rule, as_of, absent, ranges).bounds(rule.root)


class _Columns:
    """Translates a checked tree; None stands for what is unknown in every row."""

    def __init__(self, rule: Rule, as_of: date, absent: frozenset[str], ranges: frozenset[str]) -> None:
        self.rule = rule
        self.as_of = as_of
        self.absent = absent
        self.ranges = ranges

    def truth(self, node: Node) -> pl.Expr:
        """Translate a yes/no node."""
        expression = self.expression(node)
        return _UNKNOWN if expression is None else expression

    def fixed(self, node: Node) -> bool:
        """Return whether a node is the same in every row. Polars would fold some of these, but not all."""
        named = (below.id for below in tree.walk(node) if isinstance(below, tree.Fact))
        return all(name in self.absent for name in named)

    def expression(self, node: Node) -> pl.Expr | None:
        if self.fixed(node):
            return _literal(constant(self.rule, node, self.as_of))
        match node:
            case tree.Fact(id=name) if name in self.ranges:
                least, most = pl.col(name + LEAST), pl.col(name + MOST)
                return pl.when(least == most).then(least)
            case tree.Fact(id=name):
                return pl.col(name)
            case tree.Negative() | tree.Arithmetic() | tree.CountTrue() | tree.DaysSince() | tree.Year():
                return self.number(node)
            case tree.Choose():
                return self.choose(node)
            case _:
                return self.relation(node)

    def relation(self, node: Node) -> pl.Expr:  # noqa: PLR0911 (one return per kind of node)
        match node:
            case tree.Not(operand=operand):
                return ~self.truth(operand)
            case tree.Logic(op=op, operands=operands):
                among = pl.all_horizontal if op == "&&" else pl.any_horizontal
                return among([self.truth(operand) for operand in operands])
            case tree.Has(fact=fact):
                column = fact.id + LEAST if fact.id in self.ranges else fact.id
                return pl.col(column).is_not_null()
            case tree.Compare(op=op, left=left, right=right):
                return self.compare(op, left, right)
            case tree.Among(subject=subject, options=options) if options:
                return pl.any_horizontal([self.compare("==", subject, option) for option in options])
            case tree.Within(day=day, first=first, end=end):
                return self.compare(">=", day, first) & self.compare("<", day, end)
            case _:
                return pl.lit(value=False)  # among no options at all

    def compare(self, op: tree.CompareOp, left: Node, right: Node) -> pl.Expr:
        if isinstance(left, tree.CountTrue) and op == ">=" and 0 < len(left.operands) <= FEW:
            wanted = constant(self.rule, right, self.as_of) if self.fixed(right) else None
            if isinstance(wanted, int):
                return at_least(wanted, [self.truth(operand) for operand in left.operands])
        if self.open(left) or self.open(right):
            return self.compare_bounds(op, left, right)
        one, other = self.expression(left), self.expression(right)
        return _UNKNOWN if one is None or other is None else _OPERATORS[op](one, other)

    def open(self, node: Node) -> bool:
        """Return whether a node may be a number of which only the bounds are known."""
        return isinstance(node, tree.CountTrue) or (isinstance(node, tree.Fact) and node.id in self.ranges)

    def compare_bounds(self, op: tree.CompareOp, left: Node, right: Node) -> pl.Expr:
        """Compare where a number that is still open may already be large or small enough."""
        one, other = self.bounds(left), self.bounds(right)
        if one is None or other is None:
            return _UNKNOWN
        if op in {"==", "!="}:
            apart = (one[1] < other[0]) | (other[1] < one[0])
            same = (one[0] == one[1]) & (other[0] == other[1]) & (one[0] == other[0])
            holds, fails = (same, apart) if op == "==" else (apart, same)
        else:
            low, high = (one[0], other[1]), (one[1], other[0])
            worst, best = (high, low) if op in {"<", "<="} else (low, high)
            holds, fails = _OPERATORS[op](*worst), ~_OPERATORS[op](*best)
        return holds | (~fails & _UNKNOWN)

    def bounds(self, node: Node) -> tuple[pl.Expr, pl.Expr] | None:
        if isinstance(node, tree.CountTrue):
            return self.count(node, unknown=False), self.count(node, unknown=True)
        if isinstance(node, tree.Fact) and node.id in self.ranges and node.id not in self.absent:
            return pl.col(node.id + LEAST), pl.col(node.id + MOST)
        expression = self.expression(node)
        return None if expression is None else (expression, expression)

    def count(self, node: tree.CountTrue, *, unknown: bool) -> pl.Expr:
        if not node.operands:
            return pl.lit(0, dtype=pl.Int64)
        members = [self.truth(operand).fill_null(value=unknown) for operand in node.operands]
        return reduce(operator.add, [member.cast(pl.Int16) for member in members]).cast(pl.Int64)

    def number(
        self, node: tree.Negative | tree.Arithmetic | tree.CountTrue | tree.DaysSince | tree.Year
    ) -> pl.Expr | None:
        match node:
            case tree.Arithmetic():
                return self.arithmetic(node)
            case tree.CountTrue():
                least, most = self.count(node, unknown=False), self.count(node, unknown=True)
                return pl.when(least == most).then(least)
            case tree.Negative(operand=operand):
                inner = self.expression(operand)
                return None if inner is None else -inner
        day = self.expression(node.day)
        if day is None:
            return None
        if isinstance(node, tree.Year):
            return day.dt.year().cast(pl.Int64)
        epoch = (self.as_of - date(1970, 1, 1)).days
        return pl.lit(epoch, dtype=pl.Int64) - day.cast(pl.Int32).cast(pl.Int64)

    def arithmetic(self, node: tree.Arithmetic) -> pl.Expr | None:
        left, right = self.expression(node.left), self.expression(node.right)
        if left is None or right is None:
            return None
        left, right = left.cast(pl.Float64), right.cast(pl.Float64)
        match node.op:
            case "%":
                rest = left.cast(pl.Int64, strict=False) % right.cast(pl.Int64, strict=False)
                return rest.cast(pl.Float64)
            case "/":
                result = left / pl.when(right != 0.0).then(right)
            case op:
                result = _OPERATORS[op](left, right)
        return result if _finite(node.left) and _finite(node.right) else result.fill_nan(None)

    def choose(self, node: tree.Choose) -> pl.Expr | None:
        if self.fixed(node.condition):
            met = constant(self.rule, node.condition, self.as_of)
            return None if met is None else self.expression(node.then if met else node.otherwise)
        condition = self.truth(node.condition)
        then, otherwise = self.expression(node.then), self.expression(node.otherwise)
        if then is None and otherwise is None:
            return None
        return (
            pl.when(condition)
            .then(pl.lit(None) if then is None else then)
            .when(~condition)
            .then(pl.lit(None) if otherwise is None else otherwise)
        )


def at_least(wanted: int, members: Sequence[pl.Expr]) -> pl.Expr:
    """Return whether so many members hold, null where open: bits are quicker than numbers added up.

    Either enough of the others hold, or one less and the last one.
    """
    if wanted <= 0 or wanted > len(members):
        return pl.lit(wanted <= 0)
    if wanted == len(members):
        return pl.all_horizontal(members)
    if wanted == 1:
        return pl.any_horizontal(members)
    *others, last = members
    return at_least(wanted, others) | (at_least(wanted - 1, others) & last)


def _finite(node: Node) -> bool:
    """Return whether a number is finite for certain, so that it cannot lead to NaN; facts always are."""
    return not any(isinstance(below, tree.Arithmetic) for below in tree.walk(node))


def _literal(value: Known | None) -> pl.Expr | None:
    """Return a literal of the column's type, so that no narrower column narrows it."""
    match value:
        case None:
            return None
        case bool():
            return pl.lit(value, dtype=pl.Boolean)
        case int():
            return pl.lit(value, dtype=pl.Int64)
        case float():
            return pl.lit(value, dtype=pl.Float64)
        case _:
            return pl.lit(value)
