"""Rules told by their shape: what is counted, over what, and how much is enough."""

import re
from dataclasses import dataclass

NAME = r"([a-z][a-z0-9_]*)"
NUMBER = r"(-?[0-9]+(?:\.[0-9]+)?|[a-z][a-z0-9_]*)"


@dataclass(frozen=True)
class ShapeOfRule:
    """A usual shape: its name for people, the rule with places to fill in, and how to recognise it."""

    name: str
    text: str
    pattern: re.Pattern[str]
    over: bool = False
    threshold: bool = True


def _shape(name: str, text: str, *, over: bool = False, threshold: bool = True) -> ShapeOfRule:
    pattern = re.escape(text).replace(r"\{fact\}", NAME).replace(r"\{over\}", NAME)
    return ShapeOfRule(name, text, re.compile(pattern.replace(r"\{threshold\}", NUMBER)), over, threshold)


SHAPES = {
    "yes": _shape("是", "{fact}", threshold=False),
    "ratio_least": _shape("比例不低于", "ratio({fact}, {over}) >= {threshold}", over=True),
    "ratio_most": _shape("比例不高于", "ratio({fact}, {over}) <= {threshold}", over=True),
    "least": _shape("数量不少于", "{fact} >= {threshold}"),
    "most": _shape("数量不多于", "{fact} <= {threshold}"),
    "within_days": _shape("距今不超过（天）", "days_since({fact}) <= {threshold}"),
}
"""By name in the data of a form; every other rule is told by its text."""
NAMES = {key: shape.name for key, shape in SHAPES.items()}


@dataclass(frozen=True)
class Told:
    """A rule told by its shape."""

    shape: str
    fact: str
    over: str = ""
    threshold: str = ""


def rule_of(told: Told) -> str:
    """Return the rule's text; KeyError for a shape that there is not."""
    shape = SHAPES[told.shape]
    return shape.text.format(fact=told.fact, over=told.over, threshold=told.threshold)


def lacking(told: Told) -> str:
    """Return which of ``fact``, ``over`` and ``threshold`` is needed and missing; empty for none."""
    shape = SHAPES[told.shape]
    needed = [("fact", True), ("over", shape.over), ("threshold", shape.threshold)]
    return next((name for name, needs in needed if needs and not getattr(told, name)), "")


def told_of(rule: str | None) -> Told | None:
    """Return a rule by its shape where that says it to the letter; None where only its text does."""
    for key, shape in SHAPES.items():
        found = shape.pattern.fullmatch(rule or "")
        if found is not None:
            parts = list(found.groups())
            over = parts.pop(1) if shape.over else ""
            told = Told(key, parts[0], over, parts[1] if shape.threshold else "")
            return told if rule_of(told) == rule else None
    return None
