"""Shapes of the answers about packs."""

from datetime import datetime
from typing import Any

from ninja import Schema


class BilingualOut(Schema):
    """A text in both languages."""

    zh: str
    en: str


class EditionOut(Schema):
    """An installed edition."""

    id: str
    edition: str
    digest: str
    title: BilingualOut
    installed_at: datetime


class PackOut(EditionOut):
    """An installed edition with its canonical content; values at their defaults are left out."""

    content: dict[str, Any]


class DraftOut(Schema):
    """A draft of an edition and where it stands."""

    number: int
    pack: str
    title: str
    state: str
    base: str | None
    version: int
    published: str | None


class DraftProblemOut(Schema):
    """A fault of a draft; ``cell`` names the workbook's cell that the part came from, empty for none."""

    file: str
    line: int
    column: int
    code: str
    message: str
    part: str
    cell: str


class CaseComparedOut(Schema):
    """One thing that a case expects, and what the rules find."""

    about: str
    expected: str
    found: str


class DraftCaseOut(Schema):
    """How a case of a draft comes out."""

    id: str
    agrees: bool
    compared: list[CaseComparedOut]
    error: str


class DraftCheckOut(Schema):
    """What checking a draft finds."""

    sound: bool
    problems: list[DraftProblemOut]
    cases: list[DraftCaseOut]


class DraftWholeOut(DraftOut):
    """A draft with its files and what checking finds."""

    files: dict[str, str]
    check: DraftCheckOut


class DraftCheckIn(Schema):
    """Texts that stand for files of the draft while they are checked; nothing is saved."""

    files: dict[str, str] = {}
