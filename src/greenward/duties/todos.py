"""To-dos: what a module tells of the work that waits for people, and how it registers that.

A module above registers each kind of to-do once, in its ``AppConfig.ready``::

    from greenward.duties import todos

    todos.register(
        todos.Kind(
            "certification-review",
            _("评审"),
            order=40,
            permissions=frozenset({Permission.REVIEW}),
            todos=review_todos,   # (user, on) -> Iterable[ToDo]: what this person must do
            held=review_held,     # (user, on) -> Iterable[Held]: what others hold within the person's reach
        )
    )

Rules for a provider: read only through ``<things>_for(user)``; a fixed number of queries, however many rows
there are (what several providers of a module look at is read by one function under :func:`once`); texts
translated when called; ``key`` names the work for as long as it waits (people are reminded
of a key once at each stage); no last day that nothing fixes: then ``due_on`` is None. Name in ``todos``
what the person's own office must do, and in ``held`` what waits elsewhere below: never the same in both.

``permissions`` are what the work of this kind needs. They go with it when a person hands the kind to a
colleague, except those in :data:`~greenward.territories.roles.OWN_NAME`; a module adds its own by
:func:`keep_own`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import TypeVar

from django_stubs_ext import StrOrPromise

from greenward.accounts.models import User
from greenward.core.sharing import shared
from greenward.duties.states import Urgency
from greenward.territories.access import reach_of
from greenward.territories.roles import OWN_NAME, Permission


@dataclass(frozen=True)
class ToDo:
    """Something that waits for one person.

    ``kind``: slug of a registered kind; ``key``: names the work within its kind, the same every day;
    ``what``, ``where``, ``why``: in words; ``url``: the page where it is done; ``due_on``: the last day, None
    where nothing fixes one; ``since``: since when it waits; ``count``: how many things it stands for.
    The rest is filled in by :func:`greenward.duties.queries.todos_for`: ``urgency``; calendar days and
    working days left (negative when the last day has passed, None without one); ``lender``: for whom it is
    done.
    """

    kind: str
    key: str
    what: str
    where: str
    url: str
    due_on: date | None = None
    why: str = ""
    since: date | None = None
    count: int = 1
    urgency: Urgency = Urgency.OPEN
    days_left: int | None = None
    working_days_left: int | None = None
    lender: User | None = None

    @property
    def days_late(self) -> int:
        """Calendar days since the last day; 0 when it has not passed."""
        return max(0, -(self.days_left or 0))


@dataclass(frozen=True)
class Held:
    """Work of one sort that waits at a place below.

    ``path``: of the place that must act; ``who``: who must act there, in words; ``what``: for what;
    ``count``: how many things; ``overdue``: how many of them are past their last day; ``due_on``: the
    earliest last day.
    """

    kind: str
    path: str
    who: str
    what: str
    url: str
    count: int
    overdue: int = 0
    due_on: date | None = None


@dataclass(frozen=True)
class Kind:
    """A kind of to-do: slug, name, order in lists, the permissions it needs, and who tells of it."""

    slug: str
    label: StrOrPromise
    order: int
    permissions: frozenset[Permission]
    todos: Callable[[User, date], Iterable[ToDo]]
    held: Callable[[User, date], Iterable[Held]] | None = None


@dataclass(frozen=True)
class News:
    """Something that changed within a person's reach: what, where, and the page that says why."""

    what: str
    where: str
    url: str


@dataclass(frozen=True)
class Bulletin:
    """The newest news of a stretch of time, and how many there were in all."""

    news: tuple[News, ...]
    number: int


T = TypeVar("T")
Teller = Callable[[User, datetime, datetime], Bulletin]
_kinds: dict[str, Kind] = {}
_tellers: list[Teller] = []


def once(read: Callable[[User, date], T]) -> Callable[[User, date], T]:
    """Read only once for a page or a mail what the same person with the same reach sees on a day."""

    @wraps(read)
    def kept(user: User, on: date) -> T:
        return shared((read, user.pk, reach_of(user), on), lambda: read(user, on))

    return kept


def register_news(teller: Teller) -> None:
    """Let a higher module tell what changed for a person from one moment until another.

    The rules for providers of to-dos hold: within the person's reach, a fixed number of queries, a few news.
    """
    if teller not in _tellers:
        _tellers.append(teller)


def tellers() -> tuple[Teller, ...]:
    """Return who tells what changed."""
    return tuple(_tellers)


def register(kind: Kind) -> None:
    """Add a kind; the same slug again replaces it."""
    _kinds[kind.slug] = kind


def keep_own(*permissions: Permission) -> None:
    """Say that these permissions are used in one's own name: they are not handed to others."""
    OWN_NAME.update(permissions)


def kinds() -> list[Kind]:
    """Return every registered kind, in order."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.slug))


def kinds_to_hand_over() -> list[Kind]:
    """Return the kinds that a colleague can do: those that need something not in :data:`OWN_NAME`."""
    return [kind for kind in kinds() if kind.permissions - OWN_NAME]
