"""What the API says and takes of the survey."""

from datetime import date
from typing import Any

from ninja import Schema

from greenward.survey.models import ImportFile
from greenward.survey.queries import Coverage


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


class ImportOut(Schema):
    """An uploaded workbook: what its preview says, and how far it came.

    ``columns``: how each heading was read. ``doubts``: communities that somebody must confirm. ``written``:
    entries that the import made, null before it.
    """

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
    columns: list[dict[str, Any]] = []
    doubts: list[dict[str, Any]] = []
    written: int | None = None

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
            columns=file.report.get("columns", []),
            doubts=file.report.get("doubts", []),
            written=file.report.get("written"),
        )


class ConfirmIn(Schema):
    """Whether rows with problems may be left out."""

    only_valid: bool = False
