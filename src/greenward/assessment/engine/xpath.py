"""A rule as XPath 1.0, as field apps (ODK, Kobo, Enketo) compute it: where it surely holds, where it fails.

What is missing is an empty text there; both conditions are false where a missing value leaves the rule open.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from greenward.assessment.engine import tree
from greenward.assessment.engine.facts import FactType
from greenward.assessment.engine.tree import Node, Rule

YES, NO = "yes", "no"
"""The codes of the two answers to a yes/no question."""
OPPOSITE = {"==": "!=", "!=": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
SIGNS = {"==": "=", "/": "div"}


@dataclass(frozen=True)
class Question:
    """How a fact is asked: the XPath of its answer, and its kind."""

    path: str
    kind: FactType


class UnsayableError(Exception):
    """XPath cannot say the rule."""


def fails(rule: Rule, questions: Mapping[str, Question]) -> str | None:
    """Return the XPath that is true where the rule surely fails; None where XPath cannot say it.

    It cannot for facts that are not asked, remainders, and texts with both kinds of quotes.
    """
    try:
        return _Writer(questions).fails(rule.root)
    except UnsayableError:
        return None


class _Writer:
    """Walks a tree; yes/no nodes have two conditions, others a value and what must be known for it."""

    def __init__(self, questions: Mapping[str, Question]) -> None:
        self._questions = questions

    def holds(self, node: Node) -> str:
        return self._condition(node, wanted=True)

    def fails(self, node: Node) -> str:
        return self._condition(node, wanted=False)

    def _condition(self, node: Node, *, wanted: bool) -> str:  # noqa: PLR0911 (one return per kind of node)
        match node:
            case tree.Constant(value=bool() as value):
                return "true()" if value is wanted else "false()"
            case tree.Fact():
                return f"{self._path(node, FactType.BOOL)} = '{YES if wanted else NO}'"
            case tree.Not(operand=operand):
                return self._condition(operand, wanted=not wanted)
            case tree.Logic(op=op, operands=operands):
                word = "and" if (op == "&&") is wanted else "or"
                return _joined(word, [self._condition(one, wanted=wanted) for one in operands])
            case tree.Has(fact=fact):
                return f"{self._question(fact).path} {'!=' if wanted else '='} ''"
            case tree.Choose():
                return self._chosen(node, wanted=wanted)
            case _:
                return self._compared(node, wanted=wanted)

    def _compared(self, node: Node, *, wanted: bool) -> str:
        match node:
            case tree.Compare(left=left, right=right) if self._is_yes_no(left) or self._is_yes_no(right):
                return self._same(left, right, wanted=wanted is (node.op == "=="))
            case tree.Compare(op=op, left=left, right=right):
                sign = SIGNS.get(op, op) if wanted else OPPOSITE[op]
                return self._known(f"{self._value(left)} {sign} {self._value(right)}", left, right)
            case tree.Among(subject=subject, options=options):
                sign, word = ("=", "or") if wanted else ("!=", "and")
                value = self._value(subject)
                among = _joined(word, [f"{value} {sign} {self._value(one)}" for one in options])
                return self._known(among, subject, *options)
            case tree.Within(day=day, first=first, end=end):
                value = self._value(day)
                pairs = ((">=", first, "<", end), ("<", first, ">=", end))[0 if wanted else 1]
                parts = [
                    f"{value} {pairs[0]} {self._value(pairs[1])}",
                    f"{value} {pairs[2]} {self._value(pairs[3])}",
                ]
                return self._known(_joined("and" if wanted else "or", parts), day, first, end)
            case _:
                raise UnsayableError

    def _chosen(self, node: tree.Choose, *, wanted: bool) -> str:
        then = _joined("and", [self.holds(node.condition), self._condition(node.then, wanted=wanted)])
        other = _joined("and", [self.fails(node.condition), self._condition(node.otherwise, wanted=wanted)])
        return _joined("or", [then, other])

    def _same(self, left: Node, right: Node, *, wanted: bool) -> str:
        both = [(self.holds(left), self.holds(right)), (self.fails(left), self.fails(right))]
        crossed = [(self.holds(left), self.fails(right)), (self.fails(left), self.holds(right))]
        return _joined("or", [_joined("and", pair) for pair in (both if wanted else crossed)])

    def _known(self, condition: str, *nodes: Node) -> str:
        """Return the condition, true only where everything in it is known and no divisor is zero."""
        needs: dict[str, None] = {}
        for node in (one for root in nodes for one in tree.walk(root)):
            if isinstance(node, tree.Fact):
                needs[f"{self._question(node).path} != ''"] = None
            elif isinstance(node, tree.Arithmetic) and node.op == "/":
                needs[f"{self._value(node.right)} != 0"] = None
        return _joined("and", [*needs, condition])

    def _value(self, node: Node) -> str:  # noqa: PLR0911 (the same)
        match node:
            case tree.Constant(value=value):
                return _literal(value)
            case tree.Fact():
                return self._question(node).path
            case tree.AsOf():
                return "today()"
            case tree.Negative(operand=operand):
                return f"-({self._value(operand)})"
            case tree.Arithmetic(op=op, left=left, right=right) if op != "%":
                return f"({self._value(left)} {SIGNS.get(op, op)} {self._value(right)})"
            case tree.Year(day=day):
                return f"number(format-date({self._value(day)}, '%Y'))"
            case tree.DaysSince(day=day):
                days = "decimal-date-time(today()) - decimal-date-time"
                return f"int({days}({self._value(day)}))"
            case tree.CountTrue(operands=operands):
                return self._counted(operands)
            case _:
                raise UnsayableError

    def _counted(self, operands: tuple[Node, ...]) -> str:
        """Return how many hold; only of facts, so that all can be asked whether they are known."""
        if not all(isinstance(one, tree.Fact) for one in operands):
            raise UnsayableError
        return f"({' + '.join(f'number({self.holds(one)})' for one in operands)})"

    def _is_yes_no(self, node: Node) -> bool:
        if isinstance(node, tree.Fact):
            return self._question(node).kind == FactType.BOOL
        kinds = tree.Not, tree.Logic, tree.Has, tree.Compare, tree.Among, tree.Within
        return isinstance(node, kinds) or (isinstance(node, tree.Constant) and isinstance(node.value, bool))

    def _question(self, fact: tree.Fact) -> Question:
        if fact.id not in self._questions:
            raise UnsayableError
        return self._questions[fact.id]

    def _path(self, fact: tree.Fact, kind: FactType) -> str:
        question = self._question(fact)
        if question.kind != kind:
            raise UnsayableError
        return question.path


def _joined(word: str, parts: "list[str] | tuple[str, ...]") -> str:
    return parts[0] if len(parts) == 1 else "(" + f" {word} ".join(parts) + ")"


def _literal(value: object) -> str:
    write: Mapping[type, Callable[[object], str]] = {
        str: _quoted,
        date: lambda day: f"date('{day}')",
        int: str,
        float: repr,
        Decimal: str,
    }
    if type(value) not in write:
        raise UnsayableError
    return write[type(value)](value)


def _quoted(text: object) -> str:
    plain = str(text)
    for quote in ("'", '"'):
        if quote not in plain:
            return f"{quote}{plain}{quote}"
    raise UnsayableError
