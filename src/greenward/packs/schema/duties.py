"""duties.yaml: what an office owes, to whom, by when."""

from calendar import monthrange
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from greenward.packs.schema.shape import Bilingual, ClauseRef, Defines, Shape, Slug

COMMON_YEAR = 2023
"""Any year without 29 February."""


class DayOfYear(Shape):
    """A day that comes every year."""

    month: Annotated[int, Field(ge=1, le=12)]
    day: Annotated[int, Field(ge=1, le=31)]

    @model_validator(mode="after")
    def _exists_every_year(self) -> Self:
        if self.day > monthrange(COMMON_YEAR, self.month)[1]:
            raise PydanticCustomError("no_such_day", "the month has fewer days")
        return self


class Schedule(Shape):
    """When a duty falls due: every quarter, every year, or once."""

    every: Literal["quarter"] | None = None
    days_after: Annotated[int, Field(ge=0, le=90)] | None = None
    """With `every`: due so many calendar days after the quarter's last day."""
    yearly: DayOfYear | None = None
    once: date | None = None
    before: bool = False
    """True when the policy says "before" the day: the last day is then the eve."""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(value is not None for value in (self.every, self.yearly, self.once)) != 1:
            raise PydanticCustomError("one_schedule", "exactly one of every, yearly and once")
        if (self.every is None) != (self.days_after is None):
            raise PydanticCustomError("days_after_and_every", "days_after belongs to every, and only there")
        return self


class Duty(Shape):
    """Something that every office of a level owes."""

    id: Annotated[Slug, Defines("duty")]
    title: Bilingual
    who: Literal["city", "district", "subdistrict", "community"]
    """The level whose offices owe it."""
    to: Bilingual
    """Who receives it."""
    schedule: Schedule
    clause: ClauseRef
    own_rule: bool = False
    """True when the policy fixes no day, and the date is the territory's own rule."""
    note: Bilingual | None = None
