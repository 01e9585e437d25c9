"""Where the module that knows rules tells packs how to check them; packs know no grammar of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

import polars as pl

from greenward.packs.schema.cases import Judged
from greenward.packs.schema.forms import Check, Field, Form
from greenward.packs.schema.pack import Pack

RuleValue = bool | int | float | Decimal | date | str | None
"""A fact's value; None is unknown."""


@dataclass(frozen=True)
class Dated:
    """A value with the day on which it was true and the last on which it counts; None: for good."""

    value: bool | int | float | Decimal | date | str
    observed_on: date
    valid_until: date | None


Situation = Mapping[str, RuleValue | Judged | Dated]
"""The facts of a community, as a case tells them."""


@dataclass(frozen=True)
class RuleFault:
    """A fault in a rule: line and column count from 1 within the rule's own text."""

    line: int
    column: int
    code: str
    message: str


@dataclass(frozen=True)
class Judgement:
    """What the standard says of a situation.

    items: status words by item, supplement and indicator; points: the least and the most by item, indicator,
    area, and of the `total`; level: an id, `none`, or `unknown`.
    """

    items: Mapping[str, str]
    verdict: str
    points: Mapping[str, tuple[Decimal, Decimal]]
    level: str


class RuleReader(Protocol):
    """What packs need from the rule engine."""

    def faults(self, rule: str, names: Mapping[str, str], gives: str = "bool") -> Sequence[RuleFault]:
        """Return every fault of a rule that gives a `bool` or a `number`.

        `names` gives bool, int, number, date or text for each name.
        """

    def judge(self, pack: Pack, situations: Sequence[Situation], as_of: date) -> Judgement:
        """Judge the first of situations that stand beside each other, by the standard and its supplements."""

    def totals(self, areas: Sequence[str], items: Sequence[str]) -> Mapping[str, str]:
        """Return the names that levels may use beside facts, with bool or number for each."""

    def holds(self, rule: str, values: Mapping[str, RuleValue], as_of: date) -> bool | None:
        """Return whether a rule holds; None when what is missing leaves it open."""

    def names(self, rule: str) -> frozenset[str]:
        """Return the facts or fields that a rule names."""

    def column(self, rule: str, as_of: date) -> pl.Expr:
        """Return the same as ``holds`` over columns named like the rule's fields; for a lazy query."""

    def fails_in_xpath(self, rule: str, paths: Mapping[str, str], kinds: Mapping[str, str]) -> str | None:
        """Return an XPath 1.0 condition that is true where the rule surely fails; None if it cannot be said.

        paths: name → where its answer stands; kinds: name → bool, int, number, date or text. Yes and no are
        the texts ``yes`` and ``no`` there, what is missing is empty, ``as_of`` is today.
        """


class _Registry:
    reader: RuleReader | None = None


def register(reader: RuleReader) -> None:
    """Make a rule engine known; the last one registered counts."""
    _Registry.reader = reader


def reader() -> RuleReader:
    """Return the rule engine; LookupError when no module has registered one."""
    if _Registry.reader is None:
        raise LookupError("No rule engine is registered: call greenward.packs.rules.register(...) first.")
    return _Registry.reader


def failed_checks(form: Form, values: Mapping[str, RuleValue], as_of: date) -> tuple[Check, ...]:
    """Return the form's checks that the answers break; a check that missing answers leave open is not broken.

    values: field id → answer, None or absent where unknown; as_of: the day that `as_of` means in the rules.
    """
    return tuple(check for check in form.checks if reader().holds(check.rule, values, as_of) is False)


def applies(field: Field, values: Mapping[str, RuleValue], as_of: date) -> bool:
    """Return whether a field is asked at all: not where its condition fails; what is unknown does not fail.

    values: field id → answer of the same form, None or absent where unknown; as_of: as for checks.
    """
    return field.when is None or reader().holds(field.when, values, as_of) is not False
