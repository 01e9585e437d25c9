"""Which of many cases a move can be made with, and why not with the others: for the preview and the act."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from os.path import commonpath

from django.utils import timezone
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.core.errors import GreenwardError, NotAllowedError, NotFoundError
from greenward.survey import access
from greenward.survey.models import Case, Round, Step
from greenward.survey.states import CaseState, Move
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import urban_communities, versions_on


@dataclass(frozen=True)
class Refused:
    """A community with which the move cannot be made, and why."""

    place: PlaceVersion
    error: GreenwardError


@dataclass(frozen=True)
class Batch:
    """Cases that allow a move, with their places; ``already``: the same person made it before."""

    cases: tuple[Case, ...]
    ready: tuple[PlaceVersion, ...]
    already: tuple[PlaceVersion, ...]
    refused: tuple[Refused, ...]

    @property
    def scope(self) -> str:
        """The path of the innermost place above all that is moved."""
        return f"{commonpath([one.path for one in self.ready])}/" if self.ready else ""


def batch_of(
    survey_round: Round, move: Move, communities: Collection[int], *, by: User | None, at: datetime
) -> Batch:
    """Tell for every community whether the move can be made with its case. Five queries.

    Which communities the person may see is the caller's matter; whether they may move them is told here.
    NotAllowedError where they may not move any of them.
    """
    places = _places(survey_round, communities, at)
    due = set(
        urban_communities(survey_round.reference_on)
        .filter(place__in=places)
        .values_list("place_id", flat=True)
    )
    cases = {case.place_id: case for case in Case.objects.filter(round=survey_round, place__in=places)}
    steps: dict[int, list[Step]] = defaultdict(list)
    for step in Step.objects.filter(case__in=cases.values()).select_related("by").order_by("id"):
        steps[step.case_id].append(step)
    moved: list[Case] = []
    ready: list[PlaceVersion] = []
    already: list[PlaceVersion] = []
    refused: list[Refused] = []
    for pk, place in sorted(places.items(), key=lambda pair: pair[1].path):
        case = cases.get(pk) or Case(round=survey_round, place_id=pk, state=CaseState.FILLING)
        told = steps[case.pk] if case.pk else []
        if _is_made(case, move, told, by):
            already.append(place)
            continue
        try:
            access.check_may_move(by, move, place.path)
            access.check_is_due(survey_round, place.place, due=pk in due)
            access.check_can_move(survey_round, case, move, told, by=by, at=at)
        except GreenwardError as error:
            refused.append(Refused(place, error))
        else:
            moved.append(case)
            ready.append(place)
    if refused and not ready and not already and all(_is_nobodys(one.error) for one in refused):
        raise refused[0].error
    return Batch(tuple(moved), tuple(ready), tuple(already), tuple(refused))


def _is_nobodys(error: GreenwardError) -> bool:
    """Tell whether the person's role lacks the permission; who may but not with this case is told why."""
    return isinstance(error, NotAllowedError) and "permission" in error.data


def _places(survey_round: Round, communities: Collection[int], at: datetime) -> dict[int, PlaceVersion]:
    """Return the communities as they stand today, and those closed since as on the reference date."""
    found = {
        version.place_id: version
        for day in (survey_round.reference_on, timezone.localdate(at))
        for version in versions_on(day).filter(place__in=communities)
    }
    if not found and communities:
        raise NotFoundError(_("没有找到这些社区。"), hint=_("请刷新页面后重选。"))
    return found


def _is_made(case: Case, move: Move, steps: list[Step], by: User | None) -> bool:
    last = steps[-1] if steps else None
    made_by = by.pk if by else None
    return last is not None and (case.state, last.verb, last.by_id) == (move.ends, move.verb, made_by)
