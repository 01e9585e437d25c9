"""Pilots as to-dos: streets that owe pilots whose proposals wait for the district's decision."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.accounts.models import User
from greenward.assessment.queries.pilots import PilotRow, pilots
from greenward.core.errors import NotFoundError
from greenward.duties import todos
from greenward.duties.todos import Held, ToDo
from greenward.territories.access import reach_of
from greenward.territories.models import Level
from greenward.territories.queries import places_for, versions_on
from greenward.territories.roles import Permission

KIND = "pilots"


def choosing_todos(user: User, on: date) -> Iterator[ToDo]:
    """Yield a line for each district of one's own whose streets lack pilots that could be started."""
    seats = reach_of(user).seats(Permission.CHOOSE_PILOTS)
    if not seats:
        return
    owing = _owing(seats, on)
    for place in places_for(user, on=on).filter(path__in=list(owing)).order_by("path"):
        rows = owing[place.path]
        yield ToDo(
            KIND,
            key=f"{place.place.code}:{rows[0].due}",
            what=_("从建议中选定试点"),
            where=place.short_name,
            url=reverse("pilots:proposals", args=[place.place.code]),
            due_on=rows[0].due,
            why=_("%(n)d 个街道试点不足 · 第 %(clause)s 条") % {"n": len(rows), "clause": rows[0].clause},
            count=sum(_lacking(row) for row in rows),
        )


def pilots_held(user: User, on: date) -> Iterator[Held]:
    """Yield how many pilots districts below have still to choose."""
    reach = reach_of(user)
    seats = reach.seats(Permission.CHOOSE_PILOTS)
    if not any(path.count("/") == 1 for path in reach.paths()):  # only a city looks down on districts
        return
    districts = versions_on(on).filter(place__level=Level.DISTRICT).values_list("path", flat=True)
    below = {path for path in districts if reach.covers(path)} - seats
    for path, rows in sorted(_owing(below, on).items()):
        lacking = sum(_lacking(row) for row in rows)
        late = lacking if rows[0].due < on else 0
        label, what = str(Level.DISTRICT.label), _("从建议中选定试点")
        code = path.rstrip("/").split("/")[-1]
        yield Held(
            KIND, path, label, what, reverse("pilots:proposals", args=[code]), lacking, late, rows[0].due
        )


def _owing(paths: Iterable[str], on: date) -> dict[str, list[PilotRow]]:
    """Return the streets that lack pilots, by the path of theirs among ``paths``. From one picture."""
    found: dict[str, list[PilotRow]] = defaultdict(list)
    held = set(paths)
    try:
        rows = pilots("", on) if held else []
    except NotFoundError:  # no programme has begun: nothing is owed
        return found
    for row in rows:
        district = "/".join(row.path.split("/")[:2]) + "/"
        if district in held and _lacking(row):
            found[district].append(row)
    return found


def _lacking(row: PilotRow) -> int:
    """Return how many pilots the street could still start and must; a small one starts what it has."""
    return max(0, min(row.least, row.communities) - row.pilots)


CHOOSING = todos.Kind(
    KIND, gettext_lazy("试点"), 37, frozenset({Permission.CHOOSE_PILOTS}), choosing_todos, pilots_held
)
