"""facts.yaml and parameters.yaml: the names that rules use, and where their values come from."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from greenward.packs.schema.shape import Bilingual, ClauseRef, Defines, Name, Refers, Shape, Slug, Text

FactType = Literal["bool", "count", "number", "date", "text", "choice", "judgement"]
"""`judgement`: a number that a reviewer picks with a reason; it comes from a `source`."""


class Where(Shape):
    """Only the rows whose field has one of these values."""

    field: Text
    any_of: Annotated[tuple[str | bool, ...], Field(min_length=1)]


class FromField(Shape):
    """The answer to a field of the community form."""

    form: Annotated[str, Refers("form")]
    field: Text


class FromRows(Shape):
    """A figure over the rows of a repeated form (the compounds of a community).

    No rows: unknown. A row that lacks the needed answer: unknown.
    """

    form: Annotated[str, Refers("form")]
    aggregate: Literal["count", "count_true", "sum"]
    """`count`: rows; `count_true`: rows whose field is true; `sum`: the field's sum."""
    field: Text | None = None
    """The field to sum or to count; none for `count`."""
    where: Where | None = None


class FromSource(Shape):
    """A value that another part of the product provides."""

    source: Slug
    key: Text


class FromRecords(Shape):
    """A figure over dated records that the product keeps of a community, such as evidence.

    Unknown for a community that has none at all: nobody knows then whether nothing happened or nothing was
    filed. A record without a day counts nowhere.
    """

    records: Slug
    """Whose: `evidence` (files filed under the community, each content once a day), `pilot-support`."""
    item: Annotated[str, Refers("item")] | None = None
    """Only those filed for this item; all when left out."""
    kind: Slug | None = None
    """Only those of this kind: the daily work's for `evidence`; `visit`, `training`, … for support."""
    gives: Literal["count", "days", "last"]
    """`count`: records; `days`: days with a record; `last`: the day of the last one."""
    months: Annotated[int, Field(ge=1, le=120)] | None = None
    """Only the records of so many months up to the day of the assessment; all when left out."""


class FromEarlier(Shape):
    """The value of another fact as it was known so many months before the day of the assessment.

    Unknown where nothing was known then, or what was known had expired by then.
    """

    earlier: Annotated[str, Refers("fact")]
    months: Annotated[int, Field(ge=1, le=120)]


def _origin_kind(value: object) -> str:
    if isinstance(value, FromSource) or (isinstance(value, dict) and "source" in value):
        return "<source>"
    if isinstance(value, FromRows) or (isinstance(value, dict) and "aggregate" in value):
        return "<rows>"
    if isinstance(value, FromRecords) or (isinstance(value, dict) and "records" in value):
        return "<records>"
    if isinstance(value, FromEarlier) or (isinstance(value, dict) and "earlier" in value):
        return "<earlier>"
    return "<field>"


Origin = Annotated[
    Annotated[FromField, Tag("<field>")]
    | Annotated[FromRows, Tag("<rows>")]
    | Annotated[FromSource, Tag("<source>")]
    | Annotated[FromRecords, Tag("<records>")]
    | Annotated[FromEarlier, Tag("<earlier>")],
    Discriminator(_origin_kind),
]


class Fact(Shape):
    """A typed value about a community, known from one place."""

    id: Annotated[Name, Defines("fact")]
    label: Bilingual
    type: FactType
    unit: Text | None = None
    origin: Origin
    valid_months: Annotated[int, Field(ge=1, le=600)] | None = None
    """For a `source`: how long a value counts from the day on which it was true; then it is unknown."""


class Parameter(Shape):
    """A number that rules may name: fixed by a clause, or the territory's own rule."""

    id: Annotated[Name, Defines("parameter")]
    label: Bilingual
    value: Decimal
    unit: Text
    clause: ClauseRef | None = None
    own_rule: bool = False
    """True when no clause fixes the number."""
    note: Bilingual | None = None
