"""What a rule computes with: five kinds of value, and unknown, which is None."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import polars as pl

Value = bool | int | float | Decimal | date | str
"""A known value. Unknown is None, everywhere; it is neither 0 nor False."""

LARGEST = 2**53
"""Whole numbers reach from -LARGEST to LARGEST: a double holds each of these exactly."""


class FactType(StrEnum):
    """The kind of a value. INT is a kind of NUMBER; nothing else converts."""

    BOOL = "bool"
    INT = "int"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"

    @property
    def numeric(self) -> bool:
        """Whether one can calculate with it."""
        return self in {FactType.INT, FactType.NUMBER}


@dataclass(frozen=True, slots=True)
class Range:
    """A number that is not settled yet: somewhere from `least` to `most`, both included."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """A number that a person judged, in points or what its fact counts; without a reason it is unknown."""

    value: int | float | Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A value with the day on which it was true, and the last on which it counts (None: for good)."""

    value: Value | Judgement
    observed_on: date
    valid_until: date | None = None

    def on(self, as_of: date) -> Value | Judgement | None:
        """Return the value as long as it counts: from the day it was true until it is stale."""
        stale = self.valid_until is not None and as_of > self.valid_until
        return None if stale or as_of < self.observed_on else self.value


FactTypes = Mapping[str, FactType]
Facts = Mapping[str, Value | Range | Judgement | Dated | None]


def type_of(value: object) -> FactType | None:
    """Return the kind of a known value; None for a kind that rules do not know (a moment is no date)."""
    match value:
        case bool():
            return FactType.BOOL
        case int():
            return FactType.INT
        case float() | Decimal() | Range():
            return FactType.NUMBER
        case str():
            return FactType.TEXT
        case date() if not isinstance(value, datetime):
            return FactType.DATE
        case _:
            return None


def type_of_column(dtype: pl.DataType) -> FactType | None:
    """Return the kind of a column's values; None for a kind that rules do not know."""
    if dtype.is_integer():
        return FactType.INT
    if dtype.is_numeric():
        return FactType.NUMBER
    if isinstance(dtype, pl.Boolean):
        return FactType.BOOL
    if isinstance(dtype, pl.Date):
        return FactType.DATE
    if isinstance(dtype, pl.String | pl.Categorical | pl.Enum):
        return FactType.TEXT
    return None
