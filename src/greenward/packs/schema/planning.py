"""plan.yaml: what a district's plan must hold, and how one is drafted."""

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from greenward.packs.schema.shape import Bilingual, ClauseRef, Defines, Refers, Shape, Slug


class Milestone(Shape):
    """A step of the schedule that a draft begins with."""

    id: Annotated[Slug, Defines("milestone", within="list")]
    title: Bilingual
    due: date
    """The last day."""
    clause: ClauseRef | None = None
    own_rule: bool = False
    """True when no clause fixes the day."""


class Planning(Shape):
    """What a district's plan holds (目标、时序、措施、责任单位) and which duty it delivers."""

    title: Bilingual
    clause: ClauseRef
    """The clause that asks for the plan."""
    duty: Annotated[str, Refers("duty")]
    """The duty that is delivered when the plan is filed."""
    milestones: Annotated[tuple[Milestone, ...], Field(min_length=1)]
    allotment: Bilingual
    """How a draft shares the district's target among its streets, in words."""
    own_rule: bool = True
    """True when no clause fixes how targets are shared."""
    note: Bilingual | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = [one.due for one in self.milestones]
        if days != sorted(days):
            raise PydanticCustomError("milestones_in_order", "milestones must stand in order of their days")
        return self
