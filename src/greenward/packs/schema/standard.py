"""standard.yaml: areas, items with their rules, and what passing means."""

from typing import Annotated, Literal

from pydantic import Field

from greenward.packs.schema.shape import (
    Bilingual,
    ClauseRef,
    Defines,
    DepartmentRef,
    DocumentRef,
    Number,
    Refers,
    RuleText,
    Shape,
    Slug,
    Text,
)

FactRule = Annotated[Text, RuleText("facts")]


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


class Item(Shape):
    """A requirement: met when its rule is true, not applicable when `applies` is false."""

    id: Annotated[Number, Defines("item")]
    """The item's number, in quotes."""
    area: Annotated[str, Refers("area")]
    title: Bilingual
    """The requirement's words."""
    short: Bilingual
    """A few words for narrow places."""
    rule: FactRule
    applies: FactRule | None = None
    clause: ClauseRef
    verified: bool
    """False while the wording has not been compared with the published text."""
    how_to: Bilingual
    evidence: Bilingual
    departments: Annotated[tuple[DepartmentRef, ...], Field(min_length=1)]
    """Who can help."""
    note: Bilingual | None = None


class Standard(Shape):
    """The standard of a pack."""

    id: Slug
    title: Bilingual
    document: DocumentRef
    verified: bool
    note: Bilingual | None = None
    requires: Literal["all"]
    """`all`: every item that applies must be met."""
    expected: Expected
    areas: Annotated[tuple[Area, ...], Field(min_length=1)]
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    supplements: tuple[Item, ...] = ()
    """Items that are reported and never count for passing."""
