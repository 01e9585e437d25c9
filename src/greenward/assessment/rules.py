"""From a pack's words to the engine's rules: the standard's items, and the parameters that rules name."""

from functools import lru_cache

from greenward.assessment.engine.facts import FactType, Value
from greenward.assessment.engine.reader import parse
from greenward.assessment.engine.standard import Item
from greenward.packs.schema.facts import Fact, Parameter
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.standard import Item as PackItem

FACT_TYPES: dict[str, FactType] = {
    "bool": FactType.BOOL,
    "count": FactType.INT,
    "year": FactType.INT,
    "number": FactType.NUMBER,
    "date": FactType.DATE,
    "text": FactType.TEXT,
    "choice": FactType.TEXT,
}
"""What a pack's types are to the engine."""


@lru_cache(maxsize=200)
def compiled(rule: str, applies: str | None, number: str) -> Item:
    """Return an item's rules, read once."""
    return Item(number, parse(rule), None if applies is None else parse(applies))


def items_of(items: tuple[PackItem, ...]) -> list[Item]:
    """Return the engine's items for a pack's items, in order."""
    return [compiled(item.rule, item.applies, item.id) for item in items]


def parameter_value(parameter: Parameter) -> Value:
    """Return the number as a rule computes with it: whole where it is whole."""
    value = parameter.value
    return int(value) if value == value.to_integral_value() else value


def parameters_of(pack: Pack) -> dict[str, Value]:
    """Return the pack's parameters as constants of its rules."""
    return {parameter.id: parameter_value(parameter) for parameter in pack.parameters}


def facts_named_by(pack: Pack, items: list[Item]) -> list[Fact]:
    """Return the facts that the items' rules name, in the pack's order."""
    named = {name for item in items for rule in item.rules for name in rule.facts}
    return [fact for fact in pack.facts if fact.id in named]
