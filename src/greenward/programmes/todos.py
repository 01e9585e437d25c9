"""Duties as to-dos: what one's own office must deliver, and what offices below have not delivered."""

from collections.abc import Iterator
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.accounts.models import User
from greenward.core.errors import NotFoundError
from greenward.duties import todos
from greenward.duties.todos import Held, ToDo
from greenward.programmes.queries import DutyDue, DutyState, duties_for
from greenward.territories.access import reach_of
from greenward.territories.roles import Permission

KIND = "duty"


def delivery_todos(user: User, on: date) -> Iterator[ToDo]:
    """Yield what the person's own office owes and may be worked on, or falls due within the horizon."""
    seats = reach_of(user).seats(Permission.DELIVER_DUTIES)
    for due in _owed(user, on):
        if due.place.path in seats:
            code = due.place.place.code
            yield ToDo(
                KIND,
                key=f"{due.duty.id}:{code}:{due.due_on}",
                what=_named(due),
                where=due.place.short_name,
                url=reverse("programmes:deliver", args=[due.duty.id, code, due.due_on]),
                due_on=due.due_on,
                why=_why(due),
            )


def deliveries_held(user: User, on: date) -> Iterator[Held]:
    """Yield what other offices within reach owe: what is overdue, and what may be worked on by now."""
    seats = reach_of(user).seats(Permission.DELIVER_DUTIES)
    for due in _owed(user, on):
        if due.place.path not in seats and due.state in {DutyState.OVERDUE, DutyState.OPEN}:
            late = due.state == DutyState.OVERDUE
            level = str(due.place.place.get_level_display())
            yield Held(KIND, due.place.path, level, _named(due), "", 1, int(late), due.due_on)


@todos.once
def _owed(user: User, on: date) -> list[DutyDue]:
    try:
        return [due for due in duties_for(user, on) if due.state != DutyState.DELIVERED]
    except NotFoundError:  # no programme has begun: nobody owes anything
        return []


def _named(due: DutyDue) -> str:
    return f"{due.duty.title} · {due.label}" if due.label else str(due.duty.title)


def _why(due: DutyDue) -> str:
    clause = _("第 %(clause)s 条") % {"clause": due.clause}
    return f"{clause} · {_('期限为本地规定')}" if due.own_rule else clause


DELIVERIES = todos.Kind(
    KIND, gettext_lazy("报送"), 10, frozenset({Permission.DELIVER_DUTIES}), delivery_todos, deliveries_held
)
