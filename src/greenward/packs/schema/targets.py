"""targets.yaml: what must be reached by when, and how the figure is defined."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from greenward.packs.schema.shape import Bilingual, ClauseRef, Defines, Refers, Shape, Slug

Share = Annotated[Decimal, Field(gt=0, le=1)]


class Target(Shape):
    """A figure to be reached by a day at a level: a share of the communities, or a count of pilots."""

    id: Annotated[Slug, Defines("target")]
    level: Literal["city", "district", "subdistrict"]
    """The target holds for every place of this level."""
    measure: Literal["meeting", "pilots"]
    """`meeting`: communities that take part and meet the requirement; `pilots`: pilot communities."""
    share: Share | None = None
    """For `meeting`: the share of urban communities, 0.25 for 25%."""
    count_min: Annotated[int, Field(ge=0)] | None = None
    """For `pilots`: the fewest."""
    count_max: Annotated[int, Field(ge=0)] | None = None
    """For `pilots`: the most; none when the policy names no upper end."""
    kinds: tuple[Literal["street", "town", "township", "area"], ...] = ()
    """For `pilots`: the kinds of subdistrict that owe them; empty means all."""
    due: date
    """The last day."""
    reading: Literal["stated", "derived"]
    """`stated`: the policy says it; `derived`: it follows from another target."""
    derived_from: Annotated[str, Refers("target")] | None = None
    clause: ClauseRef
    see_also: tuple[ClauseRef, ...] = ()
    definition: Bilingual
    """What is counted, over what."""
    denominator_on: date
    """The day whose list of communities is the denominator."""
    note: Bilingual | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.measure == "meeting") != (self.share is not None):
            raise PydanticCustomError(
                "share_and_measure", "share belongs to the measure 'meeting', and only there"
            )
        if (self.measure == "pilots") != (self.count_min is not None):
            raise PydanticCustomError(
                "count_and_measure", "count_min belongs to the measure 'pilots', and only there"
            )
        if (self.reading == "derived") != (self.derived_from is not None):
            raise PydanticCustomError(
                "derived_from_and_reading", "derived_from belongs to the reading 'derived'"
            )
        if self.count_max is not None and (self.count_min is None or self.count_max < self.count_min):
            raise PydanticCustomError("count_order", "count_max must not be less than count_min")
        return self
