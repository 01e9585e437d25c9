"""A person's to-dos, the most pressing first; the same work at many places becomes one line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from greenward.accounts.models import User
from greenward.core.sharing import reading
from greenward.core.workdays import Overrides, overrides, working_days_between
from greenward.duties import todos
from greenward.duties.queries.cover import taken_over
from greenward.duties.states import Urgency
from greenward.duties.todos import ToDo
from greenward.territories.access import own_self

SOON = 5
"""Working days before the last day from which it is soon: a working week; for display and reminders only."""
ALONE = 1
NAMED = 3
"""So many places are named in a line that stands for more."""


@dataclass(frozen=True)
class Line:
    """To-dos of the same kind, work and last day: ``first`` and how many things all of them stand for."""

    first: ToDo
    todos: tuple[ToDo, ...]

    @property
    def count(self) -> int:
        """How many things wait in all."""
        return sum(todo.count for todo in self.todos)

    @property
    def is_one(self) -> bool:
        """True when the line's own page is the place to do it."""
        return len(self.todos) == ALONE

    @property
    def places(self) -> str:
        """Return the first places by name."""
        return "、".join(todo.where for todo in self.todos[:NAMED])


def todos_for(user: User, on: date) -> list[ToDo]:
    """Return everything that waits for the person on a day, the most pressing first.

    The number of queries depends on the kinds that there are, not on how much waits.
    """
    order = {kind.slug: kind.order for kind in todos.kinds()}
    own = own_self(user)
    with reading():
        found = [todo for kind in todos.kinds() for todo in kind.todos(own, on)]
        found += _for_others(user, on, {(todo.kind, todo.key) for todo in found})
    return sorted(dated(found, on), key=lambda todo: _rank(todo, order))


def _for_others(user: User, on: date, own: set[tuple[str, str]]) -> Iterator[ToDo]:
    """Yield what the person does for colleagues; what is theirs anyway stays theirs."""
    for one in taken_over(user, on):
        lender = own_self(one.lender)
        for kind in todos.kinds_to_hand_over():
            if kind.slug in (one.kinds or [kind.slug]):
                yield from (
                    replace(todo, lender=one.lender)
                    for todo in kind.todos(lender, on)
                    if (todo.kind, todo.key) not in own
                )


def dated(found: Iterable[ToDo], on: date) -> list[ToDo]:
    """Return to-dos with their urgency and the days left on a day. One query."""
    known = overrides()
    return [_dated(todo, on, known) for todo in found]


def _dated(todo: ToDo, on: date, known: Overrides) -> ToDo:
    if todo.due_on is None:
        return todo
    left, working = (todo.due_on - on).days, working_days_between(on, todo.due_on, known=known)
    if left < 0:
        urgency = Urgency.OVERDUE
    elif left == 0:
        urgency = Urgency.TODAY
    else:
        urgency = Urgency.SOON if working <= SOON else Urgency.OPEN
    return replace(todo, urgency=urgency, days_left=left, working_days_left=working)


def _rank(todo: ToDo, order: dict[str, int]) -> tuple[object, ...]:
    last = todo.due_on or date.max
    return (list(Urgency).index(todo.urgency), last, order[todo.kind], todo.what, todo.where, todo.key)


def together(found: Sequence[ToDo]) -> list[Line]:
    """Return to-dos as lines, in the order of the first of each line."""
    lines: dict[tuple[object, ...], list[ToDo]] = {}
    for todo in found:
        whose = todo.lender.pk if todo.lender else None
        lines.setdefault((todo.kind, todo.what, todo.due_on, whose), []).append(todo)
    return [Line(same[0], tuple(same)) for same in lines.values()]
