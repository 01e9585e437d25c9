"""One application with everything that its page shows: frozen part, acts, others' words, timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access import applications as access
from greenward.certification.access.reviewing import departments_of
from greenward.certification.models import (
    Application,
    ApplicationMove,
    Attachment,
    Countersign,
    Draw,
    ReturnedItem,
    Seat,
    Snapshot,
    Visit,
)
from greenward.certification.queries import snapshots
from greenward.certification.queries.applications import version_of
from greenward.certification.queries.hindrances import (
    Hindrance,
    countersigns_of,
    hindrances_of,
    seats_of,
    wants_visit,
)
from greenward.certification.queries.panel import Spread, spread_of
from greenward.certification.queries.queue import Line, lines_of
from greenward.certification.queries.readiness import Readiness, readiness_of
from greenward.certification.queries.route import route_of
from greenward.certification.states import MOVES, WAITING, WITH_COMMUNITY, ApplicationState, Move
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.route import Route, Step
from greenward.programmes import queries as programmes
from greenward.survey.sensitivity import sight_of
from greenward.territories.access import may
from greenward.territories.models import PlaceVersion
from greenward.territories.roles import Permission

OWN_FORMS = frozenset({"submit", "resubmit", "return", "send_back"})
"""Moves that have a form of their own on the page."""
OTHERS_MOVES = frozenset({"publish", "object", "reject_objection", "uphold_objection", "recognise", "end"})
"""Moves that belong to the notice, the title and the community's own end."""


@dataclass(frozen=True)
class CaseFile:
    """An application as one person sees it. ``readiness`` is today's; ``items`` are the frozen ones."""

    application: Application
    place: PlaceVersion
    pack: Pack
    route: Route
    line: Line
    snapshot: Snapshot | None
    items: list[dict[str, Any]]
    moves: list[ApplicationMove]
    returned: list[ReturnedItem]
    attachments: list[Attachment]
    visits: list[Visit]
    countersigns: list[Countersign]
    seats: list[Seat]
    draws: list[Draw]
    readiness: Readiness
    differences: list[snapshots.Difference]
    open_moves: list[Move]
    hindrances: dict[str, list[Hindrance]]
    may_write: bool
    may_visit: bool
    reads_all: bool
    own_departments: frozenset[str]
    own_seat: Seat | None

    @property
    def step(self) -> Step:
        """The step of the route at which the application stands."""
        return self.route.step(self.application.step)

    @property
    def state(self) -> ApplicationState:
        """Where the application stands."""
        return ApplicationState(self.application.state)

    @property
    def waiting(self) -> list[ReturnedItem]:
        """The items that came back and have no answer yet."""
        return [one for one in self.returned if one.answered_at is None]

    @property
    def spread(self) -> list[Spread]:
        """How reviewers see each item; empty where nobody was drawn."""
        return spread_of(self.snapshot, self.seats) if self.snapshot is not None and self.seats else []

    @property
    def silent(self) -> list[Countersign]:
        """What departments have said nothing about: silence is no consent."""
        return [one for one in self.countersigns if not one.said]

    @property
    def wants_visit(self) -> bool:
        """True when the step must look at the community on the spot."""
        return wants_visit(self.application, self.route, self.application.step)

    @property
    def is_frozen(self) -> bool:
        """True while nobody of the community writes."""
        return self.state not in WITH_COMMUNITY


def case_for(user: User | AnonymousUser, application: Application, day: date) -> CaseFile:
    """Return the application as the person sees it; the caller found it for them."""
    place, route = version_of(application.place), route_of(application.programme)
    pack, sight = programmes.policy(application.programme), sight_of(user)
    snapshot, moves = snapshots.latest(application), list(application.moves.select_related("by"))
    readiness = readiness_of(place, route, day, application=application, sight=sight)
    open_moves = [
        move
        for move in MOVES.values()
        if move.verb not in OTHERS_MOVES
        and access.may_move(user, application, move, route=route, moves=moves, path=place.path)
    ]
    seats = seats_of(application)
    return CaseFile(
        application=application,
        place=place,
        pack=pack,
        route=route,
        line=lines_of([application])[0],
        snapshot=snapshot,
        items=snapshots.shown_to(snapshot, sight, pack) if snapshot is not None else [],
        moves=moves,
        returned=list(application.returned_items.select_related("by")),
        attachments=_attachments(application),
        visits=list(application.visits.select_related("by").prefetch_related("findings__file")),
        countersigns=countersigns_of(application),
        seats=seats,
        draws=list(application.draws.all()),
        readiness=readiness,
        differences=snapshots.differences(snapshot, readiness) if snapshot is not None else [],
        open_moves=open_moves,
        hindrances={
            move.verb: hindrances_of(application, move.verb, at_step=application.step, day=day, route=route)
            for move in open_moves
        },
        may_write=application.state in WITH_COMMUNITY and access.may_apply(user, place.path, route),
        may_visit=_may_visit(user, application, route, place.path),
        reads_all=may(user, Permission.READ, place.path),
        own_departments=departments_of(user, place.path),
        own_seat=next((one for one in seats if isinstance(user, User) and one.user_id == user.pk), None),
    )


def _attachments(application: Application) -> list[Attachment]:
    held = application.attachments.filter(removed_at=None).select_related("file", "by")
    return list(held.defer("file__content").order_by("id"))


def _may_visit(user: User | AnonymousUser, application: Application, route: Route, path: str) -> bool:
    state = ApplicationState(application.state)
    if state not in WAITING | {ApplicationState.IN_REVIEW}:
        return False
    act = route.act_of(application.step)
    needed = Permission.RECOMMEND if act == "recommend" else Permission.DECIDE_APPLICATION
    return access.acts_at(user, needed, path, route.step(application.step).level)


@dataclass(frozen=True)
class Happening:
    """Something that happened to an application: when, who, what, and why."""

    at: datetime
    who: str
    what: str
    why: str = ""


def timeline_of(case: CaseFile) -> Sequence[Happening]:
    """Return everything that happened, the newest first."""
    system = _("系统")
    told = [
        Happening(
            one.at,
            str(one.by or system),
            f"{MOVES[one.verb].name} → {ApplicationState(one.state).label}",
            one.note,
        )
        for one in case.moves
    ]
    told += [
        Happening(one.at, str(one.by or system), _("退回第%(item)s项") % {"item": one.item}, one.reason)
        for one in case.returned
    ]
    told += [
        Happening(one.answered_at, "", _("答复第%(item)s项") % {"item": one.item}, one.answer)
        for one in case.returned
        if one.answered_at is not None
    ]
    told += [
        Happening(
            one.at,
            str(one.by or system),
            _("现场核查（%(day)s）") % {"day": one.visited_on.isoformat()},
            one.summary,
        )
        for one in case.visits
    ]
    told += [
        Happening(
            one.at,
            str(one.by or system),
            _("会签第%(item)s项：%(said)s") % {"item": one.item, "said": one.get_said_display()},
            one.reason,
        )
        for one in case.countersigns
        if one.at is not None
    ]
    told += [
        Happening(one.done_at, str(one.user), _("提交评审意见"))
        for one in case.seats
        if one.done_at is not None
    ]
    return sorted(told, key=lambda one: one.at, reverse=True)
