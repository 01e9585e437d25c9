"""What waits after the decision: to publish, objections, to name, rechecks and rectification."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.accounts.models import User
from greenward.certification.models import Chosen, NoticeEntry, Objection, Recheck
from greenward.certification.states import (
    OPEN_OBJECTIONS,
    ApplicationState,
    ObjectionState,
    RecheckState,
)
from greenward.certification.todos.words import (
    DECIDE,
    DESK,
    RECHECK,
    WRITE,
    located,
    routes_for,
    seats_at,
    stands,
    within,
)
from greenward.duties.todos import ToDo
from greenward.territories.access import reach_of
from greenward.territories.queries import versions_on
from greenward.territories.roles import Permission

P, R = Permission, RecheckState
WITH_OFFICE = {
    R.PLANNED: gettext_lazy("复查称号"),
    R.REPORTED: gettext_lazy("验收整改"),
    R.HEARING: gettext_lazy("听取陈述申辩后作出决定"),
}
"""What the office that rechecks must do, by state; in the other open state the community must."""
OBJECTIONS = {
    ObjectionState.RECEIVED: gettext_lazy("决定是否受理异议"),
    ObjectionState.ACCEPTED: gettext_lazy("复核异议并答复"),
}


def deciding_seats(user: User, permission: Permission, on: date) -> frozenset[str]:
    """Return the paths of one's own offices that decide and have the permission. One query at most."""
    if not reach_of(user).paths(permission):
        return frozenset()
    levels = {route.decision.level for _pack, route in routes_for(user, on).values()}
    return frozenset(path for level in levels for path in seats_at(user, permission, level))


def at_the_desk(user: User, on: date) -> Iterator[ToDo]:
    """Yield what waits to be published, by office, and objections to handle; never who objects."""
    if seats := deciding_seats(user, P.PUBLISH_NOTICES, on):
        yield from _to_publish(seats, on)
    if seats := deciding_seats(user, P.HANDLE_OBJECTIONS, on):
        rows: QuerySet[Any, Any] = Objection.objects.filter(state__in=sorted(OPEN_OBJECTIONS))
        mine = rows.annotate(path=F("entry__path"), name=F("entry__name")).filter(within(seats))
        fields = ("pk", "state", "due_on", "received_at", "name")
        for key, state, due_on, received_at, name in mine.order_by("due_on", "pk").values_list(*fields):
            yield ToDo(
                DESK,
                key=f"objection:{key}:{state}",
                what=str(OBJECTIONS[ObjectionState(state)]),
                where=name,
                url=f"{reverse('certification:objection', args=[key])}#act",
                due_on=due_on,
                why=_("公示期间有异议"),
                since=timezone.localdate(received_at),
            )


def _to_publish(seats: Collection[str], on: date) -> Iterator[ToDo]:
    approved = stands(located(on).filter(within(seats), state=ApplicationState.APPROVED))
    waiting: dict[str, list[datetime]] = defaultdict(list)
    for one in approved:
        waiting[next(path for path in seats if one.path.startswith(path))].append(one.moved_at)
    names = _names(waiting, on)
    for path, moved in sorted(waiting.items()):
        yield ToDo(
            DESK,
            key=f"publish:{path}:{timezone.localdate(max(moved))}",
            what=_("公示审核通过的申报"),
            where=names.get(path, ""),
            url=f"{reverse('certification:desk')}#publish",
            since=timezone.localdate(min(moved)),
            count=len(moved),
        )


def _names(paths: Collection[str], on: date) -> dict[str, str]:
    if not paths:
        return {}
    return dict(versions_on(on).filter(path__in=paths).values_list("path", "short_name"))


def concluding(user: User, on: date) -> Iterator[ToDo]:
    """Yield the notices whose last day has passed and whose communities can be named."""
    seats = deciding_seats(user, P.RECOGNISE, on)
    if not seats:
        return
    held_up = Objection.objects.filter(entry=OuterRef("pk"), state__in=sorted(OPEN_OBJECTIONS))
    entries = NoticeEntry.objects.filter(
        ~Exists(held_up), within(seats), application__state=ApplicationState.IN_NOTICE, notice__ends_on__lt=on
    )
    rows = (
        entries.order_by().values_list("notice", "notice__title", "notice__ends_on").annotate(n=Count("pk"))
    )
    for number, title, ends_on, count in rows.order_by("notice__ends_on", "notice"):
        yield ToDo(
            DECIDE,
            key=f"notice:{number}",
            what=_("公示期满，命名"),
            where=title,
            url=f"{reverse('certification:conclude', args=[number])}#recognise",
            since=ends_on,
            count=count,
        )


def rechecking(user: User, on: date) -> Iterator[ToDo]:
    """Yield the titles that one's own office rechecks, whose rectification it accepts, whom it hears."""
    seats = deciding_seats(user, P.RECHECK, on)
    if seats:
        mine = rechecks_at(on).filter(within(seats), state__in=sorted(WITH_OFFICE))
        yield from (_recheck(RECHECK, str(WITH_OFFICE[R(row[1])]), *row) for row in _rows(mine))


def rectifying(user: User, on: date) -> Iterator[ToDo]:
    """Yield what one's own community must put right and report by a day."""
    seats = seats_at(user, P.APPLY, "community")
    mine = rechecks_at(on).filter(within(seats), state=R.RECTIFYING)
    yield from (_recheck(WRITE, _("整改并报送整改情况"), *row) for row in _rows(mine))


def rechecks_at(on: date) -> QuerySet[Any, Any]:
    """Return rechecks with ``path`` and ``name`` of where their community stands on the day."""
    here: QuerySet[Any, Any] = Recheck.objects.filter(place__versions__during__contains=on)
    found: QuerySet[Any, Any] = here.annotate(
        path=F("place__versions__path"), name=F("place__versions__short_name")
    )
    return found


def _rows(rechecks: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    fields = ("pk", "state", "due_on", "moved_at", "name", "why", "title__number")
    return list(rechecks.order_by("due_on", "pk").values_list(*fields))


def _recheck(  # noqa: PLR0917 - one row of the table
    kind: str,
    what: str,
    key: int,
    state: str,
    due_on: date | None,
    moved_at: datetime,
    name: str,
    chosen: str,
    number: str,
) -> ToDo:
    return ToDo(
        kind,
        key=f"recheck:{key}:{state}:{timezone.localdate(moved_at)}",
        what=what,
        where=name,
        url=f"{reverse('certification:recheck', args=[key])}#act",
        due_on=due_on,
        why=f"{number} · {Chosen(chosen).label}",
        since=timezone.localdate(moved_at),
    )
