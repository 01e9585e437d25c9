"""forms/*.yaml: what a survey asks."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field as Limits

from greenward.packs.schema.shape import (
    Bilingual,
    Defines,
    DepartmentRef,
    Name,
    Refers,
    RuleText,
    Shape,
    Slug,
    Text,
)

FieldType = Literal["bool", "count", "number", "choice", "date", "year", "text"]


class Choice(Shape):
    """One answer of a choice."""

    value: Annotated[Name, Defines("choice", within="list")]
    label: Bilingual
    aliases: tuple[Text, ...] = ()
    """Other spellings seen in workbooks."""


class Field(Shape):
    """One question."""

    id: Annotated[Name, Defines("field", within="file")]
    label: Bilingual
    type: FieldType
    aliases: tuple[Text, ...] = ()
    """Other column headings seen in workbooks."""
    unit: Text | None = None
    decimals: Annotated[int, Limits(ge=0, le=6)] | None = None
    """For `number`: digits after the point."""
    choices: tuple[Choice, ...] = ()
    """For `choice`: at least two answers."""
    required: bool = False
    min: Decimal | None = None
    max: Decimal | None = None
    help: Bilingual | None = None
    holder: DepartmentRef | None = None
    """The department that already holds the answer."""
    sensitivity: Literal["public", "internal", "aggregate"] = "internal"
    """`aggregate`: only shown as a sum over several places."""


class Section(Shape):
    """Questions that belong together."""

    id: Annotated[Slug, Defines("section", within="file")]
    title: Bilingual
    fields: Annotated[tuple[Field, ...], Limits(min_length=1)]


class Check(Shape):
    """A rule that the answers of one form must obey: false is a fault, unknown is none."""

    id: Annotated[Slug, Defines("check", within="file")]
    rule: Annotated[Text, RuleText("fields")]
    message: Bilingual
    level: Literal["error", "warning"]


class Form(Shape):
    """A form for one community, or for each row below it."""

    id: Annotated[Slug, Defines("form")]
    title: Bilingual
    level: Literal["community", "compound"]
    parent: Annotated[str, Refers("form")] | None = None
    """The form whose community the rows belong to."""
    key: Text | None = None
    """For a repeated form: the field that tells rows apart."""
    sections: Annotated[tuple[Section, ...], Limits(min_length=1)]
    checks: tuple[Check, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every field, in order of the sections."""
        return tuple(field for section in self.sections for field in section.fields)

    def field(self, name: str) -> Field:
        """Return the field of this name; KeyError when there is none."""
        for field in self.fields:
            if field.id == name:
                return field
        raise KeyError(name)
