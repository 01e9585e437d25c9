"""What an item, and a whole standard, comes to at a place."""

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """What an item comes to at a place."""

    UNMET = "unmet"
    MET = "met"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"

    @property
    def letter(self) -> str:
        """One letter for lists of statuses: U, M, ? or N."""
        return LETTERS[STATUSES.index(self)]

    @classmethod
    def of_letter(cls, letter: str) -> "Status":
        """Return the status of a letter; raises ValueError for any other."""
        return STATUSES[LETTERS.index(letter)]


STATUSES = tuple(Status)
"""All statuses; the place of one is its code in columns."""
LETTERS = "UM?N"
"""The letters of STATUSES."""


def verdict(statuses: Iterable[Status]) -> Status:
    """Return the whole standard's verdict: MET, UNMET or UNKNOWN.

    One unmet item decides; else one unknown leaves it unknown; it is met when every item is met or not
    applicable, and at least one is met.
    """
    seen = set(statuses)
    if Status.UNMET in seen:
        return Status.UNMET
    return Status.MET if Status.UNKNOWN not in seen and Status.MET in seen else Status.UNKNOWN


def rolled_up(statuses: Iterable[Status]) -> Status:
    """Return what a group whose members must all be met comes to: NOT_APPLICABLE when none applies."""
    seen = set(statuses)
    return Status.NOT_APPLICABLE if seen == {Status.NOT_APPLICABLE} else verdict(seen)


def of_truth(value: bool | None) -> Status:  # noqa: FBT001 (a three-valued truth)
    """Return MET, UNMET, or UNKNOWN for None."""
    return Status.UNKNOWN if value is None else Status.MET if value else Status.UNMET
