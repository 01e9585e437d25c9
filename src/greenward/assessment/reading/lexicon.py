"""What the names and signs of rules are called for people."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from greenward.assessment.engine import tree
from greenward.assessment.engine.standard import name_of
from greenward.assessment.queries.wording import label_of, printed
from greenward.packs.schema.pack import Pack

SIGNS: Mapping[tree.ArithmeticOp, str] = {"+": "+", "-": "−", "*": "×", "/": "÷", "%": "mod"}
_BINDS: Mapping[tree.ArithmeticOp, int] = {"+": 1, "-": 1, "*": 2, "/": 2, "%": 2}


def listed(words: list[str]) -> str:
    """Return several words as the reader's language lists them."""
    return _("、").join(words)


class Lexicon:
    """A pack's words for facts, parameters, totals, places among peers, and for what is built from them."""

    def __init__(self, pack: Pack) -> None:
        """Gather the names that levels and peers add to those of facts."""
        self.pack = pack
        standard = pack.standard
        self.more = {"total": _("总分"), "least_share": _("各领域中最低的得分率")}
        for area in standard.areas:
            words = {"area": str(area.title)}
            self.more[f"area_{name_of(area.id)}"] = _("“%(area)s”得分") % words
            self.more[f"share_{name_of(area.id)}"] = _("“%(area)s”得分率") % words
        for item in standard.items:
            words = {"number": item.id, "short": str(item.short)}
            self.more[f"item_{name_of(item.id)}"] = _("第 %(number)s 项“%(short)s”达标") % words
        self.more |= {peer.id: str(peer.title) for peer in standard.peers}

    def name(self, fact: str) -> str:
        """Return what a fact, parameter, total or place among peers is called."""
        return self.more.get(fact) or label_of(self.pack, fact)

    def value(self, fact: str, value: object) -> str:
        """Return a known value of a fact for people; shares of points as percent."""
        if fact.startswith("share_") or fact == "least_share":
            return percent(value)
        return printed(self.pack, fact, value)

    def expression(self, node: tree.Node) -> str:  # noqa: PLR0911 (one return per kind of node)
        """Return what a part of a rule says, without values."""
        match node:
            case tree.Fact(id=fact):
                return self.name(fact)
            case tree.Constant(value=value):
                return printed(self.pack, "", value)
            case tree.Arithmetic(op=op, left=left, right=right):
                return f"{self._operand(left, op)} {SIGNS[op]} {self._operand(right, op, last=True)}"
            case tree.DaysSince(day=day):
                return _("距“%(day)s”的天数") % {"day": self.expression(day)}
            case tree.Year(day=day):
                return _("“%(day)s”的年份") % {"day": self.expression(day)}
            case tree.CountTrue(operands=operands):
                names = listed([self.expression(each) for each in operands])
                return _("“%(names)s”中成立的项数") % {"names": names}
            case tree.Has(fact=fact):
                return _("“%(fact)s”有资料") % {"fact": self.expression(fact)}
            case tree.AsOf():
                return _("评定所依据的日期")
            case _:
                return self._statement(node)

    def _statement(self, node: tree.Node) -> str:  # noqa: PLR0911 (one return per kind of node)
        """Return what a yes/no part says, where it stands inside of something else."""
        match node:
            case tree.Logic(op=op, operands=operands):
                joint = _("，并且") if op == "&&" else _("，或者")
                return joint.join(self.expression(each) for each in operands)
            case tree.Not(operand=operand):
                return _("并非：%(what)s") % {"what": self.expression(operand)}
            case tree.Compare(left=left, op=op, right=right):
                return f"{self.expression(left)} {op} {self.expression(right)}"
            case tree.Negative(operand=operand):
                return f"−{self.expression(operand)}"
            case tree.Among(subject=subject, options=options):
                words = listed([self.option(subject, each) for each in options])
                return _("%(what)s为%(words)s之一") % {"what": self.expression(subject), "words": words}
            case tree.Choose(condition=condition, then=then, otherwise=otherwise):
                parts = {"c": condition, "a": then, "b": otherwise}
                told = {name: self.expression(part) for name, part in parts.items()}
                return _("如果%(c)s，则看%(a)s，否则看%(b)s") % told
            case tree.Within(day=day, first=first, end=end):
                told = {
                    name: self.expression(part) for name, part in {"d": day, "f": first, "e": end}.items()
                }
                return _("%(d)s在 %(f)s 与 %(e)s 之间") % told
            case _:
                raise AssertionError(node)  # all other kinds are told apart before

    def option(self, subject: tree.Node, option: tree.Node) -> str:
        """Return a value that a fact is compared with, in the words of that fact's choices."""
        if isinstance(option, tree.Constant) and isinstance(subject, tree.Fact):
            return self.value(subject.id, option.value)
        return self.expression(option)

    def _operand(self, node: tree.Node, op: tree.ArithmeticOp, *, last: bool = False) -> str:
        text = self.expression(node)
        loose = isinstance(node, tree.Arithmetic) and _BINDS[node.op] < _BINDS[op] + last
        return f"({text})" if loose else text


def percent(value: object) -> str:
    """Return a share as percent with one decimal, none where it is whole."""
    if not isinstance(value, int | float):
        return str(value)
    share = round(value * 100, 1)
    return f"{share:.0f}%" if share == int(share) else f"{share:.1f}%"
