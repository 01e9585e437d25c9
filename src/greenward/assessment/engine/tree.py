"""The syntax tree of a rule: what both back-ends walk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal as OneOf

from greenward.assessment.engine.facts import FactType, Value
from greenward.assessment.engine.problems import RuleProblem

LogicOp = OneOf["&&", "||"]
CompareOp = OneOf["==", "!=", "<", "<=", ">", ">="]
ArithmeticOp = OneOf["+", "-", "*", "/", "%"]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the rule's text, half-open, counted in characters from 0."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the rule; None is `null`. A decimal is the nearest double."""

    span: Span
    value: Value | None
    type: FactType | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact, by its id."""

    span: Span
    id: str


@dataclass(frozen=True, slots=True)
class AsOf:
    """The day as of which the rule is applied."""

    span: Span


@dataclass(frozen=True, slots=True)
class Not:
    """`!operand`."""

    span: Span
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Negative:
    """`-operand`."""

    span: Span
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Logic:
    """`a && b && …` or `a || b || …`: two operands or more."""

    span: Span
    op: LogicOp
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right`."""

    span: Span
    op: CompareOp
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left op right`; `ratio(a, b)` is its `/`."""

    span: Span
    op: ArithmeticOp
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Choose:
    """`condition ? then : otherwise`."""

    span: Span
    condition: "Node"
    then: "Node"
    otherwise: "Node"


@dataclass(frozen=True, slots=True)
class Among:
    """`subject in [options]`."""

    span: Span
    subject: "Node"
    options: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class CountTrue:
    """`count_true([operands])`: how many hold."""

    span: Span
    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Has:
    """`has(fact)`: whether it is known."""

    span: Span
    fact: Fact


@dataclass(frozen=True, slots=True)
class DaysSince:
    """`days_since(day)`: the as-of day minus the day, in days; negative for a day to come."""

    span: Span
    day: "Node"


@dataclass(frozen=True, slots=True)
class Year:
    """`year(day)`: the calendar year."""

    span: Span
    day: "Node"


@dataclass(frozen=True, slots=True)
class Within:
    """`within(day, first, end)`: first <= day < end."""

    span: Span
    day: "Node"
    first: "Node"
    end: "Node"


Node = (
    Constant
    | Fact
    | AsOf
    | Not
    | Negative
    | Logic
    | Compare
    | Arithmetic
    | Choose
    | Among
    | CountTrue
    | Has
    | DaysSince
    | Year
    | Within
)


def children(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911 (one return per kind of node)
    """Return a node's operands, in the order of the text."""
    match node:
        case Constant() | Fact() | AsOf():
            return ()
        case Not(operand=operand) | Negative(operand=operand):
            return (operand,)
        case Logic(operands=operands) | CountTrue(operands=operands):
            return operands
        case Compare(left=left, right=right) | Arithmetic(left=left, right=right):
            return (left, right)
        case Choose():
            return (node.condition, node.then, node.otherwise)
        case Among():
            return (node.subject, *node.options)
        case Has(fact=fact):
            return (fact,)
        case DaysSince(day=day) | Year(day=day):
            return (day,)
        case Within():
            return (node.day, node.first, node.end)


def copies(node: Node) -> tuple[int, ...]:
    """Return how often the columns repeat each operand at most: nesting multiplies these."""
    match node:
        case Compare(left=left, right=right):
            counts = isinstance(left, CountTrue) or isinstance(right, CountTrue)
            return (2, 2) if counts else (1, 1)
        case CountTrue(operands=operands):
            return (4,) * len(operands)
        case Choose():
            return (2, 1, 1)
        case Among(options=options):
            return (len(options), *(1 for _ in options))
        case Within():
            return (2, 1, 1)
        case _:
            return (1,) * len(children(node))


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in the order of the text."""
    yield node
    for child in children(node):
        yield from walk(child)


@dataclass(frozen=True)
class Rule:
    """A rule, read once. Two rules are the same when their texts are."""

    text: str
    root: Node = field(compare=False, repr=False)

    @cached_property
    def facts(self) -> frozenset[str]:
        """The ids of the facts that the rule names."""
        return frozenset(node.id for node in walk(self.root) if isinstance(node, Fact))

    def source(self, node: Node) -> str:
        """Return the stretch of text that a node was read from."""
        return self.text[node.span.start : node.span.end]

    def problem(self, code: str, node: Node, data: Mapping[str, object]) -> RuleProblem:
        """Return a problem that stands where the node begins."""
        line, column = position(self.text, node.span.start)
        return RuleProblem(code, line, column, data)

    def fact_problem(self, code: str, name: str, **data: object) -> RuleProblem:
        """Return a problem that stands where a fact is first named."""
        named = (node for node in walk(self.root) if isinstance(node, Fact) and node.id == name)
        return self.problem(code, next(named), {"fact": name, **data})


def position(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column of a character."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
