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
