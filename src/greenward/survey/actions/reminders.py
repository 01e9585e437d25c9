"""Reminding communities of what is missing or was sent back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core import audit
from greenward.core.errors import InvalidInputError
from greenward.survey import access
from greenward.survey.models import Reminder, Round
from greenward.survey.queries.cases import states_of
from greenward.survey.states import CaseState
from greenward.territories.models import Place, PlaceVersion
from greenward.territories.queries import urban_communities, versions_on

LONGEST = 300
OPEN = frozenset({CaseState.FILLING, CaseState.RETURNED})


@dataclass(frozen=True)
class Reminded:
    """Communities that were reminded, those that were today already, and those where nothing is missing."""

    reminded: tuple[Place, ...]
    before: tuple[Place, ...]
    nothing_missing: tuple[Place, ...]


@transaction.atomic
def remind(
    survey_round: Round, communities: Sequence[Place], *, by: User | None, at: datetime, note: str = ""
) -> Reminded:
    """Remind communities that are due and still filling in, or have fields to put right.

    At most once a day each, whoever reminds; the others are said. Nothing is sent: it shows in the
    community's work and on its form. NotAllowedError if one of them is not the person's to check.
    """
    survey_round.refresh_from_db(fields=["closed_at"])
    access.check_is_open(survey_round, at)
    if len(note) > LONGEST:
        raise InvalidInputError(
            _("提醒的话过长。"), hint=_("最多 %(most)d 个字。") % {"most": LONGEST}, field="note"
        )
    day = timezone.localdate(at)
    paths = _paths(survey_round, communities, at)
    for place in communities:
        access.check_may_remind(by, paths.get(place.pk, ""))
    due = set(
        urban_communities(survey_round.reference_on)
        .filter(place__in=communities)
        .values_list("place_id", flat=True)
    )
    states = states_of(survey_round, [place.pk for place in communities])
    wanting = [one for one in communities if one.pk in due and states[one.pk].state in OPEN]
    before = _reminded(survey_round, wanting, day)
    Reminder.objects.bulk_create(
        [
            Reminder(round=survey_round, place=one, day=day, note=note.strip(), by=by, at=at)
            for one in wanting
            if one.pk not in before
        ],
        ignore_conflicts=True,  # somebody else may remind in the same moment: once a day is enough
    )
    done = [one for one in wanting if one.pk not in before]
    if done:
        audit.record(
            "survey.remind",
            survey_round,
            by=by,
            at=at,
            communities=[place.code for place in done],
        )
    nothing = tuple(one for one in communities if one not in wanting)
    return Reminded(tuple(done), tuple(one for one in wanting if one.pk in before), nothing)


def _paths(survey_round: Round, communities: Sequence[Place], at: datetime) -> dict[int, str]:
    """Return where the communities lie: as they stand today, closed ones as on the reference date."""
    found: dict[int, str] = {}
    for day in (survey_round.reference_on, timezone.localdate(at)):
        versions: list[PlaceVersion] = list(versions_on(day).filter(place__in=communities))
        found |= {version.place_id: version.path for version in versions}
    return found


def _reminded(survey_round: Round, communities: Sequence[Place], day: date) -> set[int]:
    rows = Reminder.objects.filter(round=survey_round, place__in=communities, day=day)
    return set(rows.values_list("place_id", flat=True))
