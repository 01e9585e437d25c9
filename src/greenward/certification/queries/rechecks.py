"""Reading rechecks: whose facts drifted, what a seed draws, and the cases of those who handle them."""

import hashlib
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.queries.verdicts import verdicts
from greenward.certification.models import (
    Chosen,
    Found,
    Recheck,
    RecheckMove,
    RecheckPlan,
    Title,
    TitleHolding,
)
from greenward.certification.states import OPEN_RECHECKS, RECHECK_MOVES, RecheckState
from greenward.core import clock
from greenward.core.errors import NotFoundError
from greenward.core.months import after_months
from greenward.packs.schema.route import Recheck as Rule
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import below, versions_on
from greenward.territories.roles import Permission

UNMET, UNKNOWN = "U", "?"


@dataclass(frozen=True)
class Drift:
    """A title whose community the newest facts no longer carry: items unmet, and items now unknown."""

    title: Title
    place: PlaceVersion
    unmet: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def weight(self) -> tuple[int, int]:
        """By how much it drifted: unmet items count before unknown ones."""
        return len(self.unmet), len(self.unknown)


def held_below(programme: Programme, path: str, on: date) -> list[tuple[Title, PlaceVersion]]:
    """Return the titles held on a day by communities below ``path``, with where they stand, by number."""
    holdings = TitleHolding.objects.filter(
        title__programme=programme,
        during__contains=on,
        place__in=below(versions_on(on), path).values("place"),
    ).select_related("title")
    rows = sorted(holdings, key=lambda one: (one.title.number, one.place_id))
    found = versions_on(on).filter(place__in=[one.place_id for one in rows])
    places = {version.place_id: version for version in found}
    return [(one.title, places[one.place_id]) for one in rows]


def drifted(programme: Programme, path: str, on: date) -> list[Drift]:
    """Return the titles below ``path`` that newer facts no longer carry, the furthest drifted first."""
    held = held_below(programme, path, on)
    if not held:
        return []
    items = [item.id for item in programmes.policy(programme).standard.items]
    frame = verdicts(on).filter(pl.col("place").is_in([place.place_id for _title, place in held]))
    letters = dict(frame.select("place", "statuses").iter_rows())
    rows = [
        Drift(
            title,
            place,
            _with(items, letters[place.place_id], UNMET),
            _with(items, letters[place.place_id], UNKNOWN),
        )
        for title, place in held
        if place.place_id in letters
    ]
    moved = [one for one in rows if one.unmet or one.unknown]
    return sorted(moved, key=lambda one: (one.weight, one.title.number), reverse=True)


def _with(items: Sequence[str], letters: str, letter: str) -> tuple[str, ...]:
    return tuple(item for item, found in zip(items, letters, strict=True) if found == letter)


def drawn(numbers: Collection[str], seed: str, count: int) -> list[str]:
    """Return ``count`` title numbers drawn by a seed: whoever has list and seed draws the same.

    The numbers are ordered by the SHA-256 of ``seed/number``, and the first are taken.
    """
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}/{number}".encode()).hexdigest())[:count]


def share_of(number: int, share: Decimal) -> int:
    """Return how many a share of a number is, rounded up: a share above nothing is at least one."""
    return math.ceil(number * share)


@dataclass(frozen=True)
class Choice:
    """What a plan would recheck, and why."""

    title: Title
    place: PlaceVersion
    why: Chosen


def choices(programme: Programme, path: str, seed: str, rule: Rule, on: date) -> list[Choice]:
    """Return the titles that a plan takes: those that drifted most, then those that the seed draws.

    Titles that are being rechecked, or were within the rule's interval, are left out.
    """
    busy = _recently(programme, rule, on)
    held = [one for one in held_below(programme, path, on) if one[0].pk not in busy]
    by_number = {title.number: (title, place) for title, place in held}
    drift = [one.title.number for one in drifted(programme, path, on) if one.title.number in by_number]
    risky = drift[: share_of(len(held), rule.risk_share)]
    rest = [number for number in by_number if number not in set(risky)]
    lots = drawn(rest, seed, share_of(len(held), rule.random_share))
    return [
        *(Choice(*by_number[number], Chosen.RISK) for number in risky),
        *(Choice(*by_number[number], Chosen.RANDOM) for number in lots),
    ]


