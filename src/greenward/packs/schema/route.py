"""route.yaml: the way from application to recognition, and what becomes of a title afterwards.

Every number that no clause fixes stands under a part with ``own_rule: true``, and pages say so.
"""

import string
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from greenward.packs.schema.shape import (
    Bilingual,
    ClauseRef,
    Defines,
    DepartmentRef,
    Level,
    Refers,
    Shape,
    Slug,
    Text,
)

Act = Literal["apply", "recommend", "decide"]
"""What a step does: the first applies, the last decides, those between recommend."""
Unit = Literal["working", "calendar"]
Share = Annotated[Decimal, Field(ge=0, le=1, max_digits=4, decimal_places=3, strict=False)]
WorkingDays = Annotated[int, Field(ge=1, le=250)]
UPWARDS: tuple[Level, ...] = ("community", "subdistrict", "district", "city")
NUMBER_PARTS = frozenset({"year", "district", "number"})


class Ruled(Shape):
    """Part of a route with the clause that fixes it, or marked as the territory's own rule."""

    clause: ClauseRef | None = None
    own_rule: bool = False
    """True when no clause fixes it as it stands here."""
    note: Bilingual | None = None

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if self.clause is None and not self.own_rule:
            raise PydanticCustomError("clause_or_own_rule", "a clause, or own_rule: true")
        return self


class Limit(Ruled):
    """By when an act is due."""

    working_days: WorkingDays


class Attachment(Ruled):
    """A paper that goes with an application."""

    id: Annotated[Slug, Defines("attachment")]
    title: Bilingual
    required: bool = True


class Visits(Ruled):
    """Which share of the applications somebody looks at on the spot before the step acts."""

    share: Share
    """1 for every one; with less, those to visit are drawn."""


class Step(Shape):
    """One level on the way, whose office acts there."""

    id: Annotated[Slug, Defines("step")]
    title: Bilingual
    level: Level
    clause: ClauseRef | None = None
    own_rule: bool = False
    """True when no clause asks for the step as it stands here."""
    note: Bilingual | None = None
    limit: Limit | None = None
    """None where the act has no last day."""
    attachments: tuple[Attachment, ...] = ()
    visits: Visits | None = None


class Countersign(Ruled):
    """Departments that say yes or no to some items while the last step has the case."""

    departments: Annotated[tuple[DepartmentRef, ...], Field(min_length=1)]
    areas: tuple[Annotated[str, Refers("area")], ...] = ()
    """Every item of these areas."""
    items: tuple[Annotated[str, Refers("item")], ...] = ()
    working_days: WorkingDays

    @model_validator(mode="after")
    def _signs_something(self) -> Self:
        if not self.areas and not self.items:
            raise PydanticCustomError("areas_or_items", "areas or items")
        return self


class Panel(Ruled):
    """Reviewers drawn for a case."""

    size: Annotated[int, Field(ge=1, le=15)]
    conflicts: tuple[Literal["belongs", "recommended", "declared"], ...] = (
        "belongs",
        "recommended",
        "declared",
    )
    """Who is never drawn: of the community, with a hand in the case, or with a declared conflict."""
    working_days: WorkingDays


class Objections(Ruled):
    """What an objection must hold, when it may come, and by when it is answered."""

    fields: Annotated[tuple[Literal["name", "contact", "reason", "proof"], ...], Field(min_length=1)]
    """What must be given; the rest may be."""
    late: Literal["refused", "filed"]
    """After the last day: refused, or filed as a hint that stops nothing."""
    working_days: WorkingDays
    """By when the district answers."""


class Notice(Ruled):
    """The public notice (公示) before recognition."""

    length: Annotated[int, Field(ge=1, le=90)]
    unit: Unit
    first_day: Literal["published", "next"] = "next"
    """The day that counts as the first: the day of publication, or the one after."""
    last_day: Literal["stays", "next_working_day"] = "next_working_day"
    """What happens to a last day that is not worked."""
    objections: Objections


class TitleRules(Ruled):
    """What a title is called, and how long it holds."""

    numbering: Text
    """Such as `{year}-{district}-{number:04d}`: year, district (six digits) and running number."""
    validity_years: Annotated[int, Field(ge=1, le=20)] | None = None
    """None: it holds until it is withdrawn."""

    @field_validator("numbering")
    @classmethod
    def _can_be_written(cls, text: str) -> str:
        try:
            parts = {name for _text, name, _spec, _how in string.Formatter().parse(text) if name is not None}
            text.format(year=2022, district="110108", number=1)
        except (ValueError, KeyError, IndexError, AttributeError) as error:
            raise PydanticCustomError("numbering", "year, district and number only") from error
        if parts != NUMBER_PARTS:
            raise PydanticCustomError("numbering", "year, district and number, each of them")
        return text


class Recheck(Ruled):
    """How titles are looked at again."""

    every_months: Annotated[int, Field(ge=1, le=120)]
    random_share: Share
    """Drawn by a published seed among all titles."""
    risk_share: Share
    """Taken from those whose facts drifted most."""
    rectify_working_days: WorkingDays
    hearing: bool
    """True when the community is heard before a title is withdrawn."""
    hearing_working_days: WorkingDays | None = None
    reapply_after_months: Annotated[int, Field(ge=0, le=120)]

    @model_validator(mode="after")
    def _hearing_has_a_term(self) -> Self:
        if self.hearing != (self.hearing_working_days is not None):
            raise PydanticCustomError("hearing_and_days", "hearing_working_days belongs to hearing")
        return self


class Heirs(Ruled):
    """What becomes of titles when communities merge or split."""

    merged: Literal["all_held", "any_held", "lapses"]
    """The new community keeps the title when all, or any, of the old ones held it; or it lapses."""
    split: Literal["all_keep", "recheck", "lapses"]
    """The new communities keep the title, keep it and are rechecked first, or lose it."""


class Route(Shape):
    """How a community is recognised."""

    id: Slug
    title: Bilingual
    clause: ClauseRef
    steps: Annotated[tuple[Step, ...], Field(min_length=2, max_length=5)]
    countersigns: tuple[Countersign, ...] = ()
    panel: Panel | None = None
    """None where no reviewers are drawn."""
    notice: Notice | None = None
    """None where nothing is published before recognition."""
    title_rules: TitleRules | None = None
    """None where no title with a number is given."""
    recheck: Recheck | None = None
    heirs: Heirs | None = None
    note: Bilingual | None = None

    @model_validator(mode="after")
    def _leads_upwards(self) -> Self:
        heights = [UPWARDS.index(step.level) for step in self.steps]
        if heights != sorted(heights):
            raise PydanticCustomError("steps_descend", "a step's level is never below the one before")
        return self

    @property
    def decision(self) -> Step:
        """The step that decides."""
        return self.steps[-1]

    def step(self, step_id: str) -> Step:
        """Return a step; KeyError where there is none."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def act_of(self, step_id: str) -> Act:
        """Return what a step does."""
        if step_id == self.steps[0].id:
            return "apply"
        return "decide" if step_id == self.steps[-1].id else "recommend"

    def after(self, step_id: str) -> Step | None:
        """Return the step that follows; None after the last."""
        ids = [step.id for step in self.steps]
        place = ids.index(step_id) + 1
        return self.steps[place] if place < len(ids) else None
