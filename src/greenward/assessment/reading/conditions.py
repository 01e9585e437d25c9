"""A rule's trace as conditions: what is asked, how it stands, what is lacking, each in words."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django_stubs_ext import StrOrPromise

from greenward.assessment.engine import tree
from greenward.assessment.engine.meaning import Why
from greenward.assessment.engine.shortfall import OPPOSITE, shortfalls
from greenward.assessment.engine.trace import Trace
from greenward.assessment.facts.values import FactValue
from greenward.assessment.queries.explanation import Input
from greenward.assessment.reading import lacking
from greenward.assessment.reading.lexicon import SIGNS, Lexicon, listed, percent


@dataclass(frozen=True)
class Condition:
    """A part of a rule as people read it.

    ``holds``: whether it stands as it should (None: unknown). ``joined``: how its ``parts`` belong together
    ("all", "any", "count"; empty for a single one), ``asked`` says it in words. A single one has its
    ``subject``, what is ``asked`` of it, how it stands ``now`` and what is ``lacking`` in words, and the
    ``facts`` it rests on; ``inputs`` are the known ones with their sources, ``missing`` the unknown ones.
    ``withheld``: the reader does not see the figures; ``now`` and ``lacking`` then say nothing of them.
    ``until``: the last day on which it holds if nothing new happens; None where time alone changes nothing.
    """

    holds: bool | None
    subject: str
    asked: str
    now: str = ""
    lacking: str = ""
    joined: str = ""
    parts: tuple["Condition", ...] = ()
    facts: tuple[str, ...] = ()
    missing: tuple[FactValue, ...] = ()
    withheld: bool = False
    inputs: tuple[Input, ...] = ()
    until: date | None = None

    @property
    def singles(self) -> Iterator["Condition"]:
        """The single conditions it is made of, in order."""
        if not self.joined:
            yield self
        for part in self.parts:
            yield from part.singles


class Reader:
    """Reads traces of one community: knows the words, what is known, and what the reader may see."""

    def __init__(
        self,
        lexicon: Lexicon,
        known: Mapping[str, FactValue],
        hidden: frozenset[str],
        as_of: date,
        inputs: Mapping[str, Input],
    ) -> None:
        """``hidden``: the facts whose figures the reader does not see; ``inputs``: known ones, as seen."""
        self.inputs = inputs
        self.lexicon = lexicon
        self.known = known
        self.hidden = hidden
        self.as_of = as_of

    def read(self, trace: Trace, *, goal: bool = True) -> Condition:
        """Return a yes/no rule as conditions; ``goal`` False: it should not hold, as what bars should not."""
        holds = None if trace.value is None else trace.value is goal
        match trace.node:
            case tree.Logic(op=op):
                joined = "all" if (op == "&&") is goal else "any"
                parts = tuple(self._flat(trace.parts, joined, goal=goal))
                asked = _("以下各项都要成立") if joined == "all" else _("以下任一项成立即可")
                return Condition(holds, "", asked, joined=joined, parts=parts)
            case tree.Not():
                return self.read(trace.parts[0], goal=not goal)
            case tree.Choose() if trace.parts[0].value is not None:
                return self.read(trace.parts[1 if trace.parts[0].value else 2], goal=goal)
            case tree.Compare(left=tree.CountTrue(), op=op) if op in {">=", ">", "<=", "<"}:
                return self._counted(trace, op if goal else OPPOSITE[op], holds)
        return self._single(trace, holds, goal=goal)

    def _flat(self, parts: tuple[Trace, ...], joined: str, *, goal: bool) -> Iterator[Condition]:
        """Yield parts; those joined in the same way stand beside each other."""
        for part in parts:
            found = self.read(part, goal=goal)
            yield from found.parts if found.joined == joined else (found,)

    def _counted(self, trace: Trace, op: tree.CompareOp, holds: bool | None) -> Condition:  # noqa: FBT001 (a truth)
        count, limit = trace.parts
        more = op in {">", ">="}
        parts = tuple(self.read(member, goal=more) for member in count.parts)
        asked = _("以下 %(all)s 项中成立的项数%(bound)s") % {
            "all": len(parts),
            "bound": _COMPARED[op] % {"value": self._side(limit, "")},
        }
        now = self.now(count)
        return Condition(holds, "", asked, now=now, joined="count", parts=parts)

    def _single(self, trace: Trace, holds: bool | None, *, goal: bool) -> Condition:  # noqa: FBT001 (a truth)
        facts = tuple(dict.fromkeys(node.id for node in tree.walk(trace.node) if isinstance(node, tree.Fact)))
        subject, asked, now = self._asked(trace, goal=goal)
        withheld = any(fact in self.hidden for fact in facts)
        missing = tuple(self.known[fact] for fact in trace.missing if fact in self.known)
        wanting = "" if holds else self._lacking(trace, goal=goal)
        if withheld:
            now, wanting = "", ""
        inputs = tuple(self.inputs[fact] for fact in facts if fact in self.inputs)
        return Condition(
            holds,
            subject,
            asked,
            now,
            wanting,
            facts=facts,
            missing=missing,
            withheld=withheld,
            inputs=inputs,
            until=self._until(trace, goal=goal) if holds and not withheld else None,
        )

    def _until(self, trace: Trace, *, goal: bool) -> date | None:
        """Return the last day on which so many days since something are not too many."""
        match trace.node:
            case tree.Compare(left=tree.DaysSince(), op=op):
                gone, limit = (part.value for part in trace.parts)
                most = {"<=": math.floor, "<": lambda days: math.ceil(days) - 1}.get(
                    op if goal else OPPOSITE[op]
                )
                if most and isinstance(gone, int | float) and isinstance(limit, int | float):
                    return self.as_of + timedelta(days=most(limit) - int(gone))
        return None

    def _asked(self, trace: Trace, *, goal: bool) -> tuple[str, str, str]:
        """Return the subject, what is asked of it, and how it stands."""
        say = self.lexicon.expression
        match trace.node:
            case tree.Compare(left=left, op=op) if not isinstance(left, tree.Constant):
                way = op if goal else OPPOSITE[op]
                measured, limit = trace.parts
                unit = _is_share(measured, limit)
                bound = percent(limit.value) if unit else self._side(limit, _fact_of(left))
                return say(left), _COMPARED[way] % {"value": bound}, self.now(measured, share=unit)
            case tree.Among(subject=subject, options=options):
                words = listed([self.lexicon.option(subject, each) for each in options])
                asked = _("应为：%(words)s") if goal else _("不应为：%(words)s")
                return say(subject), asked % {"words": words}, self.now(trace.parts[0])
            case tree.Within():
                day, first, end = (self._side(part, "") for part in trace.parts)
                asked = _("在 %(first)s（含）至 %(end)s（不含）之间") % {"first": first, "end": end}
                return say(trace.node.day), asked, day if trace.parts[0].value is not None else ""
            case _:
                asked = _("应为“是”") if goal else _("应为“否”")
                known = "" if trace.value is None else _("是") if trace.value else _("否")
                return say(trace.node), asked, known

    def _side(self, trace: Trace, fact: str) -> str:
        """Return the other side of a comparison: a number, or the name of what gives it with its value."""
        node = trace.node
        if isinstance(node, tree.Constant):
            return self.lexicon.value(fact, node.value)
        own = _fact_of(node)
        if own in self.hidden or trace.value is None:
            return self.lexicon.expression(node)
        number = self.lexicon.value(own, trace.value)
        if own and own not in self.known:  # a parameter: its number says it all
            return number
        return _("%(name)s（%(value)s）") % {"name": self.lexicon.expression(node), "value": number}

    def now(self, trace: Trace, *, share: bool = False) -> str:
        """Return how a measure stands: the numbers in place, and what they come to."""
        if trace.value is None:
            return self._open(trace)
        fact = _fact_of(trace.node)
        number = percent(trace.value) if share else self.lexicon.value(fact, _rounded(trace.value))
        match trace.node:
            case tree.Arithmetic():
                return f"{self._figures(trace)} = {number}"
            case tree.DaysSince():
                return _("%(days)s 天（%(day)s）") % {"days": number, "day": self._figures(trace.parts[0])}
        return number

    def _open(self, trace: Trace) -> str:
        if trace.why is Why.DIVISION_BY_ZERO:
            return _("除数为 0，算不出")
        if trace.ends is None:
            return ""
        least, most = (self.lexicon.value(_fact_of(trace.node), _rounded(end)) for end in trace.ends)
        return _("%(least)s 至 %(most)s（未定）") % {"least": least, "most": most}

    def _figures(self, trace: Trace) -> str:
        """Return an expression with values in the place of names."""
        match trace.node:
            case tree.Arithmetic(op=op):
                left, right = (self._figures(part) for part in trace.parts)
                return f"{left} {SIGNS[op]} {right}"
            case _:
                return "?" if trace.value is None else self.lexicon.value("", _rounded(trace.value))

    def _lacking(self, trace: Trace, *, goal: bool) -> str:
        """Return how much would be enough; nothing where that is unknown, or is asked in so many words."""
        wanted = shortfalls(trace, self.as_of, goal=goal)
        words = [lacking.amount(self.lexicon, trace, one) for one in wanted if one.current is not None]
        return "；".join(word for word in words if word)


_COMPARED: Mapping[tree.CompareOp, StrOrPromise] = {
    "==": _lazy("应为 %(value)s"),
    "!=": _lazy("不应为 %(value)s"),
    ">=": _lazy("不低于 %(value)s"),
    "<=": _lazy("不超过 %(value)s"),
    ">": _lazy("大于 %(value)s"),
    "<": _lazy("小于 %(value)s"),
}


def _fact_of(node: tree.Node) -> str:
    """Return the fact that a part of a rule is; empty for anything else."""
    return node.id if isinstance(node, tree.Fact) else ""


def _is_share(measured: Trace, limit: Trace) -> bool:
    """Tell whether a quotient is compared with a number up to one: people say that in percent."""
    quotient = isinstance(measured.node, tree.Arithmetic) and measured.node.op == "/"
    return quotient and isinstance(limit.value, int | float) and 0 <= limit.value <= 1


def _rounded(value: object) -> object:
    """Return a number for people: two decimals, none where it is whole."""
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() else round(value, 2)
