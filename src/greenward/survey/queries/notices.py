"""What of the survey waits for a person, in one line each: to check, to accept, to put right, to look at."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q

from greenward.accounts.models import User
from greenward.core import clock
from greenward.survey.models import Case, Entry, Reminder, ReturnedField, Round, Step
from greenward.survey.queries.queue import Wanted, counts_for
from greenward.survey.queries.rounds import current_round
from greenward.survey.states import CaseState, Way
from greenward.territories.access import reach_of
from greenward.territories.models import Level
from greenward.territories.queries import places_for
from greenward.territories.roles import Permission

PRESSING = (Permission.RUN_SURVEY_ROUNDS, Permission.ACCEPT_SURVEY, Permission.CHECK_SURVEY)
CORRECTED_FOR = timedelta(days=30)
"""So long a correction is shown to those who had checked or accepted the value."""


@dataclass(frozen=True)
class Corrected:
    """A community where values were corrected after the person had checked or accepted them."""

    community: str
    name: str
    entries: int


@dataclass(frozen=True)
class Notices:
    """What waits in one round. Numbers are communities.

    ``returned_at``: code and name of the person's own communities, and how many of their fields were sent
    back; ``reminders`` wait for the community to act. ``late`` are still with the communities after the
    round's last day: who may press them is told.
    """

    survey_round: Round
    to_check: int = 0
    to_accept: int = 0
    late: int = 0
    returned_at: tuple[tuple[str, str, int], ...] = ()
    reminders: tuple[Reminder, ...] = ()
    corrected: tuple[Corrected, ...] = ()

    @property
    def anything(self) -> bool:
        """True where something waits."""
        numbers = self.to_check or self.to_accept or self.late
        return bool(numbers or self.returned_at or self.reminders or self.corrected)


def notices_for(user: User | AnonymousUser) -> Notices | None:
    """Return what waits for the person in the current round; None without a round or an appointment.

    A fixed number of queries, whatever the number of communities.
    """
    held = current_round()
    reach = reach_of(user)
    if held is None or not isinstance(user, User) or not reach.paths():
        return None
    states = _states(user, held)
    fills = _fills_single_communities(user)
    return Notices(
        held,
        to_check=states[CaseState.SUBMITTED] if reach.paths(Permission.CHECK_SURVEY) else 0,
        to_accept=states[CaseState.CHECKED] if reach.paths(Permission.ACCEPT_SURVEY) else 0,
        late=_late(user, held) if any(reach.paths(one) for one in PRESSING) else 0,
        returned_at=tuple(_returned(user, held)) if fills else (),
        reminders=tuple(_reminders(user, held)) if fills else (),
        corrected=tuple(corrected_for(user, held)),
    )


def _late(user: User, held: Round) -> int:
    if clock.today() <= held.closes_on:
        return 0
    counts = counts_for(user, held, Wanted())
    return counts.get(CaseState.FILLING, 0) + counts.get(CaseState.RETURNED, 0)


def _fills_single_communities(user: User) -> bool:
    """Tell whether the person's reach is communities: who has streets below has the queue instead."""
    homes = places_for(user).filter(path__in=reach_of(user).paths(Permission.SURVEY))
    return homes.filter(place__level=Level.COMMUNITY).exists()


def _states(user: User, held: Round) -> Counter[str]:
    within = places_for(user).filter(place__level=Level.COMMUNITY).values("place")
    by_then = places_for(user, on=held.reference_on).filter(place__level=Level.COMMUNITY).values("place")
    cases = Case.objects.filter(Q(place__in=within) | Q(place__in=by_then), round=held)
    rows = cases.order_by().values_list("state").annotate(number=Count("pk"))
    return Counter(dict(rows))


def _returned(user: User, held: Round) -> list[tuple[str, str, int]]:
    within = places_for(user, permission=Permission.SURVEY)
    waiting = ReturnedField.objects.filter(
        case__round=held,
        case__state=CaseState.RETURNED,
        case__place__in=within.values("place"),
        settled_at=None,
    )
    number = Counter(waiting.values_list("case__place__code", flat=True))
    names = dict(within.filter(place__code__in=list(number)).values_list("place__code", "name"))
    return [(code, names.get(code, code), number[code]) for code in sorted(number)]


def _reminders(user: User, held: Round) -> list[Reminder]:
    """Return the newest reminder of each community that has not moved since."""
    within = places_for(user, permission=Permission.SURVEY).values("place")
    found = Reminder.objects.filter(round=held, place__in=within).select_related("place", "by")
    newest = list(found.order_by("place", "-id").distinct("place"))
    moved = dict(
        Case.objects.filter(round=held, place__in=[one.place_id for one in newest])
        .exclude(state__in=[CaseState.FILLING, CaseState.RETURNED])
        .values_list("place_id", "moved_at")
    )
    return [one for one in newest if one.place_id not in moved]


def corrected_for(user: User, held: Round) -> list[Corrected]:
    """Return the communities whose values were corrected by others after the person's own check."""
    mine = Step.objects.filter(case__round=held, by=user, verb__in=("check", "accept"))
    checked = dict(mine.order_by("id").values_list("case__place__code", "at"))
    if not checked:
        return []
    since = clock.now() - CORRECTED_FOR
    entries = Entry.objects.filter(round=held, way=Way.CORRECTION, at__gte=since).exclude(by=user)
    rows = list(entries.values_list("place_id", "at"))
    within = places_for(user)
    paths = dict(within.filter(place__in={pk for pk, _at in rows}).values_list("place_id", "path"))
    found: Counter[str] = Counter()
    for place, at in rows:
        code = paths[place].split("/")[3] if place in paths else ""
        if code in checked and at >= checked[code]:
            found[code] += 1
    names = dict(within.filter(place__code__in=list(found)).values_list("place__code", "name"))
    return [Corrected(code, names.get(code, code), number) for code, number in sorted(found.items())]
