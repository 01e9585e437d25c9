"""clauses, phases, departments, responsibilities (.yaml): what the policy says, when, and who guides."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from greenward.packs.schema.shape import (
    Bilingual,
    ClauseRef,
    Defines,
    DepartmentRef,
    DocumentRef,
    Number,
    Refers,
    Shape,
    Slug,
    Text,
)

Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
"""A month, such as 2021-10."""


def first_day(month: str, *, months_later: int = 0) -> date:
    """Return the first day of a month `YYYY-MM`, or of one some months after it."""
    year, number = (int(part) for part in month.split("-"))
    years, index = divmod(number - 1 + months_later, 12)
    return date(year + years, index + 1, 1)


class Clause(Shape):
    """A clause of a document, word for word."""

    id: Annotated[Number, Defines("clause")]
    """The clause's number, in quotes."""
    heading: Text | None = None
    text: Text | None = None
    """The clause's words as published; none for a bare heading."""
    document: DocumentRef


class Phase(Shape):
    """A stretch of whole months in which the policy expects certain steps."""

    id: Annotated[Slug, Defines("phase")]
    title: Bilingual
    first_month: Month
    last_month: Month
    """The last month that still belongs to the phase."""
    clause: ClauseRef

    @property
    def starts_on(self) -> date:
        """First day of the phase."""
        return first_day(self.first_month)

    @property
    def ends_before(self) -> date:
        """First day after the phase: the range is half-open."""
        return first_day(self.last_month, months_later=1)


class Department(Shape):
    """A department of the territory that guides part of the programme."""

    slug: Annotated[Slug, Defines("department")]
    name: Bilingual
    lead: bool = False
    """True for the one department that leads."""
    signer: bool = True
    """True when it signed the policy."""

    def __str__(self) -> str:
        return str(self.name)


class Responsibility(Shape):
    """Who guides a content area."""

    area: Annotated[str, Refers("area")]
    departments: Annotated[tuple[DepartmentRef, ...], Field(min_length=1)]
    clause: ClauseRef
