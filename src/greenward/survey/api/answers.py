"""What the API says and takes of one place's answers."""

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from greenward.core.api.schemas import Day
from greenward.survey.answers.checks import Broken
from greenward.survey.answers.single import to_json
from greenward.survey.queries import AskedField, AskedForm, Value
from greenward.survey.sensitivity import mark

Cell = bool | int | float | str | None
Kept = bool | int | float | str | list[dict[str, Cell]]
"""A value as entries keep it: dates are ISO text, a position ``longitude,latitude``, a file its SHA-256."""
Given = Cell | list[dict[str, Cell]] | Annotated[list[float], Field(min_length=2, max_length=2)]
"""An answer as sent: plain JSON, a table's rows, a position also as ``[longitude, latitude]``."""
Values = Annotated[dict[str, Given], Field(max_length=500)]
Reasons = Annotated[dict[str, str], Field(max_length=100)]


class ValueOut(Schema):
    """A known value, and where it comes from; ``on`` is the day on which it was given."""

    field: str
    value: Kept
    source: str
    on: date
    entry: int

    @classmethod
    def of(cls, name: str, value: Value) -> "ValueOut":
        """Describe ``value``."""
        kept: Any = to_json(value.value)
        return cls(field=name, value=kept, source=value.source, on=value.on, entry=value.entry.pk)


class ValuesOut(Schema):
    """What is known of a place as of a day; fields without a value are unknown and absent.

    ``withheld``: fields that are known, but shown to the caller as sums over several places alone.
    """

    place: str
    form: str
    as_of: date
    values: list[ValueOut]
    withheld: list[str]


class SentBackOut(Schema):
    """Why a field was sent back, and when."""

    reason: str
    on: date


class AskedOut(Schema):
    """One field as a round asks it: ``state`` says whether somebody must answer (see ``AskState``).

    ``confirmed_on`` is the last day on which somebody said that the value is so; ``last_round`` what was
    known when the round before closed, where that was something else. ``withheld``: what is known is
    shown to the caller as sums over several places alone; null then does not say that it is unknown.
    """

    field: str
    label: str
    type: str
    unit: str | None
    required: bool
    state: str
    known: ValueOut | None
    confirmed_on: date | None
    valid_until: date | None
    last_round: ValueOut | None
    returned: SentBackOut | None
    withheld: bool

    @classmethod
    def of(cls, asked: AskedField, *, shown: bool) -> "AskedOut":
        """Describe ``asked``; where it is not ``shown``, without its values and what was written of them."""
        field, known, before, returned = asked.field, asked.known, asked.last_round, asked.returned
        return cls(
            field=field.id,
            label=str(field.label),
            type=field.type,
            unit=field.unit,
            required=field.required,
            state=asked.state.value,
            known=ValueOut.of(field.id, known) if known and shown else None,
            confirmed_on=known.true_on if known else None,
            valid_until=asked.valid_until,
            last_round=ValueOut.of(field.id, before) if before and shown else None,
            returned=SentBackOut(reason=returned.reason if shown else mark(), on=returned.at.date())
            if returned
            else None,
            withheld=not shown,
        )


class AskedFormOut(Schema):
    """A form of the round at one place; ``open`` counts the fields that somebody must answer."""

    place: str
    name: str
    form: str
    open: int
    fields: list[AskedOut]

    @classmethod
    def of(cls, asked: AskedForm, hidden: Collection[str]) -> "AskedFormOut":
        """Describe ``asked``; ``hidden`` are the fields that the caller does not see."""
        return cls(
            place=asked.place.place.code,
            name=asked.place.name,
            form=asked.form.id,
            open=sum(one.is_open for one in asked.fields),
            fields=[AskedOut.of(one, shown=one.field.id not in hidden) for one in asked.fields],
        )


class ValuesIn(Schema):
    """Values to record: field → answer, null takes back.

    ``seen``: the newest entry that the caller knew, 0 for none. ``request``: the caller's own number of
    this submission (or the header ``Idempotency-Key``): sent again it is recorded once. ``reasons``: check
    → why the values stand. ``observed_on``: the day on which they were true, today if absent. ``form``:
    which of the round's forms, where several ask about such places.
    """

    round: str
    values: Values
    seen: int | None = None
    form: str | None = None
    request: UUID | None = None
    reasons: Reasons = {}
    observed_on: Day | None = None


class CorrectionIn(Schema):
    """Accepted values to correct, and why (1 to 500 characters); the rest as for recording."""

    round: str
    values: Values
    reason: str
    seen: int | None = None
    form: str | None = None
    request: UUID | None = None


class UnitIn(Schema):
    """A compound, building or facility to add: its form, and its first values with the form's key."""

    round: str
    form: str
    values: Values
    request: UUID | None = None


class UnitOut(Schema):
    """The unit that was added."""

    code: str
    name: str


class WarningOut(Schema):
    """A check that the answers break although they were taken: its id, the fields, what to tell people."""

    code: str
    fields: list[str]
    message: str

    @classmethod
    def of(cls, one: Broken) -> "WarningOut":
        """Describe a broken check."""
        return cls(code=one.check.id, fields=[field.id for field in one.fields], message=one.sentence)


class NewsOut(Schema):
    """A value that somebody else gave after what the caller saw."""

    theirs: Kept | None
    source: str
    entry: int


class RecordedOut(Schema):
    """The entry that was made; null when nothing was new. ``warnings``: what should be looked at again.

    ``seen`` is the newest entry there is now; ``news``: fields that others changed after what the caller
    saw and that were not sent.
    """

    entry: int | None
    warnings: list[WarningOut]
    seen: int
    news: dict[str, NewsOut]


class CorrectedOut(Schema):
    """The entry that corrects."""

    entry: int


class FileOut(Schema):
    """A kept file: ``digest`` is the answer to a question for a file; ``size`` in bytes."""

    digest: str
    name: str
    size: int
