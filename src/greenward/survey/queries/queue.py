"""The queue of a street or district: every community that is due, where it stands and for how long."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, DateTimeField, F, FilteredRelation, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.clock import end_of
from greenward.core.workdays import add_working_days, overrides, working_days_between
from greenward.survey.models import ReturnedField, Round
from greenward.survey.states import MUST_ACT, CaseState
from greenward.territories.access import reach_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import places_for, urban_communities, versions_on, within_reach
from greenward.territories.roles import Permission

SORTS = {
    "place": ("path",),
    "name": ("pinyin", "path"),
    "state": ("state", "path"),
    "since": ("since", "path"),
}


@dataclass(frozen=True)
class Wanted:
    """What of the queue is asked for; empty texts ask for everything.

    ``older``: at least so many working days in its state; a minus before ``sort`` turns the order round.
    """

    state: str = ""
    under: str = ""
    text: str = ""
    older: int = 0
    sort: str = "since"


@dataclass(frozen=True)
class Line:
    """A community in the queue: its place on the reference date, where it stands, working days since then."""

    place: PlaceVersion
    street: str
    district: str
    state: CaseState
    since: date
    days: int
    returned: int

    @property
    def who(self) -> str:
        """Who must act next; empty where nobody must."""
        level = MUST_ACT[self.state]
        return str(level.label) if level is not None else ""


def queue_for(
    user: User | AnonymousUser, survey_round: Round, wanted: Wanted = Wanted()
) -> QuerySet[PlaceVersion]:
    """Return the communities due in the round within the person's reach, with ``state`` and ``since``.

    By the boundaries of the reference date; one that has come under another street since is in both queues.
    """
    opened = timezone.make_aware(datetime.combine(survey_round.opens_on, time.min))
    found = _within(user, survey_round, wanted.under).annotate(
        moved=FilteredRelation("place__survey_cases", condition=Q(place__survey_cases__round=survey_round)),
        state=Coalesce(F("moved__state"), Value(CaseState.FILLING.value)),
        since=Coalesce(F("moved__moved_at"), Value(opened, DateTimeField())),
    )
    if wanted.state in CaseState.values:
        found = found.filter(state=wanted.state)
    if wanted.text:
        key = wanted.text.lower()
        named = Q(name__contains=wanted.text) | Q(pinyin__contains=key) | Q(initials__startswith=key)
        found = found.filter(named | Q(place__code__startswith=wanted.text))
    if wanted.older > 0:
        found = found.filter(since__lt=end_of(add_working_days(clock.today(), -wanted.older)))
    return found.order_by(*_order(wanted.sort))


def counts_for(user: User | AnonymousUser, survey_round: Round, wanted: Wanted) -> dict[CaseState, int]:
    """Return how many communities stand in each state, whatever state is asked for."""
    everything = Wanted("", wanted.under, wanted.text, wanted.older)
    found_in: Any = queue_for(user, survey_round, everything).order_by()
    rows = found_in.values_list("state").annotate(n=Count("pk"))
    number = dict(rows)
    return {state: number.get(state.value, 0) for state in CaseState}


def lines_of(survey_round: Round, versions: Iterable[PlaceVersion]) -> list[Line]:
    """Return communities of :func:`queue_for` as lines. Three queries."""
    listed = list(versions)
    above = _names(survey_round, listed)
    waiting = _waiting(survey_round, [one.place_id for one in listed])
    known, today = overrides(), clock.today()
    days: dict[date, int] = {}
    found = []
    for one in listed:
        since = timezone.localdate(one.since)  # type: ignore[attr-defined]  # an annotation
        if since not in days:
            days[since] = max(0, working_days_between(since, today, known=known))
        parts = one.path.split("/")
        street, district = above.get(parts[2], ""), above.get(parts[1], "")
        state = CaseState(one.state)  # type: ignore[attr-defined]  # the same
        found.append(Line(one, street, district, state, since, days[since], waiting[one.place_id]))
    return found


def own_state(user: User | AnonymousUser) -> str:
    """Return the state that waits for the person's own act: what the queue shows first."""
    reach = reach_of(user)
    if reach.paths(Permission.ACCEPT_SURVEY):
        return CaseState.CHECKED.value
    if reach.paths(Permission.CHECK_SURVEY):
        return CaseState.SUBMITTED.value
    return ""


def _within(user: User | AnonymousUser, survey_round: Round, under: str) -> QuerySet[PlaceVersion]:
    due = urban_communities(survey_round.reference_on, under=under)
    by_now = places_for(user).filter(place__level=Level.COMMUNITY).values("place")
    return due.filter(within_reach(user) | Q(place__in=by_now))


def _order(sort: str) -> list[str]:
    keys = SORTS.get(sort.removeprefix("-"), SORTS["since"])
    return [f"-{keys[0]}" if sort.startswith("-") else keys[0], *keys[1:]]


def _names(survey_round: Round, listed: Iterable[PlaceVersion]) -> dict[str, str]:
    codes = {code for one in listed for code in one.path.split("/")[1:3]}
    versions = versions_on(survey_round.reference_on).filter(place__code__in=codes)
    return dict(versions.values_list("place__code", "short_name"))


def _waiting(survey_round: Round, places: Collection[int]) -> Counter[int]:
    open_fields = ReturnedField.objects.filter(
        case__round=survey_round, case__place__in=places, settled_at=None
    )
    return Counter(open_fields.values_list("case__place_id", flat=True))
