"""Carrying applications along the table of moves, many at once: what notice and recognition share."""

from collections.abc import Sequence
from datetime import datetime

from greenward.accounts.models import User
from greenward.certification.access import aftercare
from greenward.certification.models import Application, ApplicationMove
from greenward.certification.states import MOVES


def carry(
    applications: Sequence[Application], verb: str, *, by: User | None, at: datetime, note: str = ""
) -> None:
    """Make one move with locked applications, inside the caller's transaction, whose audit row says it.

    ConflictError where a state does not allow it, NotAllowedError for who must stand apart. Four queries.
    """
    move = aftercare.check_can_carry(verb, applications)
    aftercare.check_is_apart(by, move, applications)
    for one in applications:
        one.state, one.moved_at, one.version, one.due_on = MOVES[verb].ends, at, one.version + 1, None
    Application.objects.bulk_update(applications, ["state", "moved_at", "version", "due_on"])
    ApplicationMove.objects.bulk_create(
        [
            ApplicationMove(
                application=one, verb=verb, state=one.state, step=one.step, note=note, by=by, at=at
            )
            for one in applications
        ]
    )
