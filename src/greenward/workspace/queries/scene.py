"""What the communities below a place add up to on a day: counted once, kept until a figure could change."""

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Max
from django.utils.translation import get_language

from greenward.assessment.queries import (
    AttainmentRow,
    CurvePoint,
    DepartmentGap,
    ItemGap,
    NearMiss,
    PilotRow,
    attainment,
    gaps,
    gaps_by_department,
    nearest_to_passing,
    pilots,
)
from greenward.assessment.queries.goals import Goal, goals, progress
from greenward.assessment.queries.verdicts import KEPT_FOR, stamp
from greenward.programmes.models import Programme
from greenward.programmes.queries import current, policy
from greenward.survey.models import Round, Step
from greenward.survey.queries import current_round
from greenward.territories.models import PlaceVersion
from greenward.workspace.queries.coverage import Covered, covered_below

NEAREST = 8


@dataclass(frozen=True)
class Scene:
    """A place's own row, the rows right below it, its curve, targets, gaps, pilots and survey coverage."""

    own: AttainmentRow
    below: tuple[AttainmentRow, ...]
    goals: tuple[Goal, ...]
    points: tuple[CurvePoint, ...]
    gaps: tuple[ItemGap, ...]
    department_gaps: tuple[DepartmentGap, ...]
    nearest: tuple[NearMiss, ...]
    pilots: tuple[PilotRow, ...]
    covered: dict[str, Covered]


def scene_of(place: PlaceVersion, as_of: date) -> Scene:
    """Return the scene of a city, district or subdistrict; the caller has found it for the person."""
    programme = current(as_of)
    opened = current_round(as_of)
    key = f"scene/{place.path}/{get_language()}/{_marks(programme, opened, as_of)}"
    kept = cache.get(key)
    if isinstance(kept, Scene):
        return kept
    found = _drawn(programme, opened, place, as_of)
    cache.set(key, found, KEPT_FOR)
    return found


def _marks(programme: Programme, opened: Round | None, as_of: date) -> str:
    run = programme.runs.aggregate(last=Max("computed_at"))["last"]
    freeze = programme.freezes.aggregate(last=Max("id"))["last"]
    moved = Step.objects.aggregate(last=Max("id"))["last"] if opened else None
    return f"{stamp(programme, as_of)}/{run and run.timestamp()}/{freeze}/{opened}/{moved}"


def _drawn(programme: Programme, opened: Round | None, place: PlaceVersion, as_of: date) -> Scene:
    pack = policy(programme)
    rows = attainment(as_of, under=place.path)
    own = next(row for row in rows if row.path == place.path)
    below = tuple(row for row in rows if row.path.count("/") == place.path.count("/") + 1)
    return Scene(
        own=own,
        below=below,
        goals=tuple(goals(pack, own, below)),
        points=tuple(progress(pack, own)),
        gaps=tuple(gaps(place.path, as_of)),
        department_gaps=tuple(gaps_by_department(place.path, as_of)),
        nearest=tuple(nearest_to_passing(place.path, as_of, NEAREST)),
        pilots=tuple(pilots(place.path, as_of)),
        covered=covered_below(opened, place, as_of) if opened else {},
    )
