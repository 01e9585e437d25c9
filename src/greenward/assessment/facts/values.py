"""What a fact is worth at one community, and how it is known."""

from dataclasses import dataclass
from datetime import date

from greenward.assessment.engine.facts import Value


@dataclass(frozen=True)
class Gap:
    """Where a missing answer is to be filled in: the form, its section and field, and the compounds."""

    form: str
    field: str
    section: str
    label: str
    compounds: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactValue:
    """A fact at a community as of a day. ``value`` None is unknown, and ``gap`` then says where to fill.

    ``source`` says in words who or what gave the value, ``on`` the day it was given. ``form`` and ``field``
    lead to the survey's answers behind it (of the community, or of its units), ``entry`` is the number of
    the entry that gave it; empty and None for other sources. A value that no longer counts is unknown:
    ``expired`` is what was said last; ``until`` is the last day on which a value counts, None for good.
    """

    fact: str
    label: str
    unit: str
    value: Value | None
    source: str = ""
    on: date | None = None
    gap: Gap | None = None
    form: str = ""
    field: str = ""
    entry: int | None = None
    expired: Value | None = None
    until: date | None = None
