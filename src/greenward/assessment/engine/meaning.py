"""What the operators mean for single values: three-valued logic, comparison, arithmetic of doubles."""

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from greenward.assessment.engine.facts import LARGEST, Value
from greenward.assessment.engine.tree import ArithmeticOp, CompareOp

Known = bool | int | float | date | str
"""A known value once decimals are doubles."""
Bounds = tuple[Any, Any]
"""The least and the greatest that a value can still turn out to be; the same twice when it is known."""


class Why(StrEnum):
    """Why a value is unknown where it became so.

    OPEN: only a range is known yet; STALE: what was known has expired.
    """

    MISSING = "missing"
    DIVISION_BY_ZERO = "division_by_zero"
    OUT_OF_RANGE = "out_of_range"
    OPEN = "open"
    STALE = "stale"


_COMPARE: Mapping[CompareOp, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATE: Mapping[ArithmeticOp, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_WHOLE_END = 2**63


def kleene(values: Iterable[Value | None], *, decisive: bool) -> bool | None:
    """Return the three-valued or (decisive True) or and (decisive False) of yes/no values."""
    seen = list(values)
    if any(value is decisive for value in seen):
        return decisive
    return None if any(value is None for value in seen) else not decisive


def compare(op: CompareOp, left: Bounds | None, right: Bounds | None) -> bool | None:
    """Compare two values of which each is known, unknown, or known to lie within bounds.

    The answer is known as soon as all values within the bounds give the same.
    """
    if left is None or right is None:
        return None
    if op in {"==", "!="}:
        apart = left[0] != right[0] if _single(left, right) else left[1] < right[0] or right[1] < left[0]
        if apart or _single(left, right):
            return apart is (op == "!=")
        return None
    flip = op in {"<", "<="}
    holds, fails = (left[1], right[0]), (left[0], right[1])
    best, worst = (fails, holds) if flip else (holds, fails)
    if _COMPARE[op](*worst):
        return True
    return None if _COMPARE[op](*best) else False


def _single(left: Bounds, right: Bounds) -> bool:
    return bool(left[0] == left[1] and right[0] == right[1])


def calculate(op: ArithmeticOp, left: float, right: float) -> tuple[int | float | None, Why | None]:
    """Return the number, or None and why there is none.

    Doubles throughout, as in the columns: what is too large for a double is infinite, and compares so.
    Whole operands give a whole number, except of a division. A remainder has the divisor's sign.
    """
    if op in {"/", "%"} and right == 0:
        return None, Why.DIVISION_BY_ZERO
    if op == "%" and not all(-_WHOLE_END <= operand < _WHOLE_END for operand in (left, right)):
        return None, Why.OUT_OF_RANGE
    result = float(int(left) % int(right)) if op == "%" else _CALCULATE[op](float(left), float(right))
    if math.isnan(result):
        return None, Why.OUT_OF_RANGE
    whole = isinstance(left, int) and isinstance(right, int) and op != "/" and abs(result) <= LARGEST
    return (int(result) if whole else result), None
