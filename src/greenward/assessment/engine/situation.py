"""One place's facts on a day, of which each rule is asked once."""

from datetime import date

from greenward.assessment.engine.facts import Facts
from greenward.assessment.engine.interpret import Outcome, evaluate, measure
from greenward.assessment.engine.trace import Trace
from greenward.assessment.engine.tree import Rule


class Situation:
    """Facts as of a day; RuleError from its methods when a fact's value does not fit a rule."""

    def __init__(self, facts: Facts, as_of: date) -> None:
        self.facts = facts
        self.as_of = as_of
        self._outcomes: dict[Rule, Outcome] = {}

    def holds(self, rule: Rule) -> Outcome:
        """Return whether a rule holds, with reasons."""
        found = self._outcomes.get(rule)
        if found is None:
            found = self._outcomes[rule] = evaluate(rule, self.facts, self.as_of)
        return found

    def measured(self, rule: Rule) -> Trace:
        """Return the number that a rule measures, with reasons."""
        return measure(rule, self.facts, self.as_of)
