"""route.yaml: the way from application to recognition."""

from typing import Annotated

from pydantic import Field

from greenward.packs.schema.shape import Bilingual, ClauseRef, Defines, Level, Shape, Slug


class Step(Shape):
    """One move on the way, and the level whose office makes it."""

    id: Annotated[Slug, Defines("step")]
    title: Bilingual
    level: Level
    clause: ClauseRef | None = None
    own_rule: bool = False
    """True when no clause asks for the step as it stands here."""
    note: Bilingual | None = None


class Route(Shape):
    """How a community is recognised."""

    id: Slug
    title: Bilingual
    clause: ClauseRef
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    notice_days: Annotated[int, Field(ge=1)] | None = None
    """Length of the public notice; none when the policy fixes none."""
    validity_years: Annotated[int, Field(ge=1)] | None = None
    """How long a title holds; none when the policy fixes nothing."""
    note: Bilingual | None = None
