"""Types of a rule, before any data: every fact is known by name, every operand is of the right kind."""

from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache

from greenward.assessment.engine import tree
from greenward.assessment.engine.facts import FactType, FactTypes
from greenward.assessment.engine.problems import RuleProblem
from greenward.assessment.engine.tree import Node, Rule

Function = tree.Has | tree.Not | tree.Logic | tree.CountTrue | tree.DaysSince | tree.Year | tree.Within


def check(rule: Rule, fact_types: FactTypes, *, gives: FactType = FactType.BOOL) -> list[RuleProblem]:
    """Return all problems of a rule over facts of these types, in the order of the text.

    gives: BOOL for a condition, NUMBER for a measure.
    """
    return _Checker(rule, fact_types, strict=True).problems(gives)


def check_known(rule: Rule, fact_types: FactTypes, *, gives: FactType = FactType.BOOL) -> list[RuleProblem]:
    """As `check`, where a fact without a type is one of which nothing is known: it fits everywhere."""
    return list(_known_problems(rule, frozenset(fact_types.items()), gives))


@lru_cache(maxsize=65536)
def _known_problems(
    rule: Rule, fact_types: frozenset[tuple[str, FactType]], gives: FactType
) -> tuple[RuleProblem, ...]:
    return tuple(_Checker(rule, dict(fact_types), strict=False).problems(gives))


class _Checker:
    """Finds the type of each node, bottom up; None is a type that fits everywhere."""

    def __init__(self, rule: Rule, fact_types: FactTypes, *, strict: bool) -> None:
        self.rule = rule
        self.fact_types = fact_types
        self.strict = strict
        self.found: list[RuleProblem] = []
        self.types: dict[int, FactType | None] = {}

    def problems(self, gives: FactType) -> list[RuleProblem]:
        self.wants(gives, [self.rule.root])
        return sorted(self.found, key=lambda problem: (problem.line, problem.column))

    def report(self, code: str, node: Node, **data: object) -> None:
        self.found.append(self.rule.problem(code, node, data))

    def wants(self, wanted: FactType, nodes: Iterable[Node]) -> None:
        for node in nodes:
            kind = self.type(node)
            if kind not in {None, wanted} and not (wanted is FactType.NUMBER and kind is FactType.INT):
                self.report("type_mismatch", node, text=self.rule.source(node), found=kind, expected=wanted)

    def type(self, node: Node) -> FactType | None:
        if id(node) not in self.types:
            self.types[id(node)] = self.typed(node)
        return self.types[id(node)]

    def typed(self, node: Node) -> FactType | None:
        match node:
            case tree.Constant(type=kind):
                return kind
            case tree.AsOf():
                return FactType.DATE
            case tree.Fact():
                return self.fact(node)
            case tree.Choose() | tree.Compare() | tree.Among():
                return self.meeting(node)
            case tree.Negative() | tree.Arithmetic():
                return self.arithmetic(node)
            case _:
                return self.function(node)

    def function(self, node: Function) -> FactType:
        """Return the type of a node whose operands all have one fixed type."""
        match node:
            case tree.Has(fact=fact):
                self.fact(fact)
            case tree.Not() | tree.Logic() | tree.CountTrue():
                self.wants(FactType.BOOL, tree.children(node))
            case tree.DaysSince() | tree.Year() | tree.Within():
                self.wants(FactType.DATE, tree.children(node))
        counts = isinstance(node, tree.CountTrue | tree.DaysSince | tree.Year)
        return FactType.INT if counts else FactType.BOOL

    def fact(self, node: tree.Fact) -> FactType | None:
        if node.id not in self.fact_types and self.strict:
            nearest = get_close_matches(node.id, self.fact_types, n=3, cutoff=0.0)
            self.report("unknown_fact", node, found=node.id, nearest=", ".join(nearest))
        return self.fact_types.get(node.id)

    def arithmetic(self, node: tree.Negative | tree.Arithmetic) -> FactType:
        operands = tree.children(node)
        if isinstance(node, tree.Arithmetic) and node.op == "%":
            self.wants(FactType.INT, operands)
            return FactType.INT
        self.wants(FactType.NUMBER, operands)
        kinds = {self.type(operand) for operand in operands}
        divides = isinstance(node, tree.Arithmetic) and node.op == "/"
        return FactType.INT if kinds == {FactType.INT} and not divides else FactType.NUMBER

    def meeting(self, node: tree.Choose | tree.Compare | tree.Among) -> FactType | None:
        match node:
            case tree.Choose(condition=condition, then=then, otherwise=otherwise):
                self.wants(FactType.BOOL, [condition])
                return self.pair(then, otherwise)
            case tree.Compare(op=op, left=left, right=right):
                kind = self.pair(left, right)
                if op not in {"==", "!="} and kind in {FactType.BOOL, FactType.TEXT}:
                    self.report("unordered", node, found=kind)
                self.nulls(left, right)
            case tree.Among(subject=subject, options=options):
                for option in options:
                    self.pair(subject, option)
                self.nulls(subject, *options)
        return FactType.BOOL

    def nulls(self, *nodes: Node) -> None:
        for node in nodes if self.strict else ():
            if isinstance(node, tree.Constant) and node.type is None:
                self.report("compared_with_null", node)

    def pair(self, left: Node, right: Node) -> FactType | None:
        """Return the type that both sides have."""
        kinds = (self.type(left), self.type(right))
        known = [kind for kind in kinds if kind is not None]
        if len(set(known)) > 1 and not all(kind.numeric for kind in known):
            self.report("incomparable", right, left=kinds[0], right=kinds[1])
            return None
        return _widest(known)


def _widest(kinds: Iterable[FactType | None]) -> FactType | None:
    known = [kind for kind in kinds if kind is not None]
    return FactType.NUMBER if FactType.NUMBER in known else next(iter(known), None)
