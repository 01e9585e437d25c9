"""The one door through which an application's state changes: one along the route, or many with a notice.

Whoever calls it adds the audit row.
"""

import secrets
from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from greenward.accounts.models import User
from greenward.certification.access import aftercare
from greenward.certification.access import applications as access
from greenward.certification.models import Application, ApplicationMove, Draw
from greenward.certification.queries.applications import version_of
from greenward.certification.queries.panel import lot
from greenward.certification.queries.route import route_of
from greenward.certification.states import WAITING, ApplicationState, Move
from greenward.core.workdays import add_working_days
from greenward.packs.schema.route import Route, Step

WHOLE = 2**256


def advance(
    application: Application,
    verb: str,
    *,
    by: User | None,
    at: datetime,
    seen: int | None = None,
    note: str = "",
) -> ApplicationMove | None:
    """Move a locked application along the table; None where the same person has just made the same move.

    Raises NotAllowedError, ConflictError (state, route, or changed since version ``seen``), InvalidInputError
    for reasons that are owed.
    """
    move, route = access.move_of(verb), route_of(application.programme)
    moves = list(application.moves.select_related("by"))
    access.check_may_move(by, move, application, route, version_of(application.place).path)
    if access.is_repeated(application, move, moves, by=by):
        return None
    access.check_is_seen(application, moves, seen)
    access.check_can_move(application, move, route, moves, by=by)
    text = access.check_note(move, note)
    stood_at = application.step
    application.state, application.moved_at = move.ends, at
    application.step = _next_step(route, stood_at, move)
    application.due_on = _due(application, route, timezone.localdate(at))
    application.version += 1
    application.save(update_fields=["state", "step", "moved_at", "due_on", "version"])
    if application.step != stood_at:
        _draw_visit(application, route.step(application.step), by=by, at=at)
    return ApplicationMove.objects.create(
        application=application, verb=verb, state=move.ends, step=stood_at, note=text, by=by, at=at
    )


def carry(
    applications: Sequence[Application], verb: str, *, by: User | None, at: datetime, note: str = ""
) -> None:
    """Make one move of the notice or the title with locked applications; the caller has asked who may.

    ConflictError where a state does not allow it, NotAllowedError for who must stand apart. Four queries,
    however many there are.
    """
    move = aftercare.check_can_carry(verb, applications)
    aftercare.check_is_apart(by, move, applications)
    for one in applications:
        one.state, one.moved_at, one.version, one.due_on = move.ends, at, one.version + 1, None
    Application.objects.bulk_update(applications, ["state", "moved_at", "version", "due_on"])
    ApplicationMove.objects.bulk_create(
        [
            ApplicationMove(
                application=one, verb=verb, state=one.state, step=one.step, note=note, by=by, at=at
            )
            for one in applications
        ]
    )


def _next_step(route: Route, stood_at: str, move: Move) -> str:
    if move.ends == ApplicationState.RETURNED:
        return route.steps[0].id
    if move.verb in {"submit", "resubmit", "recommend"}:
        following = route.after(stood_at)
        return following.id if following is not None else stood_at
    return stood_at


def _due(application: Application, route: Route, day: date) -> date | None:
    """Return the last day for who must act now; taking an application up sets no new one."""
    state = ApplicationState(application.state)
    if state == ApplicationState.IN_REVIEW:
        return application.due_on
    limit = route.step(application.step).limit if state in WAITING else None
    return add_working_days(day, limit.working_days) if limit is not None else None


def _draw_visit(application: Application, step: Step, *, by: User | None, at: datetime) -> None:
    """Draw whether the step looks at the community on the spot, where it visits only a share."""
    if step.visits is None or not 0 < step.visits.share < 1:
        return
    if application.draws.filter(purpose="visit", pot=[step.id]).exists():
        return
    seed = secrets.token_hex(16)
    chosen = lot(seed, step.id) < int(step.visits.share * WHOLE)
    Draw.objects.create(
        application=application,
        purpose="visit",
        seed=seed,
        pot=[step.id],
        drawn=[step.id] if chosen else [],
        by=by,
        at=at,
    )
