"""The strip above a form and a case: where the community stands, who must act, what this person may do."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from greenward.accounts.models import User
from greenward.core import clock
from greenward.survey import access
from greenward.survey.models import Reminder, ReturnedField, Round
from greenward.survey.queries.cases import CaseFile, acting_version, case_of, community_of
from greenward.survey.queries.reminders import last_reminder
from greenward.survey.states import MOVES, UNDER_REVIEW, Move
from greenward.territories.models import Level, Place, PlaceVersion
from greenward.territories.queries import versions_on

DEPTH = {Level.DISTRICT: 1, Level.SUBDISTRICT: 2, Level.COMMUNITY: 3}
AT_ONCE = ("submit", "withdraw")
"""Moves that need no look at the answers: their buttons stand on the form too."""


@dataclass(frozen=True)
class Strip:
    """What the strip shows; ``moves`` are those that this person may make now."""

    round: Round
    community: PlaceVersion
    place: PlaceVersion
    case: CaseFile
    who: str
    moves: tuple[Move, ...]
    reminder: Reminder | None
    on_case_page: bool

    @property
    def at_once(self) -> list[Move]:
        """The moves whose buttons stand everywhere."""
        return [move for move in self.moves if move.verb in AT_ONCE]

    @property
    def looks(self) -> bool:
        """True where the person may check, accept or return: on the case's page."""
        return any(move.verb not in AT_ONCE for move in self.moves)

    @property
    def returned_here(self) -> list[ReturnedField]:
        """The fields of this very place that wait for an answer; on the case's page all of them."""
        if self.on_case_page:
            return list(self.case.open)
        return [one for one in self.case.open if one.place_id == self.place.place_id]

    @property
    def returned_elsewhere(self) -> int:
        """How many fields of the community's other places wait."""
        return len(self.case.open) - len(self.returned_here)

    @property
    def shown_reminder(self) -> Reminder | None:
        """The last reminder, while it waits for the community to act."""
        one, state = self.reminder, self.case.standing.state
        since = self.case.standing.since
        return one if one and state not in UNDER_REVIEW and (since is None or one.at >= since) else None


def strip_of(
    user: User | AnonymousUser, survey_round: Round, version: PlaceVersion, *, on_case_page: bool = False
) -> Strip:
    """Return the strip of a place's community. At most eight queries."""
    community = version
    if version.place.level != Level.COMMUNITY:
        place = Place.objects.get(pk=community_of(version))
        community = acting_version(survey_round, place, clock.today())
    case = case_of(survey_round, community.place)
    return Strip(
        survey_round,
        community,
        version,
        case,
        _who(case, community),
        moves_for(user, survey_round, community, case),
        last_reminder(survey_round, community.place_id),
        on_case_page,
    )


def moves_for(
    user: User | AnonymousUser, survey_round: Round, community: PlaceVersion, case: CaseFile
) -> tuple[Move, ...]:
    """Return the moves that the person may make with a community's case now; no query."""
    state = case.standing.state
    return tuple(
        move
        for move in MOVES.values()
        if access.may_move(user, survey_round, move, community.path, steps=case.steps, state=state)
    )


def _who(case: CaseFile, community: PlaceVersion) -> str:
    """Return the name of the place whose office must act next; empty where nobody must."""
    level = case.standing.must_act
    if level is None:
        return ""
    if level == Level.COMMUNITY:
        return community.short_name
    code = community.path.split("/")[DEPTH[level]]
    name = versions_on(clock.today()).filter(place__code=code).values_list("short_name", flat=True).first()
    return name or str(level.label)
