"""What a reminder says: to-dos that are new or more pressing than when last told, and what changed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from greenward.accounts.models import User
from greenward.accounts.queries import confirmed_addresses
from greenward.core.workdays import is_working_day
from greenward.duties import todos
from greenward.duties.models import Reminder, ReminderChoice, Told
from greenward.duties.queries.mine import Line, todos_for, together
from greenward.duties.states import ReminderState, Rhythm, Urgency
from greenward.duties.todos import News, ToDo
from greenward.territories.access import reach_of

LONGEST_KEY = 200
MOST_LINES = 40
"""Lines of a mail; what is beyond is counted, and stands in the list."""
FIRST_STRETCH = timedelta(days=7)
"""How far back changes are told to whom nothing was sent yet."""


@dataclass(frozen=True)
class Section:
    """The lines of one urgency; ``more``: how many further lines there is no room for."""

    urgency: Urgency
    lines: tuple[Line, ...]
    more: int

    @property
    def count(self) -> int:
        """How many things the shown lines stand for."""
        return sum(line.count for line in self.lines)


@dataclass(frozen=True)
class Digest:
    """What is told: ``fresh`` to-dos in sections, news; ``waiting``: how many wait in all, by urgency."""

    fresh: tuple[ToDo, ...]
    sections: tuple[Section, ...]
    news: tuple[News, ...]
    changes: int
    waiting: dict[Urgency, int]

    @property
    def is_empty(self) -> bool:
        """True where there is nothing new to tell: then nothing is sent."""
        return not self.fresh and not self.changes

    @property
    def late(self) -> int:
        """How many to-dos are overdue in all."""
        return self.waiting[Urgency.OVERDUE]

    @property
    def pressing(self) -> int:
        """How many are due today or soon in all."""
        return self.waiting[Urgency.TODAY] + self.waiting[Urgency.SOON]


def choice_of(user: User) -> ReminderChoice:
    """Return how the person wants to be reminded; what holds without a choice where there is none."""
    found = ReminderChoice.objects.filter(user=user).first()
    return found or ReminderChoice(user=user)


def slot_of(rhythm: Rhythm, on: date) -> str:
    """Return the day or week for which one mail may go out; empty on a day without any."""
    if rhythm == Rhythm.NEVER or not is_working_day(on):
        return ""
    if rhythm == Rhythm.DAILY:
        return on.isoformat()
    year, week, _day = on.isocalendar()
    return f"{year}-W{week:02d}"


def key_of(todo: ToDo) -> str:
    """Return under what a to-do is remembered as told."""
    return todo.key[:LONGEST_KEY]


def digest_for(user: User, choice: ReminderChoice, on: date, *, until: datetime) -> Digest:
    """Return what is to be told to a person on a day; changes are those found before ``until``."""
    waiting = [one for one in todos_for(user, on) if one.kind not in choice.without]
    told = set(
        Told.objects.filter(user=user)
        .exclude(reminder__state=ReminderState.FAILED)
        .values_list("kind", "key", "stage")
    )
    fresh = [one for one in waiting if (one.kind, key_of(one), one.urgency) not in told]
    news, changes = _changes(user, until) if choice.changes and reach_of(user).grants else ((), 0)
    counted = Counter(one.urgency for one in waiting)
    return Digest(
        tuple(fresh), _sections(fresh), news, changes, {urgency: counted[urgency] for urgency in Urgency}
    )


def _sections(fresh: Sequence[ToDo]) -> tuple[Section, ...]:
    """Return the lines by urgency, as many as there is room for, the most pressing first."""
    lines, room, found = together(fresh), MOST_LINES, []
    for urgency in Urgency:
        own = [line for line in lines if line.first.urgency == urgency]
        if own:
            found.append(Section(urgency, tuple(own[:room]), len(own) - len(own[:room])))
            room -= len(own[:room])
    return tuple(found)


def _changes(user: User, until: datetime) -> tuple[tuple[News, ...], int]:
    last = Reminder.objects.filter(user=user).exclude(state=ReminderState.FAILED).order_by("-at").first()
    since = last.at if last is not None else until - FIRST_STRETCH
    told = [teller(user, since, until) for teller in todos.tellers()]
    return tuple(one for bulletin in told for one in bulletin.news), sum(one.number for one in told)


def people_to_remind() -> list[tuple[User, str]]:
    """Return the active people whose address is confirmed, with it, in the order of their numbers."""
    active = list(User.objects.filter(is_active=True).exclude(email="").order_by("pk"))
    addresses = confirmed_addresses(active)
    return [(user, addresses[user.pk]) for user in active if user.pk in addresses]


def people_without_confirmed_address() -> int:
    """Return how many active people no mail can go to: no address, or one that is not confirmed."""
    return User.objects.filter(is_active=True).count() - len(people_to_remind())
