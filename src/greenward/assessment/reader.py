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
from greenward.assessment.engine.standard import Item, assess_one
from greenward.assessment.engine.status import verdict
from greenward.assessment.engine.xpath import Question, fails
from greenward.packs.rules import Judgement, RuleFault, RuleValue
from greenward.packs.schema.standard import Item as PackItem


class EngineReader:
    """Registered with ``greenward.packs.rules`` when Django starts."""

    def faults(self, rule: str, names: Mapping[str, str]) -> Sequence[RuleFault]:
        """Return what stops the reading of a rule, or else every name and type in it that does not fit."""
        try:
            problems = check(parse(rule), {name: FactType(kind) for name, kind in names.items()})
        except RuleError as error:
            problems = [error.problem]
        return [_fault(problem) for problem in problems]

    def judge(self, items: Sequence[PackItem], values: Mapping[str, RuleValue], as_of: date) -> Judgement:
        """Judge a situation by the items of a pack; their rules are known to be sound."""
        read = [
            Item(item.id, parse(item.rule), parse(item.applies) if item.applies else None) for item in items
        ]
        outcomes = assess_one(read, values, as_of)
        statuses = {outcome.id: outcome.status for outcome in outcomes}
        words = {number: status.value for number, status in statuses.items()}
        return Judgement(words, verdict(statuses.values()).value)

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
