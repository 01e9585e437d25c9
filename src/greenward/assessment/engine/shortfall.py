"""What would have to change for a rule to hold: which fact, how it stands, what it would have to be.

Said only where one fact decides: a fact compared with a known value, the numerator of a ratio, the day of
`days_since`, a yes/no fact. Elsewhere nothing is said, rather than something uncertain.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from greenward.assessment.engine import tree
from greenward.assessment.engine.facts import LARGEST
from greenward.assessment.engine.meaning import Known, compare
from greenward.assessment.engine.trace import Trace


class Sense(StrEnum):
    """How the needed value bounds the fact."""

    EXACTLY = "exactly"
    OTHER_THAN = "other_than"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    ONE_OF = "one_of"


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One fact that would have to be otherwise.

    `needed` has one value, more only for ONE_OF; a day for facts that are days. `current` is None when
    unknown. `either`: one of several ways, any of which would do. `text`: the part of the rule.
    """

    fact: str
    current: Known | None
    sense: Sense
    needed: tuple[Known, ...]
    text: str
    either: bool = False

    @property
    def change(self) -> int | float | None:
        """How much more (positive) or less (negative) of a number is needed; None for other facts."""
        needed = self.needed[0]
        if self.sense in {Sense.OTHER_THAN, Sense.ONE_OF} or isinstance(needed, bool | str | date):
            return None
        if self.current is None or isinstance(self.current, bool | str | date):
            return None
        return needed - self.current


_SENSES: Mapping[tree.CompareOp, Sense] = {
    "==": Sense.EXACTLY,
    "!=": Sense.OTHER_THAN,
    ">=": Sense.AT_LEAST,
    "<=": Sense.AT_MOST,
    ">": Sense.MORE_THAN,
    "<": Sense.LESS_THAN,
}
OPPOSITE: Mapping[tree.CompareOp, tree.CompareOp] = {
    "==": "!=",
    "!=": "==",
    ">=": "<",
    "<": ">=",
    "<=": ">",
    ">": "<=",
}
"""What says the contrary."""
_MIRRORED: Mapping[tree.CompareOp, tree.CompareOp] = {
    "==": "==",
    "!=": "!=",
    ">=": "<=",
    "<=": ">=",
    ">": "<",
    "<": ">",
}
_FARTHEST = 1_000_000
"""Days: beyond, there is no date to name."""


def shortfalls(trace: Trace, as_of: date, *, goal: bool = True) -> Iterator[Shortfall]:
    """Yield what would bring a yes/no node to its goal; nothing when it is there already."""
    if trace.value is goal:
        return
    match trace.node:
        case tree.Logic(op=op):
            either = (op == "||") is goal
            for part in trace.parts:
                yield from _marked(shortfalls(part, as_of, goal=goal), either=either)
        case tree.Not():
            yield from shortfalls(trace.parts[0], as_of, goal=not goal)
        case tree.Choose() if trace.parts[0].value is not None:
            yield from shortfalls(trace.parts[1 if trace.parts[0].value else 2], as_of, goal=goal)
        case tree.Fact(id=fact):
            yield Shortfall(fact, trace.value, Sense.EXACTLY, (goal,), trace.text)
        case tree.Compare(op=op):
            yield from _compared(trace, op if goal else OPPOSITE[op], as_of)
        case tree.Within() if goal:
            day, first, end = trace.parts
            yield from _sided(trace.text, ">=", day, first, as_of)
            yield from _sided(trace.text, "<", day, end, as_of)
        case tree.Among() if goal:
            yield from _one_of(trace)


def _marked(found: Iterator[Shortfall], *, either: bool) -> Iterator[Shortfall]:
    return (replace(shortfall, either=True) if either else shortfall for shortfall in found)


def _one_of(trace: Trace) -> Iterator[Shortfall]:
    subject, *options = trace.parts
    needed = tuple(option.value for option in options if option.value is not None)
    if isinstance(subject.node, tree.Fact) and needed and len(needed) == len(options):
        yield Shortfall(subject.node.id, subject.value, Sense.ONE_OF, needed, trace.text)


