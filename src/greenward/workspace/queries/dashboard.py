"""A place against its targets: own figures, those of the places below, and the curve towards the targets."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from greenward.accounts.models import User
from greenward.assessment.queries import AttainmentRow, attainment
from greenward.assessment.queries.attainment import percent
from greenward.assessment.queries.goals import Goal, goals
from greenward.packs.schema.pack import Pack
from greenward.programmes.queries import DutyState, duties_for
from greenward.territories.models import PlaceVersion
from greenward.workspace.queries.coverage import Covered, covered_below

SORTS = {
    "name": lambda c: c.code,
    "denominator": lambda c: c.denominator,
    "participating": lambda c: c.participating,
    "meeting": lambda c: c.meeting,
    "share": lambda c: c.share if c.share is not None else -1,
    "unknown": lambda c: c.unknown,
    "target": lambda c: c.target,
    "distance": lambda c: c.distance,
    "coverage": lambda c: c.coverage if c.coverage is not None else -1,
    "late": lambda c: c.late,
}


@dataclass(frozen=True)
class Child:
    """One place below: its figures against its target, its survey coverage, its duties overdue.

    ``done``/``due`` are communities surveyed and to be surveyed, None without a survey round.
    """

    code: str
    name: str
    level: str
    path: str
    denominator: int
    participating: int
    meeting: int
    both: int
    unknown: int
    target: int
    distance: int
    done: int | None
    due: int | None
    late: int

    @property
    def share(self) -> float | None:
        """``both`` over ``denominator`` in percent; None without communities."""
        return percent(self.both, self.denominator)

    @property
    def coverage(self) -> float | None:
        """``done`` over ``due`` in percent; None without a round."""
        return percent(self.done, self.due) if self.done is not None and self.due else None


@dataclass(frozen=True)
class Figures:
    """Everything a dashboard counts: the place's own row, the rows below, coverage, the targets."""

    own: AttainmentRow
    children: tuple[Child, ...]
    covered: Covered | None
    goals: tuple[Goal, ...]


def figures_for(
    user: User | AnonymousUser, place: PlaceVersion, as_of: date, pack: Pack, sort: str = "name"
) -> Figures:
    """Return the figures of ``place`` (city, district, subdistrict), which lies within the person's reach."""
    rows = attainment(as_of, under=place.path)
    own = next(row for row in rows if row.path == place.path)
    below = [row for row in rows if row.path.count("/") == place.path.count("/") + 1]
    covered = covered_below(place, as_of)
    owed = duties_for(user, as_of, horizon_days=0)
    late = Counter(due.place.path for due in owed if due.state == DutyState.OVERDUE)
    children = [_child(row, covered.get(row.path), late[row.path]) for row in below]
    return Figures(
        own=own,
        children=tuple(_sorted(children, sort)),
        covered=covered.get(place.path),
        goals=tuple(goals(pack, own, below)),
    )


def _child(row: AttainmentRow, covered: Covered | None, late: int) -> Child:
    return Child(
        code=row.code,
        name=row.name,
        level=row.level,
        path=row.path,
        denominator=row.denominator,
        participating=row.participating,
        meeting=row.meeting,
        both=row.both,
        unknown=row.unknown,
        target=row.target,
        distance=row.distance,
        done=covered.done if covered else None,
        due=covered.due if covered else None,
        late=late,
    )


def _sorted(children: Iterable[Child], sort: str) -> list[Child]:
    key = SORTS.get(sort.removeprefix("-"), SORTS["name"])
    return sorted(sorted(children, key=SORTS["name"]), key=key, reverse=sort.startswith("-"))
