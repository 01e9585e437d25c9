"""The rule engine as packs see it: faults of a rule in words, and a situation judged."""

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
from django.utils.translation import gettext

from greenward.assessment.engine.check import check
from greenward.assessment.engine.columns import to_polars
from greenward.assessment.engine.facts import FactType
from greenward.assessment.engine.interpret import evaluate
from greenward.assessment.engine.problems import RuleError, RuleProblem
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.standard import Area, Item, Standard
from greenward.assessment.engine.xpath import Question, fails
from greenward.assessment.trial import judged
from greenward.packs.rules import Judgement, RuleFault, RuleValue, Situation
from greenward.packs.schema.pack import Pack


class EngineReader:
    """Registered with ``greenward.packs.rules`` when Django starts."""

    def faults(self, rule: str, names: Mapping[str, str], gives: str = "bool") -> Sequence[RuleFault]:
        """Return what stops the reading of a rule, or else every name and type in it that does not fit."""
        try:
            kinds = {name: FactType(kind) for name, kind in names.items()}
            problems = check(parse(rule), kinds, gives=FactType(gives))
        except RuleError as error:
            problems = [error.problem]
        return [_fault(problem) for problem in problems]

    def judge(self, pack: Pack, situations: Sequence[Situation], as_of: date) -> Judgement:
        """Judge the first of several situations by a pack whose rules are known to be sound."""
        return judged(pack, situations, as_of)

    def totals(self, areas: Sequence[str], items: Sequence[str]) -> Mapping[str, str]:
        """Return the names of totals and items, with their kinds."""
        named = Standard(tuple(Item(item, ()) for item in items), tuple(Area(area, full=0) for area in areas))
        return {name: str(kind) for name, kind in named.totals.items()}

    def holds(self, rule: str, values: Mapping[str, RuleValue], as_of: date) -> bool | None:
        """Return whether a rule holds for the values; None when it is open."""
        return evaluate(parse(rule), values, as_of).value

    def names(self, rule: str) -> frozenset[str]:
        """Return what a rule names."""
        return parse(rule).facts

    def column(self, rule: str, as_of: date) -> pl.Expr:
        """Return a nullable Boolean expression: whether the rule holds in each row."""
        return to_polars(parse(rule), as_of)

    def fails_in_xpath(self, rule: str, paths: Mapping[str, str], kinds: Mapping[str, str]) -> str | None:
        """Return the XPath of the rule's failing, over the questions of a field app's form."""
        questions = {name: Question(path, FactType(kinds[name])) for name, path in paths.items()}
        return fails(parse(rule), questions)


def _fault(problem: RuleProblem) -> RuleFault:
    sentence = gettext(problem.template).format_map(problem.data)
    return RuleFault(problem.line, problem.column, problem.code, sentence)