def _compared(trace: Trace, op: tree.CompareOp, as_of: date) -> Iterator[Shortfall]:
    left, right = trace.parts
    if isinstance(left.node, tree.Constant | tree.AsOf):
        left, right, op = right, left, _MIRRORED[op]
    if isinstance(left.node, tree.CountTrue) and op not in {"==", "!="} and right.value is not None:
        for member in left.parts:
            yield from _marked(shortfalls(member, as_of, goal=op in {">", ">="}), either=True)
        return
    yield from _sided(trace.text, op, left, right, as_of)


def _sided(text: str, op: tree.CompareOp, left: Trace, right: Trace, as_of: date) -> Iterator[Shortfall]:
    """Yield what the fact on the left would have to be, to stand so to the value on the right."""
    limit = right.value
    if limit is None or (left.value is not None and compare(op, (left.value,) * 2, (limit,) * 2)):
        return
    inner, bound = left, None
    match left.node:
        case tree.Fact():
            bound = _bound(op, limit) if isinstance(left.value, int | date) else (op, limit)
        case tree.DaysSince(day=tree.Fact()):
            inner, bound = left.parts[0], _day(op, limit, as_of)
        case tree.Arithmetic(op="/", left=tree.Fact()):
            inner, bound = left.parts[0], _numerator(op, left.parts, limit)
    fact = inner.node
    if bound is not None and isinstance(fact, tree.Fact) and not _named(fact, left, right):
        yield Shortfall(fact.id, inner.value, _SENSES[bound[0]], (bound[1],), text)


def _named(fact: tree.Fact, *sides: Trace) -> bool:
    """Return whether a fact stands elsewhere in a comparison too, so that it would move both sides."""
    nodes = (node for side in sides for node in tree.walk(side.node))
    return sum(isinstance(node, tree.Fact) and node.id == fact.id for node in nodes) > 1


def _bound(  # noqa: PLR0911 (one return per kind of bound)
    op: tree.CompareOp, limit: Known
) -> tuple[tree.CompareOp, Known] | None:
    """Return the bound for whole numbers and days: the first or last that will do."""
    if isinstance(limit, bool | str) or op == "!=":
        return op, limit
    if isinstance(limit, date):
        if op == ">":
            return None if limit == date.max else (">=", limit + timedelta(days=1))
        if op == "<":
            return None if limit == date.min else ("<=", limit - timedelta(days=1))
        return op, limit
    match op:
        case "==":
            return (op, int(limit)) if limit == int(limit) else None
        case ">=" | "<=":
            return op, math.ceil(limit) if op == ">=" else math.floor(limit)
        case ">":
            return ">=", math.floor(limit) + 1
        case "<":
            return "<=", math.ceil(limit) - 1


def _day(op: tree.CompareOp, limit: Known, as_of: date) -> tuple[tree.CompareOp, Known] | None:
    """Return the bound of the day, from a bound of the days since."""
    bound = _bound(op, limit)
    if bound is None or not isinstance(bound[1], int) or abs(bound[1]) > _FARTHEST:
        return None
    try:
        return _MIRRORED[bound[0]], as_of - timedelta(days=bound[1])
    except OverflowError:
        return None


def _numerator(
    op: tree.CompareOp, parts: tuple[Trace, ...], limit: Known
) -> tuple[tree.CompareOp, Known] | None:
    """Return the bound of a whole numerator: the first or last whose quotient will do."""
    numerator, denominator = (part.value for part in parts)
    if not isinstance(numerator, int | None) or not isinstance(denominator, int) or denominator <= 0:
        return None
    if not isinstance(limit, int | float) or op == "!=" or abs(limit * denominator) > LARGEST:
        return None
    near = round(limit * denominator)
    ratios = {n: n / denominator for n in range(max(near - 2, 0), near + 3)}
    will_do = [n for n, ratio in ratios.items() if compare(op, (ratio, ratio), (limit, limit))]
    if not will_do:
        return None
    match op:
        case "==":
            return op, will_do[0]
        case ">" | ">=":
            return ">=", will_do[0]
        case _:
            return "<=", will_do[-1]
