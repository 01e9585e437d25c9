"""fields/*.yaml and forms/*.yaml: the dictionary of fields, and which of them a survey asks."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self

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

CellType = Literal["bool", "count", "number", "choice", "date", "year", "text"]
FieldType = Literal["bool", "count", "number", "choice", "date", "year", "text", "file", "position", "table"]
FormLevel = Literal["community", "compound", "building", "facility"]
"""What a field is about. Compounds and facilities belong to a community, buildings to a compound."""


class Choice(Shape):
    """One answer of a choice."""

    value: Annotated[Name, Defines("choice", within="list")]
    label: Bilingual
    aliases: tuple[Text, ...] = ()
    """Other spellings seen in workbooks."""


class Answerable(Shape):
    """What a field and a column of a table have in common."""

    label: Bilingual
    aliases: tuple[Text, ...] = ()
    """Other column headings seen in workbooks."""
    unit: Text | None = None
    decimals: Annotated[int, Limits(ge=0, le=6)] | None = None
    """For `number`: digits after the point."""
    choices: tuple[Choice, ...] = ()
    """For `choice`: at least two answers."""
    required: bool = False
    """An answer counts as complete only with it. For a field of the dictionary the form says so."""
    min: Decimal | None = None
    max: Decimal | None = None
    help: Bilingual | None = None


class Column(Answerable):
    """One column of a table."""

    id: Annotated[Name, Defines("column", within="list")]
    type: CellType


class Field(Answerable):
    """One field: defined once in the dictionary, asked by any form of its level."""

    id: Annotated[Name, Defines("field", within="file")]
    type: FieldType
    columns: tuple[Column, ...] = ()
    """For `table`: at least one."""
    holder: DepartmentRef | None = None
    """The department that already holds the answer."""
    sensitivity: Literal["public", "internal", "aggregate"] = "internal"
    """`aggregate`: only shown as a sum over several places."""
    valid_months: Annotated[int, Limits(ge=1, le=600)] | None = None
    """How long an answer stays valid, from the day it was true; without it, until it is changed."""
    when: Annotated[Text, RuleText("fields")] | None = None
    """Asked only where this rule over the form's other fields does not fail. The form says so."""
    usual_change: Annotated[Decimal, Limits(gt=0)] | None = None
    """For numbers: a change from round to round by more than this share is looked at again."""
    compare_by: Name | None = None
    """For numbers: the field of the same level by which it is divided before places are compared."""


class Question(Shape):
    """A form asks a field of the dictionary."""

    field: Name
    required: bool = False
    when: Annotated[Text, RuleText("fields")] | None = None
    """Ask only where this rule over the form's other fields does not fail; what is unknown does not fail."""


class Section(Shape):
    """Questions that belong together: fields of the dictionary, or fields of this form alone."""

    id: Annotated[Slug, Defines("section", within="file")]
    title: Bilingual
    ask: tuple[Question, ...] = ()
    """Fields of the dictionary, by name. A loaded pack has them among ``fields``."""
    fields: tuple[Field, ...] = ()


class Check(Shape):
    """A rule that the answers of one form must obey: false is a fault, unknown is none."""

    id: Annotated[Slug, Defines("check", within="file")]
    rule: Annotated[Text, RuleText("fields")]
    message: Bilingual
    level: Literal["error", "warning"]


class Group(Shape):
    """A file of the dictionary: fields of one level that belong to one subject."""

    id: Annotated[Slug, Defines("group")]
    title: Bilingual
    level: FormLevel
    sort: Slug | None = None
    """For facilities: the sort that the fields describe."""
    note: Bilingual | None = None
    """What readers should know, such as which of the group's numbers are the territory's own rule."""
    fields: Annotated[tuple[Field, ...], Limits(min_length=1)]


class CrossCheck(Shape):
    """checks.yaml: a rule over facts, so over several levels: false is suspicious, unknown is not."""

    id: Annotated[Slug, Defines("cross-check")]
    rule: Annotated[Text, RuleText("facts")]
    message: Bilingual
    level: Literal["error", "warning"]


class Form(Shape):
    """A form for one community, or for each row below it."""

    id: Annotated[Slug, Defines("form")]
    title: Bilingual
    level: FormLevel
    sort: Slug | None = None
    """For facilities: which sort the form is about, such as `old-tree`."""
    parent: Annotated[str, Refers("form")] | None = None
    """The form whose community the rows belong to."""
    key: Text | None = None
    """For a repeated form: the field that tells rows apart."""
    sections: Annotated[tuple[Section, ...], Limits(min_length=1)]
    checks: tuple[Check, ...] = ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """Every field, in order of the sections."""
        return tuple(field for section in self.sections for field in section.fields)

    @cached_property
    def field_by_id(self) -> Mapping[str, Field]:
        """Fields by id, in the same order."""
        return {field.id: field for field in self.fields}

    @cached_property
    def conditional(self) -> tuple[Field, ...]:
        """The fields that are asked on a condition."""
        return tuple(field for field in self.fields if field.when is not None)

    def field(self, name: str) -> Field:
        """Return the field of this name; KeyError when there is none."""
        return self.field_by_id[name]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy, changed where asked, that works its fields out anew."""
        copy = super().model_copy(update=update, deep=deep)
        for name in ("fields", "field_by_id", "conditional"):
            copy.__dict__.pop(name, None)
        return copy
