"""Parameters and answers that every module's API shares."""

from datetime import date
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator

from greenward.core import clock


class Problem(Schema):
    """A refusal (RFC 9457). ``code`` is stable; ``hint`` says what to do, ``data`` names fields."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    hint: str
    data: dict[str, Any] | None = None


def _read(value: object) -> object:
    """Read text as the rest of the product does; pydantic would take ``0`` for a moment of 1970."""
    return clock.read_day(value) if isinstance(value, str) else value


Day = Annotated[date, BeforeValidator(_read)]
"""A day, written 2022-09-15 and in no other way."""
