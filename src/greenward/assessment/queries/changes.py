"""What changed and why: items whose status moved when newer facts came in, and what is new for whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.engine.status import Status
from greenward.assessment.models import SeenChange, Verdict, VerdictChange
from greenward.assessment.queries.change_sources import Given, givers_of
from greenward.assessment.queries.wording import printed
from greenward.core import clock
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.standard import Item
from greenward.programmes import queries as programmes
from greenward.survey.sensitivity import Sight, mark, sight_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import places_for

NOBODY: Mapping[tuple[int, str], Given] = {}


@dataclass(frozen=True)
class FactChange:
    """A fact's value before and after, printed with its unit; marked where the reader does not see it.

    ``given``: the survey's entry that gave the new value; None where another source did, or was not asked.
    """

    label: str
    old: str
    new: str
    given: Given | None = None


@dataclass(frozen=True)
class ItemChange:
    """An item whose status moved, and the facts that moved it."""

    item: Item
    old: Status
    new: Status
    because: tuple[FactChange, ...]


@dataclass(frozen=True)
class Change:
    """A community whose items moved: which, from what to what, and why. ``is_new``: not seen by the reader.

    ``as_of`` is the day of the run that found it.
    """

    place: PlaceVersion
    old: str
    new: str
    items: tuple[ItemChange, ...]
    at: datetime
    id: int = 0
    as_of: date | None = None
    is_new: bool = False


@dataclass(frozen=True)
class Wanted:
    """What a list of changes is narrowed to; empty values ask for everything.

    ``direction``: "gained" (met now), "lost" (was met), "settled" (was unknown), "unsettled" (unknown now),
    "same" (items moved, the verdict did not). ``since``, ``until``: days on which it was found.
    """

    under: str = ""
    item: str = ""
    direction: str = ""
    since: date | None = None
    until: date | None = None
    new_only: bool = False


_MET, _UNKNOWN = Q(new=Verdict.MET), Q(new=Verdict.UNKNOWN)
_WAS_MET, _WAS_UNKNOWN = Q(old=Verdict.MET), Q(old=Verdict.UNKNOWN)
DIRECTIONS: dict[str, Q] = {
    "gained": _MET & ~_WAS_MET,
    "lost": _WAS_MET & ~_MET,
    "settled": _WAS_UNKNOWN & ~_UNKNOWN,
    "unsettled": _UNKNOWN & ~_WAS_UNKNOWN,
    "same": Q(old=Verdict.MET, new=Verdict.MET)
    | Q(old=Verdict.UNMET, new=Verdict.UNMET)
    | Q(old=Verdict.UNKNOWN, new=Verdict.UNKNOWN),
}


def changes_for(
    user: User | AnonymousUser,
    on: date | None = None,
    *,
    since: datetime | None = None,
    under: str = "",
    limit: int = 10,
) -> list[Change]:
    """Return the latest changes within the person's reach below ``under``, newest first.

    ``since``: only those found at that moment or later, as a digest asks.
    """
    rows = change_rows(user, on, Wanted(under=under))
    if since is not None:
        rows = rows.filter(at__gte=since)
    return told(user, list(rows[:limit]), on)


def change_rows(user: User | AnonymousUser, on: date | None, wanted: Wanted) -> QuerySet[VerdictChange]:
    """Return the changes asked for within the person's reach, newest first; ``is_new`` beside each."""
    day = on or clock.today()
    places = places_for(user, on=day).filter(path__startswith=wanted.under)
    rows = VerdictChange.objects.filter(
        run__programme=programmes.current(day), place__in=places.values("place"), run__as_of__lte=day
    ).select_related("run")
    if wanted.item:
        rows = rows.filter(items__contains=[{"item": wanted.item}])
    if wanted.direction in DIRECTIONS:
        rows = rows.filter(DIRECTIONS[wanted.direction])
    if wanted.since is not None:
        rows = rows.filter(at__date__gte=wanted.since)
    if wanted.until is not None:
        rows = rows.filter(at__date__lte=wanted.until)
    seen = SeenChange.objects.filter(change=OuterRef("pk"), person=user.pk)
    rows = rows.annotate(is_new=~Exists(seen))
    return rows.filter(is_new=True) if wanted.new_only else rows


def new_for(user: User | AnonymousUser, on: date | None = None) -> int:
    """Return how many changes within the person's reach they have not seen."""
    return change_rows(user, on, Wanted(new_only=True)).count()


def told(
    user: User | AnonymousUser, rows: Sequence[VerdictChange], on: date | None, *, sources: bool = False
) -> list[Change]:
    """Return rows of :func:`change_rows` in words; ``sources`` asks who or what gave the new values."""
    day = on or clock.today()
    places = places_for(user, on=day).filter(place__in=[row.place_id for row in rows])
    versions = {v.place_id: v for v in places.select_related("place")}
    pack, sight = programmes.policy(programmes.current(day)), sight_of(user)
    telling = _Telling(pack, sight, givers_of(pack, rows, day) if sources else NOBODY)
    return [telling.change(row, versions[row.place_id]) for row in rows if row.place_id in versions]


@dataclass(frozen=True)
class _Telling:
    """What telling changes takes: the policy, the reader's sight, who gave which value."""

    pack: Pack
    sight: Sight
    given: Mapping[tuple[int, str], Given]

    def change(self, row: VerdictChange, version: PlaceVersion) -> Change:
        """Return one row in words."""
        items = tuple(
            ItemChange(
                self.pack.item_by_id[one["item"]],
                Status.of_letter(one["old"]),
                Status.of_letter(one["new"]),
                tuple(self._facts(one["facts"], version.path, row.pk)),
            )
            for one in row.items
            if one["item"] in self.pack.item_by_id
        )
        is_new = bool(getattr(row, "is_new", False))
        return Change(version, row.old, row.new, items, row.at, row.pk, row.run.as_of, is_new)

    def _facts(self, facts: Sequence[Mapping[str, Any]], path: str, change: int) -> Iterator[FactChange]:
        """Yield the facts that moved, as the reader sees them."""
        for moved in facts:
            name = moved["fact"]
            if name not in self.pack.fact_by_id or moved["old"] == moved["new"]:
                continue
            shown = self.sight.shows_fact(self.pack, name, path)
            old, new = (
                _printed(self.pack, name, moved[when]) if shown else mark() for when in ("old", "new")
            )
            label = str(self.pack.fact_by_id[name].label)
            yield FactChange(label, old, new, self.given.get((change, name)))


def _printed(pack: Pack, fact: str, value: object) -> str:
    return _("资料不全") if value is None else printed(pack, fact, value)
