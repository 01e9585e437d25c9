"""pilots.yaml: by what communities are proposed as pilots, and how much each counts."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from greenward.packs.schema.shape import Bilingual, ClauseRef, Refers, Shape

Part = Annotated[Decimal, Field(ge=0, le=1)]
"""From nothing (0) to all (1)."""


class Activity(Shape):
    """A count of what was done, and how many are as good as it gets."""

    fact: Annotated[str, Refers("fact")]
    full: Annotated[int, Field(ge=1)]
    """From so many on it counts fully."""


class Criterion(Shape):
    """One criterion by which communities are ranked."""

    id: Literal["willingness", "activity", "groundwork"]
    title: Bilingual
    weight: Annotated[Decimal, Field(gt=0, le=1)]
    clause: ClauseRef
    note: Bilingual | None = None


class PilotRules(Shape):
    """How pilots are proposed. The policy names the criteria; weights and marks are a rule of one's own."""

    criteria: Annotated[tuple[Criterion, ...], Field(min_length=1)]
    minutes: Part
    """Willingness of a community of whose residents' meeting there are minutes; signatures count by share."""
    activities: Annotated[tuple[Activity, ...], Field(min_length=1)]
    old_before: Annotated[int, Field(ge=1900, le=2100)]
    """A community is old when most of its compounds were built before this year."""
    mix_clause: ClauseRef
    own_rule: bool = True
    """True when no clause fixes weights and marks."""
    note: Bilingual | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if len({one.id for one in self.criteria}) != len(self.criteria):
            raise PydanticCustomError("criterion_once", "each criterion stands once")
        if sum(one.weight for one in self.criteria) != 1:
            raise PydanticCustomError("weights_sum", "the weights add up to 1")
        return self
