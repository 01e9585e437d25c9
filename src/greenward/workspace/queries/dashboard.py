"""The places right below one, each against its target, in the order asked for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser

from greenward.accounts.models import User
from greenward.assessment.queries import AttainmentRow
from greenward.assessment.queries.attainment import percent
from greenward.programmes.queries import DutyState, duties_for
from greenward.workspace.queries.coverage import Covered
from greenward.workspace.queries.scene import Scene

SORTS = {
    "name": lambda c: c.code,
    "denominator": lambda c: c.denominator,
    "participating": lambda c: c.participating,
    "meeting": lambda c: c.meeting,
    "recognised": lambda c: c.recognised,
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

    ``recognised``: communities that hold a title. ``done``/``due`` are communities surveyed and to be
    surveyed, None without a survey round.
    """

    code: str
    name: str
    level: str
    path: str
    denominator: int
    participating: int
    meeting: int
    recognised: int
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


def children_for(
    user: User | AnonymousUser, scene: Scene, titles: Counter[str], as_of: date, sort: str = "name"
) -> list[Child]:
    """Return the places right below, with the duties overdue that the person may know of.

    ``titles``: how many communities hold a title, by code (``recognised_by_place``).
    """
    owed = duties_for(user, as_of, horizon_days=0)
    late = Counter(due.place.path for due in owed if due.state == DutyState.OVERDUE)
    children = [
        _child(row, scene.covered.get(row.path), late[row.path], titles[row.code]) for row in scene.below
    ]
    return _sorted(children, sort)


def _child(row: AttainmentRow, covered: Covered | None, late: int, recognised: int) -> Child:
    return Child(
        code=row.code,
        name=row.name,
        level=row.level,
        path=row.path,
        denominator=row.denominator,
        participating=row.participating,
        meeting=row.meeting,
        recognised=recognised,
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
