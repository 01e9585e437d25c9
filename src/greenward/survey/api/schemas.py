"""What the API says and takes of the survey."""

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field

from greenward.survey.answers.checks import Broken
from greenward.survey.answers.single import to_json
from greenward.survey.models import ImportFile
from greenward.survey.queries import Coverage, Value


class RoundOut(Schema):
    """A round, with the communities due and done within the caller's reach."""

    code: str
    title: str
    reference_on: date
    opens_on: date
    closes_on: date
    is_closed: bool
    due: int
    done: int


class CoverageOut(Schema):
    """A rate: ``done`` of ``due`` communities at a place; ``started`` are not done."""

    code: str
    name: str
    due: int
    done: int
    started: int

    @classmethod
    def of(cls, coverage: Coverage) -> "CoverageOut":
        """Describe ``coverage``."""
        return cls(
            code=coverage.place.place.code,
            name=coverage.place.name,
            due=coverage.due,
            done=coverage.done,
            started=coverage.started,
        )


class ValueOut(Schema):
    """A known value, and where it comes from. Dates are ISO text."""

    field: str
    value: bool | int | float | str
    source: str
    on: date
    entry: int

    @classmethod
    def of(cls, name: str, value: Value) -> "ValueOut":
        """Describe ``value``."""
        kept: Any = to_json(value.value)
        return cls(field=name, value=kept, source=value.source, on=value.on, entry=value.entry.pk)


class ValuesOut(Schema):
    """What is known of a place as of a day; fields without a value are unknown and absent."""

    place: str
    form: str
    as_of: date
    values: list[ValueOut]


class ValuesIn(Schema):
    """Values to record: field → answer, null takes back. ``seen``: newest entry that the caller knew."""

    round: str
    values: dict[str, bool | int | float | str | None] = Field(max_length=500)
    seen: int | None = None


class WarningOut(Schema):
    """A check that the answers break although they were taken: its id, the fields, what to tell people."""

    code: str
    fields: list[str]
    message: str

    @classmethod
    def of(cls, one: Broken) -> "WarningOut":
        """Describe a broken check."""
        return cls(code=one.check.id, fields=[field.id for field in one.fields], message=one.sentence)


class RecordedOut(Schema):
    """The entry that was made; null when nothing was new. ``warnings``: what should be looked at again."""

    entry: int | None
    warnings: list[WarningOut]


class ImportOut(Schema):
    """An uploaded workbook: what its preview says, and whether it was imported."""

    number: int
    file: str
    round: str
    form: str
    state: str
    rows: int
    accepted: int
    rejected: int
    outcomes: dict[str, int]
    problems: list[dict[str, Any]]
    warnings: list[dict[str, Any]]
    notes: list[str]

    @classmethod
    def of(cls, file: ImportFile) -> "ImportOut":
        """Describe ``file``, whose round is loaded."""
        told = ("rows", "accepted", "rejected", "outcomes", "problems", "warnings", "notes")
        return cls(
            number=file.pk,
            file=file.file_name,
            round=file.round.code,
            form=file.form,
            state=file.state,
            **{name: file.report[name] for name in told},
        )


class ConfirmIn(Schema):
    """Whether rows with problems may be left out."""

    only_valid: bool = False
