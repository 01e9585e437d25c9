"""Moving several applications in one step: each goes through its own action, or stays and is told why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from greenward.accounts.models import User
from greenward.certification.access.applications import check_note
from greenward.certification.actions import recommending, reviewing
from greenward.certification.models import Application
from greenward.certification.queries.batch import move_named, told_by
from greenward.core.errors import GreenwardError

DOORS: Mapping[str, Callable[..., Application]] = {
    "recommend": recommending.recommend,
    "approve": reviewing.approve,
}


@dataclass(frozen=True)
class Moved:
    """What became of one application; ``error`` says why it was left where it is, None where it went."""

    application: Application
    error: GreenwardError | None

    @property
    def faults(self) -> tuple[str, ...]:
        """Why it stays, in words; none where it went."""
        return told_by(self.error) if self.error is not None else ()


def move_each(
    chosen: Sequence[tuple[Application, int]], verb: str, *, by: User | None, at: datetime, note: str = ""
) -> list[Moved]:
    """Move each application, seen at a version, in a transaction of its own; what is refused stops no other.

    NotFoundError for a move that is not made with several, InvalidInputError where its reasons are missing.
    """
    text = check_note(move_named(verb), note)
    return [_moved(one, verb, seen, by=by, at=at, note=text) for one, seen in chosen]


def _moved(one: Application, verb: str, seen: int, *, by: User | None, at: datetime, note: str) -> Moved:
    try:
        if verb == "take_up":
            return Moved(reviewing.take_up(one, by=by, at=at, seen=seen), None)
        return Moved(DOORS[verb](one, by=by, at=at, note=note, seen=seen), None)
    except GreenwardError as error:
        return Moved(one, error)
