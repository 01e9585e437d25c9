"""cases/*.yaml: a situation, and what the standard must say about it."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import StringConstraints

from greenward.packs.schema.shape import Bilingual, Defines, Refers, Shape, Slug

ItemStatus = Literal["met", "unmet", "unknown", "not_applicable"]


class Judged(Shape):
    """What a reviewer picked, and why; without a reason it does not count."""

    value: Decimal
    reason: Annotated[str, StringConstraints(max_length=500)]


class Observed(Shape):
    """A value with the day on which it was true: for facts that do not stay valid."""

    value: bool | int | Decimal | str
    on: date


FactValue = bool | int | Decimal | str | Judged | Observed | None
"""A value as YAML gives it; a day stays text (2022-09-15) until the fact says that it is one."""


class Expectation(Shape):
    """What the standard must say."""

    level: str | None = None
    """The level's id, `none`, or `unknown`."""
    points: dict[str, Decimal | tuple[Decimal, Decimal]] = {}
    """By `total`, an area, an item or an indicator: its points, or the least and the most yet open."""

    verdict: Literal["met", "unmet", "unknown"]
    items: dict[Annotated[str, Refers("item")], ItemStatus] = {}
    """The items that matter here."""
    others: ItemStatus | None = None
    """The status of every item not named, and of their indicators."""


class Case(Shape):
    """A situation that an official can read and judge."""

    id: Annotated[Slug, Defines("case")]
    title: Bilingual
    as_of: date
    based_on: Annotated[str, Refers("case")] | None = None
    """Another case whose facts hold here too, unless named below."""
    beside: tuple[Annotated[str, Refers("case")], ...] = ()
    """Other cases whose communities stand beside this one, where its rank or its peers matter."""
    facts: dict[Annotated[str, Refers("fact")], FactValue] = {}
    """Known values; null or absent means unknown."""
    expect: Expectation
