"""The queue of applications: where each stands, who holds it, and how many working days are left."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.certification.access.reviewing import departments_of
from greenward.certification.models import Application, Countersign, Seat
from greenward.certification.queries.applications import applications_for, versions_now, versions_of
from greenward.certification.states import OPEN, WAITING, WITH_COMMUNITY, ApplicationState
from greenward.core import clock, rows
from greenward.core.workdays import Overrides, overrides, working_days_between
from greenward.packs.schema.route import Route
from greenward.programmes import queries as programmes
from greenward.territories.access import reach_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.roles import ROLES, Permission

SORTS = {"due": ("due_on", "moved_at", "id"), "since": ("moved_at", "id"), "number": ("id",)}
S = ApplicationState
NAMES = """SELECT place.code, version.short_name
    FROM territories_place place JOIN territories_placeversion version ON version.place_id = place.id
    WHERE place.code = ANY(%(codes)s) AND version.during @> %(on)s::date"""


@dataclass(frozen=True)
class Wanted:
    """What of the queue is asked for; empty texts ask for everything.

    ``show``: ``mine`` what waits for the person's own act, ``overdue`` what is past its last day.
    """

    state: str = ""
    under: str = ""
    text: str = ""
    show: str = ""
    sort: str = "due"


@dataclass(frozen=True)
class Line:
    """An application in the queue; ``left`` working days to its last day, negative past it, None without."""

    application: Application
    place: PlaceVersion
    street: str
    district: str
    holder: str
    since: date
    days: int
    left: int | None

    @property
    def state(self) -> ApplicationState:
        """Where it stands."""
        return ApplicationState(self.application.state)

    @property
    def is_open(self) -> bool:
        """True while somebody has it: what is done does not wait."""
        return self.state in OPEN

    @property
    def is_handled(self) -> bool:
        """True while it waits for a street's or the district's move."""
        return self.state in WAITING | {S.IN_REVIEW}

    @property
    def is_late(self) -> bool:
        """True when its last day has passed."""
        return self.left is not None and self.left < 0

    @property
    def last_day(self) -> str:
        """Its last day and what is left until then, in words."""
        if self.left is None:
            return "—"
        told = {"day": f"{self.application.due_on:%Y-%m-%d}", "left": self.left}
        return _("%(day)s（已超期）") % told if self.is_late else _("%(day)s（剩 %(left)s）") % told


def queue_for(user: User | AnonymousUser, wanted: Wanted) -> QuerySet[Application]:
    """Return the applications that the person may see and asks for, without their programmes."""
    found = applications_for(user).select_related(None).defer(None).defer("narrative")
    if wanted.state in ApplicationState.values:
        found = found.filter(state=wanted.state)
    if wanted.show == "mine":
        found = found.filter(waiting_for(user))
    if wanted.show == "overdue":
        found = found.filter(due_on__lt=clock.today())
    if wanted.under or wanted.text:
        places = versions_now().filter(path__startswith=wanted.under)
        if wanted.text:
            key = wanted.text.lower()
            named = Q(name__contains=wanted.text) | Q(pinyin__contains=key) | Q(initials__startswith=key)
            places = places.filter(named | Q(place__code__startswith=wanted.text))
        found = found.filter(place__in=places.values("place"))
    keys = SORTS.get(wanted.sort.removeprefix("-"), SORTS["due"])
    first = (
        F(keys[0]).desc(nulls_last=True) if wanted.sort.startswith("-") else F(keys[0]).asc(nulls_last=True)
    )
    return found.order_by(first, *keys[1:])


def waiting_for(user: User | AnonymousUser) -> Q:
    """Return which applications wait for the person's own act, by role, department and seat."""
    found = Q(pk__in=[])
    reach = reach_of(user)
    route = programmes.policy(programmes.current()).route
    if reach.paths(Permission.APPLY):
        found |= Q(state__in=sorted(WITH_COMMUNITY))
    if route is not None:
        found |= _waiting_for_steps(user, route)
    departments = {one for grant in reach.grants for one in departments_of(user, grant.path)}
    if departments:
        asked = Countersign.objects.filter(department__in=departments, said="")
        found |= Q(state=S.IN_REVIEW, pk__in=asked.values("snapshot__application"))
    if isinstance(user, User):
        seats = Seat.objects.filter(user=user, vacated_at=None, done_at=None)
        found |= Q(state=S.IN_REVIEW, pk__in=seats.values("application"))
    return found


