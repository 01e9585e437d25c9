"""Where applications and rechecks wait for others below, so that the level above sees who holds a case."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, Count, F, Min, Q, QuerySet, When
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.models import Seat
from greenward.certification.states import WAITING, ApplicationState, RecheckState
from greenward.certification.todos.aftercare import WITH_OFFICE, rechecks_at
from greenward.certification.todos.applications import left_to_colleagues, silent_countersigns
from greenward.certification.todos.words import (
    COUNTERSIGN,
    DECIDE,
    DEPTHS,
    OPINE,
    RECHECK,
    RECOMMEND,
    WRITE,
    Routes,
    above,
    located,
    routes_for,
    seats_at,
    within,
)
from greenward.duties.todos import Held
from greenward.packs.schema.shape import Level
from greenward.territories.access import reach_of
from greenward.territories.models import Level as Levels
from greenward.territories.roles import Permission

S, P = ApplicationState, Permission
HELD = frozenset({S.RETURNED, S.IN_REVIEW, S.APPROVED, S.OBJECTED}) | WAITING
"""States in which somebody must act: a draft waits for nobody, a notice for the calendar."""


def applications_held(user: User, on: date) -> Iterator[Held]:
    """Yield the applications that other offices hold, by place, state and step; overdue ones are counted."""
    if not _looks_down(user):
        return
    routes = routes_for(user, on)
    found = located(on).filter(within(reach_of(user).paths()), state__in=sorted(HELD))
    rows = _counted(found.annotate(holder=_holder(routes)), on, "programme_id", "state", "step")
    for programme, state, step, path, number, late, due_on in rows:
        level, needed, kind = _must_act(routes, programme, S(state), step)
        if path and path not in seats_at(user, needed, level):
            yield Held(
                kind, path, str(Levels(level).label), str(S(state).label), _queue(state), number, late, due_on
            )
    yield from (
        Held(
            DECIDE,
            _path_at(one.path, routes[one.programme][1].decision.level),
            _("本单位其他人员"),
            str(S.IN_REVIEW.label),
            _queue(S.IN_REVIEW),
            1,
            int(one.due_on is not None and one.due_on < on),
            one.due_on,
        )
        for one in left_to_colleagues(user, on)
    )


def _looks_down(user: User) -> bool:
    """Tell whether anything is below the person that others hold; a community has nobody below."""
    return any(path.count("/") < DEPTHS["community"] for path in reach_of(user).paths())


def _holder(routes: Routes) -> Case:
    """Return the path of the place that must act, for the database."""
    steps = [
        When(programme=programme, step=step.id, then=above(step.level))
        for programme, (_pack, route) in routes.items()
        for step in route.steps
    ]
    return Case(When(state=S.RETURNED, then=above("community")), *steps, default=None)


def _must_act(
    routes: Routes, programme: int, state: ApplicationState, step: str
) -> tuple[Level, Permission, str]:
    """Return at which level an application waits, for which permission, and the kind of work."""
    route = routes[programme][1]
    if state == S.RETURNED:
        return route.steps[0].level, P.APPLY, WRITE
    if state in WAITING and route.act_of(step) == "recommend":
        return route.step(step).level, P.RECOMMEND, RECOMMEND
    needed = {S.APPROVED: P.PUBLISH_NOTICES, S.OBJECTED: P.HANDLE_OBJECTIONS}.get(state, P.DECIDE_APPLICATION)
    return route.step(step).level, needed, DECIDE


def _counted(rows: QuerySet[Any, Any], on: date, *by: str, what: str = "pk") -> QuerySet[Any, Any]:
    """Return rows by ``by`` and ``holder``: how many, how many late, and the earliest last day."""
    number = Count(what, distinct=True)
    late = Count(what, distinct=True, filter=Q(due_on__lt=on))
    found: QuerySet[Any, Any] = (
        rows.order_by().values_list(*by, "holder").annotate(n=number, late=late, first=Min("due_on"))
    )
    return found


def departments_held(user: User, on: date) -> Iterator[Held]:
    """Yield how many applications each department has said nothing about: silence is no consent."""
    if not _looks_down(user):
        return
    routes = routes_for(user, on)
    asked = silent_countersigns(on).filter(within(reach_of(user).paths()))
    holders = asked.annotate(holder=_decider(routes))
    rows = _counted(holders, on, "programme", "department", what="snapshot__application")
    own = {(one.department, one.path) for one in reach_of(user).grants if P.COUNTERSIGN in one.permissions}
    for programme, slug, path, number, overdue, due_on in rows:
        department = routes[programme][0].department_by_slug.get(slug)
        if path and (slug, path) not in own:
            who = str(department or slug)
            yield Held(COUNTERSIGN, path, who, _("会签申报"), _queue(S.IN_REVIEW), number, overdue, due_on)


def reviewers_held(user: User, on: date) -> Iterator[Held]:
    """Yield how many applications wait for reviewers' opinions, not one's own."""
    if not _looks_down(user):
        return
    routes = routes_for(user, on)
    waiting: QuerySet[Any, Any] = Seat.objects.filter(
        vacated_at=None,
        done_at=None,
        application__state=S.IN_REVIEW,
        application__place__versions__during__contains=on,
    ).exclude(user=user)
    here = waiting.annotate(
        programme=F("application__programme"), path=F("application__place__versions__path")
    ).filter(within(reach_of(user).paths()))
    rows = _counted(here.annotate(holder=_decider(routes)), on, what="application")
    for path, number, late, due_on in rows:
        if path:
            yield Held(
                OPINE, path, _("评审专家"), _("提出评审意见"), _queue(S.IN_REVIEW), number, late, due_on
            )


def _decider(routes: Routes) -> Case:
    return Case(
        *(
            When(programme=programme, then=above(route.decision.level))
            for programme, (_pack, route) in routes.items()
        ),
        default=None,
    )


def rechecks_held(user: User, on: date) -> Iterator[Held]:
    """Yield the rechecks that other offices hold, and the communities that must put something right."""
    if not _looks_down(user):
        return
    routes = routes_for(user, on)
    found = rechecks_at(on).filter(
        within(reach_of(user).paths()), state__in=sorted({*WITH_OFFICE, RecheckState.RECTIFYING})
    )
    holders = Case(
        When(state=RecheckState.RECTIFYING, then=above("community")),
        *(
            When(title__programme=programme, then=above(route.decision.level))
            for programme, (_pack, route) in routes.items()
        ),
        default=None,
    )
    rows = _counted(found.annotate(holder=holders), on, "title__programme", "state")
    for programme, state, path, number, late, due_on in rows:
        community = state == RecheckState.RECTIFYING
        level = "community" if community else routes[programme][1].decision.level
        if path and (community or path not in seats_at(user, P.RECHECK, level)):
            label, url = RecheckState(state).label, f"{reverse('certification:rechecks')}?state={state}"
            yield Held(RECHECK, path, str(Levels(level).label), str(label), url, number, late, due_on)


def _path_at(path: str, level: Level) -> str:
    return "/".join(path.split("/")[: DEPTHS[level]]) + "/"


def _queue(state: str) -> str:
    return f"{reverse('certification:queue')}?{urlencode({'state': state})}"
