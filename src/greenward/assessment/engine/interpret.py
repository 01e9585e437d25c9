"""One rule on one place: the verdict, and why.

Every function of a rule is total: what cannot be said is unknown. So all operands are evaluated, also
where the verdict is already decided, and the trace shows each of them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import cast

from greenward.assessment.engine import tree
from greenward.assessment.engine.check import check_known
from greenward.assessment.engine.facts import (
    LARGEST,
    Dated,
    Facts,
    FactType,
    Judgement,
    Range,
    Value,
    type_of,
)
from greenward.assessment.engine.meaning import Bounds, Known, Why, calculate, compare, kleene
from greenward.assessment.engine.problems import RuleError
from greenward.assessment.engine.shortfall import Shortfall, shortfalls
from greenward.assessment.engine.trace import Trace
from greenward.assessment.engine.tree import Node, Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a rule says of one place: True, False, or None for unknown."""

    value: bool | None
    trace: Trace
    as_of: date

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts whose absence keeps the result unknown, in the order of the text."""
        return self.trace.missing

    @property
    def shortfall(self) -> tuple[Shortfall, ...]:
        """What would make the rule hold, in the order of the text; nothing when it holds."""
        return tuple(shortfalls(self.trace, self.as_of))


def evaluate(rule: Rule, facts: Facts, as_of: date) -> Outcome:
    """Apply a rule to one place's facts as of a day; a fact that is absent or None is unknown.

    Raises RuleError when a fact's value does not fit the rule: type_mismatch, incomparable, unordered,
    unknown_kind, value_out_of_range.
    """
    trace = _interpreted(rule, facts, as_of, FactType.BOOL)
    return Outcome(cast("bool | None", trace.value), trace, as_of)


def measure(rule: Rule, facts: Facts, as_of: date) -> Trace:
    """Return the number that a rule measures at one place; `bounds` says between what it lies when open.

    Raises RuleError as `evaluate` does.
    """
    return _interpreted(rule, facts, as_of, FactType.NUMBER)


def constant(rule: Rule, node: Node, as_of: date) -> Known | None:
    """Return the value of a part of a rule where none of its facts is known."""
    return _Interpreter(rule, {}, as_of).run(node).value


def _interpreted(rule: Rule, facts: Facts, as_of: date, gives: FactType) -> Trace:
    """Walk a rule over those of its facts that count on the day, after checking that they fit."""
    known: dict[str, Known | Range] = {}
    kinds: dict[str, FactType] = {}
    for name in rule.facts:
        value = _plain(facts.get(name), as_of)
        if value is None:
            continue
        if (kind := type_of(value)) is None:
            raise RuleError(rule.fact_problem("unknown_kind", name, found=type(value).__name__))
        if isinstance(value, int) and abs(value) > LARGEST:
            raise RuleError(rule.fact_problem("value_out_of_range", name, value=value))
        known[name], kinds[name] = value, kind
    if problems := check_known(rule, kinds, gives=gives):
        raise RuleError(problems[0])
    unknown = rule.facts - known.keys()
    stale = frozenset(name for name in unknown if isinstance(facts.get(name), Dated))
    return _Interpreter(rule, known, as_of, stale).run(rule.root)


def _plain(value: Value | Range | Judgement | Dated | None, as_of: date) -> Known | Range | None:
    """Return a number as a double where it is not whole; what is not finite, or expired, is unknown."""
    if isinstance(value, Dated):
        value = value.on(as_of)
    if isinstance(value, Judgement):
        value = value.value if value.reason.strip() else None
    if isinstance(value, Range):
        return value.least if value.least == value.most else value
    if isinstance(value, Decimal):
        value = float(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value


class _Interpreter:
    """Walks a checked tree bottom up."""

    def __init__(
        self, rule: Rule, facts: Mapping[str, Known | Range], as_of: date, stale: frozenset[str] = frozenset()
    ) -> None:
        self.rule = rule
        self.facts = facts
        self.stale = stale
        self.as_of = as_of

    def run(self, node: Node) -> Trace:
        text = self.rule.source(node)
        match node:
            case tree.Fact(id=name) if name not in self.facts:
                absent = Why.STALE if name in self.stale else Why.MISSING
                return Trace(node, text, None, missing=(name,), why=absent)
            case tree.Fact(id=name) if isinstance(found := self.facts[name], Range):
                return Trace(node, text, None, missing=(name,), why=Why.OPEN, ends=(found.least, found.most))
            case tree.Constant() | tree.Fact() | tree.AsOf() | tree.Has():
                return Trace(node, text, self.leaf(node))
        parts = tuple(self.run(child) for child in tree.children(node))
        value, why = self.value(node, parts)
        if value is not None:
            return Trace(node, text, value, parts)
        missing = dict.fromkeys(name for part in parts for name in part.missing)
        return Trace(node, text, None, parts, tuple(missing), why)

    def leaf(self, node: tree.Constant | tree.Fact | tree.AsOf | tree.Has) -> Known | None:
        match node:
            case tree.Constant(value=value):
                return cast("Known | None", value)
            case tree.Fact(id=name):
                return cast("Known", self.facts[name])
            case tree.AsOf():
                return self.as_of
            case tree.Has(fact=fact):
                return fact.id in self.facts

    def value(self, node: Node, parts: tuple[Trace, ...]) -> tuple[Known | None, Why | None]:
        match node:
            case tree.Logic(op=op):
                return kleene((part.value for part in parts), decisive=op == "||"), None
            case tree.Compare(op=op):
                return compare(op, bounds(parts[0]), bounds(parts[1])), None
            case tree.Among():
                subject = bounds(parts[0])
                same = (compare("==", subject, bounds(part)) for part in parts[1:])
                return kleene(same, decisive=True), None
            case tree.Within():
                day, first, end = (bounds(part) for part in parts)
                return kleene((compare(">=", day, first), compare("<", day, end)), decisive=False), None
            case tree.Choose():
                condition, then, otherwise = (part.value for part in parts)
                return (None if condition is None else then if condition else otherwise), None
        values = [part.value for part in parts if part.value is not None]
        return self.strict(node, values) if len(values) == len(parts) else (None, None)

    def strict(self, node: Node, values: list[Known]) -> tuple[Known | None, Why | None]:
        """Return the value of a node whose operands are all known."""
        match node, values:
            case tree.Not(), [operand]:
                return not operand, None
            case tree.CountTrue(), _:
                return sum(value is True for value in values), None
            case tree.DaysSince(), [date() as day]:
                return (self.as_of - day).days, None
            case tree.Year(), [date() as day]:
                return day.year, None
            case tree.Negative(), [int() | float() as operand]:
                return -operand, None
            case tree.Arithmetic(op=op), [int() | float() as left, int() | float() as right]:
                return calculate(op, left, right)
        raise AssertionError(node)  # the check lets nothing else through


def bounds(trace: Trace) -> Bounds | None:
    """Return between which values a node lies: an open number and a count with unknown members have ends."""
    if trace.value is not None:
        return trace.value, trace.value
    if trace.ends is not None:
        return trace.ends
    if isinstance(trace.node, tree.CountTrue):
        least = sum(part.value is True for part in trace.parts)
        return least, least + sum(part.value is None for part in trace.parts)
    return None