def _waiting_for_steps(user: User | AnonymousUser, route: Route) -> Q:
    found = Q(pk__in=[])
    held = levels_held(user)
    for step in route.steps[1:]:
        act = route.act_of(step.id)
        needed = Permission.RECOMMEND if act == "recommend" else Permission.DECIDE_APPLICATION
        if step.level in held and reach_of(user).paths(needed):
            states = [*WAITING, S.IN_REVIEW, S.APPROVED, S.OBJECTED] if act == "decide" else [*WAITING]
            found |= Q(step=step.id, state__in=states)
    return found


def levels_held(user: User | AnonymousUser) -> set[str]:
    """Return the levels at which the person's roles are held."""
    return {level.value for grant in reach_of(user).grants for level in ROLES[grant.role].levels}


def counts_for(user: User | AnonymousUser, wanted: Wanted) -> dict[ApplicationState, int]:
    """Return how many applications stand in each state, whatever state is asked for. One query."""
    everything = Wanted("", wanted.under, wanted.text, wanted.show)
    counted = queue_for(user, everything).order_by().values_list("state").annotate(n=Count("pk"))
    number = dict(counted)
    return {state: number.get(state.value, 0) for state in ApplicationState}


def lines_of(applications: Iterable[Application]) -> list[Line]:
    """Return applications as lines; a fixed number of queries for however many."""
    listed = list(applications)
    versions = versions_of({one.place_id for one in listed})
    names = _names(versions.values())
    held = programmes.numbered({one.programme_id for one in listed})
    for one in listed:
        one.programme = held[one.programme_id]
    routes = {number: programmes.policy(programme).route for number, programme in held.items()}
    others = _waited_for(listed)
    known, today = overrides(), clock.today()
    return [
        _line(one, versions[one.place_id], names, routes[one.programme_id], others, known, today)
        for one in listed
    ]


def _line(  # noqa: PLR0917 - what was read once for all lines
    one: Application,
    place: PlaceVersion,
    names: Mapping[str, str],
    route: Route | None,
    others: Mapping[int, list[str]],
    known: Overrides,
    today: date,
) -> Line:
    since = timezone.localdate(one.moved_at)
    parts = place.path.split("/")
    street, district = names.get(parts[2], ""), names.get(parts[1], "")
    return Line(
        one,
        place,
        street,
        district,
        holder_of(one, route, parts, names, others.get(one.pk, [])) if route else "",
        since,
        max(0, working_days_between(since, today, known=known)),
        working_days_between(today, one.due_on, known=known) if one.due_on else None,
    )


def holder_of(
    one: Application, route: Route, parts: list[str], names: Mapping[str, str], others: list[str]
) -> str:
    """Say who holds an application now: the place of the level that acts, and who is waited for beside."""
    state = ApplicationState(one.state)
    if state not in OPEN or state == S.IN_NOTICE:
        return ""
    level = route.step(one.step).level if state not in WITH_COMMUNITY else route.steps[0].level
    depth = {"city": 0, "district": 1, "subdistrict": 2, "community": 3}[level]
    name = names.get(parts[depth], "") if depth < len(parts) else ""
    text = name or str(Level(level).label)
    return f"{text}（{_('等')}{'、'.join(others)}）" if others else text


def _waited_for(listed: list[Application]) -> dict[int, list[str]]:
    """Return who beside the deciding step is still silent: departments and reviewers."""
    reviewing = [one.pk for one in listed if one.state == S.IN_REVIEW]
    found: defaultdict[int, list[str]] = defaultdict(list)
    if not reviewing:
        return found
    packs = {one.pk: programmes.policy(one.programme) for one in listed}
    silent = Countersign.objects.filter(snapshot__application__in=reviewing, said="")
    for number, slug in (
        silent.values_list("snapshot__application", "department").distinct().order_by("department")
    ):
        department = packs[number].department_by_slug.get(slug)
        found[number].append(str(department) if department else slug)
    seats = Seat.objects.filter(application__in=reviewing, vacated_at=None, done_at=None).order_by("id")
    for number, n in seats.order_by().values_list("application").annotate(n=Count("pk")):
        found[number].append(_("%(n)d 位评审专家") % {"n": n})
    return found


def _names(versions: Iterable[PlaceVersion]) -> dict[str, str]:
    codes = {code for one in versions for code in one.path.rstrip("/").split("/")}
    return dict(rows.values(NAMES, {"codes": list(codes), "on": clock.today()}))
