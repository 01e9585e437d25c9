"""cases/*.yaml: a situation, and what the standard must say about it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from greenward.packs.schema.shape import Bilingual, Defines, Refers, Shape, Slug

ItemStatus = Literal["met", "unmet", "unknown", "not_applicable"]
FactValue = bool | int | Decimal | str | None
"""A value as YAML gives it; a day stays text (2022-09-15) until the fact says that it is one."""


class Expectation(Shape):
    """What the standard must say."""

    verdict: Literal["met", "unmet", "unknown"]
    items: dict[Annotated[str, Refers("item")], ItemStatus] = {}
    """The items that matter here."""
    others: ItemStatus | None = None
    """The status of every item not named."""


class Case(Shape):
    """A situation that an official can read and judge."""

    id: Annotated[Slug, Defines("case")]
    title: Bilingual
    as_of: date
    based_on: Annotated[str, Refers("case")] | None = None
    """Another case whose facts hold here too, unless named below."""
    facts: dict[Annotated[str, Refers("fact")], FactValue] = {}
    """Known values; null or absent means unknown."""
    expect: Expectation