def _recently(programme: Programme, rule: Rule, on: date) -> set[int]:
    """Return the titles that are being rechecked, or were within the rule's interval."""
    since = after_months(on, -rule.every_months)
    busy = Q(state__in=OPEN_RECHECKS) | Q(moved_at__date__gt=since)
    rows = Recheck.objects.filter(busy, title__programme=programme)
    return set(rows.values_list("title_id", flat=True))


def rechecks_for(user: User | AnonymousUser, *, state: str = "") -> QuerySet[Recheck]:
    """Return the rechecks of communities within the person's reach, those due first."""
    within = Q(pk__in=[])
    for permission in (Permission.RECHECK, Permission.APPLY, Permission.READ_AUDIT):
        for path in reach_of(user).paths(permission):
            within |= Q(path__startswith=path)
    here = _here().filter(within, place=OuterRef("place"))
    rows = Recheck.objects.filter(Exists(here)).select_related("title", "place", "plan")
    chosen = rows.filter(state=state) if state in RecheckState.values else rows
    return chosen.order_by("due_on", "title__number")


def names_of(rechecks: Collection[Recheck]) -> dict[int, str]:
    """Return the names of the communities (ids) of rechecks, as they are today. One query."""
    here = _here().filter(place__in=[one.place_id for one in rechecks])
    return dict(here.values_list("place_id", "name"))


def _here() -> QuerySet[PlaceVersion]:
    return versions_on(clock.today())


def get_recheck_for(user: User | AnonymousUser, number: int) -> Recheck:
    """Return a recheck within the person's reach; NotFoundError for every other."""
    one = rechecks_for(user).filter(pk=number).first()
    if one is None:
        raise NotFoundError(_("没有找到这次复查。"), hint=_("请从复查列表打开。"))
    return one


def place_of(recheck: Recheck) -> PlaceVersion:
    """Return where a recheck's community stands today; NotFoundError where it is no more."""
    one = _here().filter(place=recheck.place_id).select_related("place").first()
    if one is None:
        raise NotFoundError(_("没有找到这次复查。"), hint=_("请从复查列表打开。"))
    return one


def moves_of(recheck: Recheck) -> list[RecheckMove]:
    """Return the moves of a recheck, the oldest first."""
    return list(recheck.moves.select_related("by"))


def moves_shown(recheck: Recheck) -> list[tuple[RecheckMove, str, list[tuple[str, str, str]]]]:
    """Return the moves with their names and what was found: item, finding, note.

    Items that were found in order, without a note, stand in one line at the end.
    """
    return [
        (
            move,
            str(RECHECK_MOVES[move.verb].name),
            _told(move.findings),
        )
        for move in moves_of(recheck)
    ]


def _told(findings: dict[str, dict[str, str]]) -> list[tuple[str, str, str]]:
    plain = [item for item, one in findings.items() if one["found"] == Found.HOLDS and not one["note"]]
    told = [
        (_("第%(item)s项") % {"item": item}, str(Found(one["found"]).label), one["note"])
        for item, one in findings.items()
        if item not in plain
    ]
    rest = _("其余 %(n)d 项") % {"n": len(plain)} if told else _("各项")
    return [*told, (rest, str(Found.HOLDS.label), "")] if plain else told


def failing(findings: dict[str, dict[str, str]]) -> list[str]:
    """Return the items found wanting."""
    return [item for item, one in findings.items() if one.get("found") == Found.FAILS]


def plans_for(user: User | AnonymousUser) -> QuerySet[RecheckPlan]:
    """Return the recheck plans of districts where the person rechecks, the newest first."""
    within = Q(pk__in=[])
    for path in reach_of(user).paths(Permission.RECHECK):
        within |= Q(path__startswith=path)
    here = _here().filter(within)
    return RecheckPlan.objects.filter(territory__in=here.values("place")).prefetch_related("rechecks")
