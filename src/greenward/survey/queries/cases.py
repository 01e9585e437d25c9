"""Where communities' surveys stand on their way up: state, since when, who must act, what was sent back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.survey.models import Case, ReturnedField, Round, Step
from greenward.survey.queries.rounds import standing
from greenward.survey.queries.values import MANY
from greenward.survey.states import MUST_ACT, CaseState
from greenward.territories.models import Level, Place, PlaceVersion
from greenward.territories.queries import get_place_for, places_for, urban_communities, version_on


@dataclass(frozen=True)
class Standing:
    """A community's state in a round, since when (None: nobody moved it), and how many fields wait."""

    state: CaseState = CaseState.FILLING
    since: datetime | None = None
    returned: int = 0

    @property
    def must_act(self) -> Level | None:
        """At which level somebody must act next; None where nobody must."""
        return MUST_ACT[self.state]

    @property
    def who(self) -> str:
        """Who must act next, in words; empty where nobody must."""
        return str(self.must_act.label) if self.must_act is not None else ""


NOT_MOVED = Standing()
"""How a community stands whose survey nobody has moved yet."""


@dataclass(frozen=True)
class CaseFile:
    """One community's case with everything that happened to it, oldest first.

    ``returned`` are the fields ever sent back; ``opened`` those of the last return, which may be answered.
    """

    case: Case | None
    standing: Standing
    steps: tuple[Step, ...] = ()
    returned: tuple[ReturnedField, ...] = ()

    @property
    def last(self) -> Step | None:
        """The newest move; None for a case that nobody moved."""
        return self.steps[-1] if self.steps else None

    @property
    def seen(self) -> int:
        """The number of the newest move, 0 for none: what a person has before their eyes."""
        return self.steps[-1].pk if self.steps else 0

    @property
    def open(self) -> tuple[ReturnedField, ...]:
        """The fields that still wait for an answer."""
        return tuple(one for one in self.returned if one.settled_at is None)

    @property
    def opened(self) -> tuple[ReturnedField, ...]:
        """The fields that the last return opened, answered by now or not; none in other states."""
        if self.case is None or self.standing.state != CaseState.RETURNED:
            return ()
        return tuple(one for one in self.returned if one.at >= self.case.moved_at)


def states_of(survey_round: Round, communities: Collection[int]) -> dict[int, Standing]:
    """Return how every one of these communities (ids) stands in the round. One query."""
    cases = Case.objects.filter(round=survey_round)
    if len(communities) <= MANY:
        cases = cases.filter(place__in=list(communities))
    waiting = Count("returned_fields", filter=Q(returned_fields__settled_at__isnull=True))
    rows = cases.annotate(waiting=waiting).values_list("place_id", "state", "moved_at", "waiting")
    found = {place: Standing(CaseState(state), at, number) for place, state, at, number in rows}
    return {place: found.get(place, NOT_MOVED) for place in communities}


def case_of(survey_round: Round, community: Place | int) -> CaseFile:
    """Return a community's case with its moves and the fields sent back. Three queries at most."""
    case = Case.objects.filter(round=survey_round, place=community).first()
    if case is None:
        return CaseFile(None, NOT_MOVED)
    returned = tuple(case.returned_fields.select_related("place", "by").order_by("id"))
    waiting = sum(one.settled_at is None for one in returned)
    return CaseFile(
        case,
        Standing(CaseState(case.state), case.moved_at, waiting),
        tuple(case.steps.select_related("by")),
        returned,
    )


def community_of(version: PlaceVersion) -> int:
    """Return the id of the community that a place of the survey belongs to: itself, or what it stands in."""
    if version.place.level == Level.COMMUNITY:
        return version.place_id
    if version.place.level != Level.BUILDING and version.parent_id is not None:
        return version.parent_id
    code = version.path.split("/")[-4]
    return Place.objects.values_list("pk", flat=True).get(code=code)


def acting_version(survey_round: Round, community: Place, day: date) -> PlaceVersion:
    """Return by which boundaries a case is handled: as the place stands on the day.

    Where it was closed since, as it stood on the reference date; its case stays with it. NotFoundError where
    it stood on neither.
    """
    return version_on(community, day) or standing(community, survey_round.reference_on)


def get_community_for(user: User | AnonymousUser, survey_round: Round, code: str) -> PlaceVersion:
    """Return a community within the person's reach, by today's boundaries or the reference date's.

    NotFoundError beyond the reach, and for what is no community.
    """
    found = places_for(user).filter(place__code=code).first()
    found = found or get_place_for(user, code, on=survey_round.reference_on)
    if found.place.level != Level.COMMUNITY:
        raise NotFoundError(
            _("%(name)s不是社区，没有摸底流程。") % {"name": found.name},
            hint=_("提交、核对和核验都以社区为单位。"),
            code=code,
        )
    return found


def is_due(survey_round: Round, community: Place) -> bool:
    """Tell whether the community was an urban one on the round's reference date (clause 1.1)."""
    return urban_communities(survey_round.reference_on).filter(place=community).exists()


def moved_on(standing_now: Standing, survey_round: Round) -> date:
    """Return since which day a community stands as it does: since the round's opening if nobody moved it."""
    if standing_now.since is None:
        return survey_round.opens_on
    return timezone.localdate(standing_now.since)
