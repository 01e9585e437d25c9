"""standard.yaml: areas, items and indicators with their rules, and what passing means."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from greenward.packs.schema.scoring import FactRef, Full, Judgeable, Reading, Rounding
from greenward.packs.schema.shape import (
    Bilingual,
    ClauseRef,
    Defines,
    DepartmentRef,
    DocumentRef,
    Name,
    Number,
    Owner,
    Refers,
    RuleText,
    Shape,
    Slug,
    Text,
)


class Expected(Shape):
    """How many areas and items the document says there are."""

    areas: Annotated[int, Field(ge=1)]
    items: Annotated[int, Field(ge=1)]


class Area(Shape):
    """A content area of the standard."""

    id: Annotated[Slug, Defines("area")]
    title: Bilingual
    clause: ClauseRef
    items: Annotated[int, Field(ge=0)]
    """How many items the area has; compared with those below."""
    points: Full | None = None
    """What its items can give together; compared with them."""
    cap: Full | None = None
    """The most that counts, where the items could give more."""
    bonus: bool = False
    """Added to the total, and no part of what the total is out of."""
    weight: Annotated[Decimal, Field(gt=0, le=1000, decimal_places=3)] | None = None
    """What its points are multiplied by in the total."""
    owner: Owner | None = None
    version: Text | None = None
    reading: Reading | None = None


class EvidenceNeed(Shape):
    """Something that must be shown for an item or an indicator."""

    id: Annotated[Slug, Defines("evidence", within="list")]
    title: Bilingual
    kind: Literal["document", "photo", "record", "site_check", "data"]
    valid_months: Annotated[int, Field(ge=1, le=600)] | None = None
    """How long it proves anything, from the day it was true."""
    owner: Owner | None = None
    version: Text | None = None
    clause: ClauseRef | None = None


class Indicator(Judgeable):
    """A part of an item that is judged by itself; what is left out is as the item has it."""

    id: Annotated[Number, Defines("item")]
    """The indicator's number, in quotes; no item has the same."""
    title: Bilingual
    owner: Owner | None = None
    version: Text | None = None
    clause: ClauseRef | None = None
    verified: bool
    """False while the wording has not been compared with the published text."""
    how_to: Bilingual | None = None
    evidence: Bilingual | None = None
    evidence_needed: tuple[EvidenceNeed, ...] = ()
    departments: tuple[DepartmentRef, ...] = ()
    note: Bilingual | None = None

    @model_validator(mode="after")
    def _is_judged(self) -> Self:
        if not self.judges:
            raise PydanticCustomError("nothing_to_judge", "needs rule, score or barred_if")
        return self


class Item(Judgeable):
    """A requirement: judged by its own rule, by its indicators, or by both; not applicable without any."""

    id: Annotated[Number, Defines("item")]
    """The item's number, in quotes."""
    area: Annotated[str, Refers("area")]
    title: Bilingual
    """The requirement's words."""
    short: Bilingual
    """A few words for narrow places."""
    clause: ClauseRef
    owner: Owner | None = None
    """Whose the item is; the standard's owner when left out."""
    version: Text | None = None
    verified: bool
    """False while the wording has not been compared with the published text."""
    how_to: Bilingual
    evidence: Bilingual
    evidence_needed: tuple[EvidenceNeed, ...] = ()
    departments: Annotated[tuple[DepartmentRef, ...], Field(min_length=1)]
    """Who can help."""
    note: Bilingual | None = None
    indicators: tuple[Indicator, ...] = ()
    """What the item is broken into; the tie to the item stays. `points` is then what they give together."""

    @model_validator(mode="after")
    def _is_judged(self) -> Self:
        if not self.judges and not self.indicators:
            raise PydanticCustomError("nothing_to_judge", "needs rule, score, barred_if or indicators")
        if self.indicators and (self.score is not None or self.deducts is not None):
            raise PydanticCustomError("score_and_indicators", "its indicators score")
        return self

    @property
    def all_rules(self) -> tuple[str, ...]:
        """Every rule of the item and its indicators."""
        return (*self.rules, *(rule for each in self.indicators for rule in each.rules))


class Peer(Shape):
    """A name for where a place stands among its peers: rules may compare it."""

    id: Annotated[Name, Defines("peer")]
    title: Bilingual
    measure: Annotated[Text, RuleText("facts", gives="number")]
    among: FactRef | None = None
    """The fact whose values divide the peers; all places when left out."""
    best: Literal["highest", "lowest"]
    gives: Literal["place", "share"]
    """`place`: 1 is the best, equal ones share a place; `share`: the place over the number of peers."""


class Quota(Shape):
    """Only the best of a group by the total."""

    count: Annotated[int, Field(ge=1)] | None = None
    share: Annotated[Decimal, Field(gt=0, le=1)] | None = None
    """Of those who qualify, rounded down."""
    among: FactRef | None = None
    """The fact whose values divide the groups; one group when left out."""
    ties: Literal["all_in", "all_out"]
    """What happens to those who share the last place when there is no room for all of them."""

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        if (self.count is None) == (self.share is None):
            raise PydanticCustomError("one_size", "count or share")
        return self


class Level(Shape):
    """A level that a total or certain items lead to."""

    id: Annotated[Slug, Defines("level")]
    title: Bilingual
    needs: Annotated[Text, RuleText("totals")]
    """A rule over facts, `total`, `area_…`, `share_…`, `least_share` and `item_…`."""
    quota: Quota | None = None
    note: Bilingual | None = None


class Standard(Shape):
    """The standard of a pack."""

    id: Slug
    title: Bilingual
    document: DocumentRef
    owner: Owner | None = None
    version: Text | None = None
    verified: bool
    note: Bilingual | None = None
    requires: Literal["all", "level"]
    """`all`: every item that applies must be met; `level`: the level `passes`, or a higher one."""
    passes: Annotated[str, Refers("level")] | None = None
    levels: tuple[Level, ...] = ()
    """The highest first."""
    points: Full | None = None
    """What its areas can give together, bonuses left out; compared with them."""
    cap: Full | None = None
    """The most that the total can be, bonuses included."""
    rounding: Rounding | None = None
    reading: Reading | None = None
    peers: tuple[Peer, ...] = ()
    expected: Expected
    areas: Annotated[tuple[Area, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    supplements: tuple[Item, ...] = ()
    """Items that are reported and never count for passing."""

    @model_validator(mode="after")
    def _passes_by_levels(self) -> Self:
        if (self.requires == "level") != (self.passes is not None):
            raise PydanticCustomError("passes_and_level", "passes belongs to level")
        return self

    @property
    def scored(self) -> bool:
        """Whether there are points."""
        parts = (part for item in self.items for part in (item, *item.indicators))
        return any(part.points or part.deducts for part in parts)
