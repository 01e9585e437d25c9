"""What every shape of a pack shares: strictness, two languages, and marks that name and refer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, StringConstraints

Scope = Literal["pack", "file", "list"]
Namespace = Literal["facts", "fields", "standard", "totals"]
"""The names that a rule may use: facts and parameters; with the places among peers; with the totals too."""


@dataclass(frozen=True)
class Defines:
    """The value is the name of a thing of this kind, unique within the scope."""

    kind: str
    within: Scope = "pack"


@dataclass(frozen=True)
class Refers:
    """The value must be the name of a thing of this kind, defined somewhere in the pack."""

    kind: str


@dataclass(frozen=True)
class RuleText:
    """The value is a rule; its names are facts and parameters, or the fields of its own form."""

    names: Namespace
    gives: Literal["bool", "number"] = "bool"


class Shape(BaseModel):
    """A strict, frozen part of a pack: an unknown key or a wrong type refuses the pack."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with other parts; what `cached_property` made of the old ones is left behind."""
        copied = super().model_copy(update=update, deep=deep)
        for name in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[name]
        return copied


Text = Annotated[str, StringConstraints(min_length=1, max_length=8000)]
"""Any text that is not empty."""

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*$", max_length=60)]
"""Lower-case letters, digits and hyphens."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
"""A name that rules can use: lower-case letters, digits and underscores."""

Number = Annotated[str, StringConstraints(pattern=r"^[A-Z]?[0-9]+(\.[0-9]+)*$", max_length=20)]
"""A number as documents give it, kept as text: `2.1`, `12`, `B1`."""

ClauseRef = Annotated[str, Refers("clause")]
"""The number of a clause in clauses.yaml, in quotes."""

DepartmentRef = Annotated[str, Refers("department")]
"""The slug of a department in departments.yaml."""

DocumentRef = Annotated[str, Refers("document")]
"""The id of a document in pack.yaml."""

Owner = Literal["national", "city", "district"]
"""Whose a part of a standard is."""

Level = Literal["city", "district", "subdistrict", "community"]
"""A level of the tree of places."""


class Bilingual(Shape):
    """A text in Chinese and English; printed in the language of the reader."""

    zh: Text
    """Chinese."""
    en: Text
    """English."""

    def __str__(self) -> str:
        return self.en if (get_language() or "zh").startswith("en") else self.zh
