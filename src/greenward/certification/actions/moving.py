"""The one door through which an application's state changes; whoever calls it adds the audit row."""

import secrets
from datetime import date, datetime

from django.utils import timezone

from greenward.accounts.models import User
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
