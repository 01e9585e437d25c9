"""Reads a rule's text into its tree. Precedence, from loose to tight: ?: || && compare + * unary."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Final, cast

from greenward.assessment.engine import tree
from greenward.assessment.engine.cursor import DEEPEST, MISTAKEN, Cursor
from greenward.assessment.engine.facts import LARGEST, FactType, Value
from greenward.assessment.engine.tokens import Token, fault
from greenward.assessment.engine.tree import Node, Rule, Span

LONGEST: Final = 4000
"""Characters in a rule."""
_COMPARISONS = ("==", "!=", "<=", ">=", "<", ">")
_WORDS: Mapping[str, tuple[Value | None, FactType | None]] = {
    "true": (True, FactType.BOOL),
    "false": (False, FactType.BOOL),
    "null": (None, None),
}
_USAGE: Mapping[str, str] = {
    "count_true": "count_true([a, b])",
    "date": "date('2022-01-01')",
    "days_since": "days_since(day)",
    "has": "has(fact)",
    "ratio": "ratio(a, b)",
    "sample_ratio": "sample_ratio(part, sample, least)",
    "within": "within(day, first, end)",
    "year": "year(day)",
}
_ARGUMENTS: Mapping[str, int] = {"ratio": 2, "sample_ratio": 3, "days_since": 1, "year": 1, "within": 3}
RESERVED: Final = frozenset({*_WORDS, *_USAGE, *MISTAKEN, "in", "as_of"})
"""Names that no fact can have."""


@lru_cache(maxsize=4096)
def parse(text: str) -> Rule:
    """Read a rule.

    Raises RuleError with the place of the first fault.
    """
    if len(text) > LONGEST:
        raise fault(text, LONGEST, "rule_too_long", length=len(text), limit=LONGEST)
    if not text.strip():
        raise fault(text, 0, "empty_rule")
    return Rule(text, _Reader(text).rule())


class _Reader(Cursor):
    """A recursive descent."""

    def rule(self) -> Node:
        node = self.expression()
        if self.token.kind != "end":
            raise self.stray("expected_end")
        return node

    def expression(self) -> Node:
        self.nesting += 1
        if self.nesting > DEEPEST:
            raise self.too_deep(self.token.span.start)
        node = self.logic("||")
        if self.accept("?"):
            then = self.expression()
            self.expect(":")
            otherwise = self.expression()
            span = Span(node.span.start, otherwise.span.end)
            node = self.built(tree.Choose(span, node, then, otherwise))
        self.nesting -= 1
        return node

    def logic(self, op: tree.LogicOp) -> Node:
        operands = [self.tighter(op)]
        while self.accept(op):
            operands.append(self.tighter(op))
        if len(operands) == 1:
            return operands[0]
        return self.built(tree.Logic(_around(operands[0], operands[-1]), op, tuple(operands)))

    def tighter(self, op: tree.LogicOp) -> Node:
        return self.logic("&&") if op == "||" else self.comparison()

    def comparison(self) -> Node:
        left = self.sum()
        if self.token.kind == "name" and self.token.text == "in":
            self.take()
            options, end = self.items()
            node: Node = self.built(tree.Among(Span(left.span.start, end), left, options))
        elif token := self.accept(*_COMPARISONS):
            right = self.sum()
            node = self.built(
                tree.Compare(_around(left, right), cast("tree.CompareOp", token.text), left, right)
            )
        else:
            return left
        if self.token.text in (*_COMPARISONS, "in"):
            raise self.stray("chained_comparison")
        return node

    def sum(self) -> Node:
        node = self.product()
        while token := self.accept("+", "-"):
            node = self.arithmetic(token.text, node, self.product())
        return node

    def product(self) -> Node:
        node = self.unary()
        while token := self.accept("*", "/", "%"):
            node = self.arithmetic(token.text, node, self.unary())
        return node

    def arithmetic(self, op: str, left: Node, right: Node) -> Node:
        return self.built(tree.Arithmetic(_around(left, right), cast("tree.ArithmeticOp", op), left, right))

    def unary(self) -> Node:
        if (token := self.accept("!", "-")) is None:
            return self.primary()
        self.nesting += 1
        if self.nesting > DEEPEST:
            raise self.too_deep(token.span.start)
        operand = self.unary()
        self.nesting -= 1
        span = Span(token.span.start, operand.span.end)
        return self.built(tree.Not(span, operand) if token.text == "!" else tree.Negative(span, operand))

    def primary(self) -> Node:
        if opening := self.accept("("):
            inner = self.expression()
            closing = self.expect(")")
            return self.built(replace(inner, span=Span(opening.span.start, closing.span.end)))
        match self.token.kind:
            case "integer" | "decimal":
                return self.number()
            case "text":
                token = self.take()
                return self.constant(token.span, _unquoted(token.text), FactType.TEXT)
            case "name" if self.token.text not in {*MISTAKEN, "in"}:
                return self.name()
            case _:
                raise self.stray("expected_value")

    def constant(self, span: Span, value: Value | None, kind: FactType | None) -> Node:
        return self.built(tree.Constant(span, value, kind))

    def number(self) -> Node:
        token = self.take()
        if token.kind == "decimal":
            return self.constant(token.span, float(token.text), FactType.NUMBER)
        value = int(token.text)
        if value > LARGEST:
            raise fault(self.text, token.span.start, "number_too_large", found=token.text)
        return self.constant(token.span, value, FactType.INT)

    def name(self) -> Node:
        token = self.take()
        if token.text in _WORDS:
            return self.constant(token.span, *_WORDS[token.text])
        if token.text == "as_of":
            return self.built(tree.AsOf(token.span))
        if token.text in _USAGE or self.token.text == "(":
            return self.call(token)
        return self.built(tree.Fact(token.span, token.text))

    def call(self, name: Token) -> Node:
        if name.text not in _USAGE:
            known = ", ".join(_USAGE)
            raise fault(self.text, name.span.start, "unknown_function", found=name.text, known=known)
        self.expect("(")
        start = name.span.start
        match name.text:
            case "date":
                return self.date(start)
            case "has":
                fact = self.known_fact()
                return self.built(tree.Has(Span(start, self.expect(")").span.end), fact))
            case "count_true":
                operands, _ = self.items()
                return self.built(tree.CountTrue(Span(start, self.expect(")").span.end), operands))
            case _:
                return self.plain_call(name)

    def plain_call(self, name: Token) -> Node:
        found, end = self.until(")")
        if len(found) != _ARGUMENTS[name.text]:
            data = {"function": name.text, "found": len(found), "usage": _USAGE[name.text]}
            raise fault(self.text, name.span.start, "wrong_argument_count", **data)
        span = Span(name.span.start, end)
        match name.text:
            case "ratio":
                return self.built(tree.Arithmetic(span, "/", found[0], found[1]))
            case "sample_ratio":
                enough = self.built(tree.Compare(span, ">=", found[1], found[2]))
                share = self.built(tree.Arithmetic(span, "/", found[0], found[1]))
                unknown = self.built(tree.Constant(span, None, None))
                return self.built(tree.Choose(span, enough, share, unknown))
            case "days_since":
                return self.built(tree.DaysSince(span, found[0]))
            case "year":
                return self.built(tree.Year(span, found[0]))
            case _:
                return self.built(tree.Within(span, found[0], found[1], found[2]))

    def date(self, start: int) -> Node:
        token = self.take()
        found = _unquoted(token.text)
        day = _day(found) if token.kind == "text" else None
        if day is None:
            raise fault(self.text, token.span.start, "invalid_date", found=found)
        return self.constant(Span(start, self.expect(")").span.end), day, FactType.DATE)

    def known_fact(self) -> tree.Fact:
        node = self.name() if self.token.kind == "name" else None
        if not isinstance(node, tree.Fact):
            raise self.stray("expected_fact")
        return node

    def items(self) -> tuple[tuple[Node, ...], int]:
        if not self.accept("["):
            raise self.stray("expected_list")
        return self.until("]")

    def until(self, closing: str) -> tuple[tuple[Node, ...], int]:
        found: list[Node] = []
        while not (end := self.accept(closing)):
            if found:
                self.expect(",")
            found.append(self.expression())
        return tuple(found), end.span.end


def _around(first: Node, last: Node) -> Span:
    return Span(first.span.start, last.span.end)


def _day(text: str) -> date | None:
    """Return the day of a text like 2022-01-01; the standard library would also read other shapes."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])
