"""refinements/*.yaml: a district's own indicators, each tied to an item that stays the city's."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from greenward.packs.schema.scoring import Condition
from greenward.packs.schema.shape import (
    Bilingual,
    ClauseRef,
    Defines,
    DepartmentRef,
    Number,
    Refers,
    Shape,
    Slug,
    Text,
)
from greenward.packs.schema.standard import EvidenceNeed, Indicator


class OwnIndicator(Shape):
    """A condition of the district under an item of the city; it has no points and bars nobody."""

    id: Annotated[Number, Defines("item")]
    """The indicator's number, in quotes; no item and no other indicator has the same."""
    item: Annotated[str, Refers("item")]
    """The item of the standard that it refines."""
    effect: Literal["stricter", "beside"]
    """`stricter`: the district asks it on top of the item; `beside`: it is reported and asks nothing."""
    title: Bilingual
    rule: Condition
    """Met when it holds."""
    applies: Condition | None = None
    """When it is false, the indicator does not apply."""
    version: Text | None = None
    clause: ClauseRef | None = None
    """The item's clause when left out."""
    verified: bool
    """False while the wording has not been compared with what the district published."""
    how_to: Bilingual | None = None
    evidence: Bilingual | None = None
    evidence_needed: tuple[EvidenceNeed, ...] = ()
    departments: tuple[DepartmentRef, ...] = ()
    note: Bilingual | None = None

    @property
    def indicator(self) -> Indicator:
        """The same as an indicator of an item, owned by the district."""
        parts = {name: value for name, value in self if name not in {"item", "effect"}}
        return Indicator(**parts, owner="district")


class Refinement(Shape):
    """What one district asks beyond the standard, each indicator tied to one of its items."""

    id: Annotated[Slug, Defines("refinement")]
    """By habit also the name of the file."""
    district: Annotated[str, StringConstraints(pattern=r"^[0-9]{12}$"), Defines("refined_district")]
    """The district's twelve-digit code, in quotes; a district has one refinement."""
    title: Bilingual
    verified: bool
    """False while it has not been compared with what the district published."""
    note: Bilingual | None = None
    indicators: Annotated[tuple[OwnIndicator, ...], Field(min_length=1)]

    @property
    def stricter(self) -> frozenset[str]:
        """The numbers of the indicators that the district asks on top of the standard."""
        return frozenset(each.id for each in self.indicators if each.effect == "stricter")

    def of_item(self, item: str) -> tuple[Indicator, ...]:
        """Return the indicators tied to an item."""
        return tuple(each.indicator for each in self.indicators if each.item == item)
