"""Who holds what below a person: one line for each place of the next level, the overdue first."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from greenward.accounts.models import User
from greenward.core.sharing import reading
from greenward.duties import todos
from greenward.duties.todos import Held
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import places_for


@dataclass(frozen=True)
class Below:
    """A place and what waits there and below it: work of each sort once, the overdue first."""

    place: PlaceVersion
    held: tuple[Held, ...]

    @property
    def overdue(self) -> int:
        """How many things are past their last day."""
        return sum(one.overdue for one in self.held)

    @property
    def count(self) -> int:
        """How many things wait in all."""
        return sum(one.count for one in self.held)


def held_below(user: User, on: date) -> list[Below]:
    """Return what others hold within the person's reach, by the place right below them, the late first.

    What waits at the person's own place, for colleagues, stands under that place.
    """
    roots = reach_of(user).paths()
    found: dict[str, list[Held]] = defaultdict(list)
    with reading():
        every = [one for kind in todos.kinds() if kind.held for one in kind.held(user, on)]
    for one in every:
        root = next((path for path in roots if one.path.startswith(path)), None)
        if root is not None:
            found[_next(root, one.path)].append(one)
    places = places_for(user, on=on).filter(place__code__in=list(found))
    lines = [Below(place, _joined(found[place.place.code])) for place in places]
    return sorted(lines, key=lambda line: (-line.overdue, -line.count, line.place.path))


def _next(root: str, path: str) -> str:
    """Return the code of the place right below ``root`` on the way to ``path``, or of ``root`` itself."""
    rest = path.removeprefix(root).split("/")[0]
    return rest or root.rstrip("/").split("/")[-1]


def _joined(held: list[Held]) -> tuple[Held, ...]:
    """Join work of the same sort; one page can show it only where all is on the same."""
    same: dict[tuple[str, str, str], list[Held]] = defaultdict(list)
    for one in held:
        same[one.kind, one.who, one.what].append(one)
    joined = [_sum(ones) for ones in same.values()]
    return tuple(sorted(joined, key=lambda one: (-one.overdue, one.due_on or date.max, one.what)))


def _sum(held: list[Held]) -> Held:
    first = held[0]
    days = [one.due_on for one in held if one.due_on]
    return Held(
        first.kind,
        first.path,
        first.who,
        first.what,
        first.url if len({one.url for one in held}) == 1 else "",
        count=sum(one.count for one in held),
        overdue=sum(one.overdue for one in held),
        due_on=min(days) if days else None,
    )
