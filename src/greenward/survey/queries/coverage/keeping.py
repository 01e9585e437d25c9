"""What this process keeps counted: a few rounds and days, each up to date when it is asked for."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import NamedTuple

from django.db import connection

from greenward.core import clock
from greenward.survey.models import Round
from greenward.survey.queries.coverage.asking import Recipe, recipe_of
from greenward.survey.queries.coverage.counting import Counts, fresh, updated
from greenward.survey.states import Asks
from greenward.territories.models import UNIT_PARENT

ROUNDS_KEPT = 4
"""So many pairs of a round and a day stay in memory: some 40 MB each for a nation of 127,000 communities."""
BOUNDS_BETWEEN = """
    SELECT EXISTS (
        SELECT 1 FROM territories_placeversion v JOIN territories_place p ON p.id = v.place_id
        WHERE p.level = ANY(%(levels)s)
          AND ((lower(v.during) > %(old)s AND lower(v.during) <= %(new)s)
               OR (upper(v.during) > %(old)s AND upper(v.during) <= %(new)s))
    )
"""


class Key(NamedTuple):
    """What names counts: all that decides them but the values themselves."""

    round: int
    day: date
    edition: str
    forms: tuple[str, ...]
    asks: Asks
    reference_on: date
    opened: datetime


@dataclass
class _Kept:
    """The last counts of one round and day, and the lock of those who bring them up to date."""

    counts: Counts | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


_kept: OrderedDict[Key, _Kept] = OrderedDict()
_registry = threading.Lock()


def counts_of(survey_round: Round, as_of: date | None = None) -> Counts:
    """Return the counts of a round as of a day (today if None), up to date with this very moment.

    One query where nothing is new, and at most six more whatever is new: the communities touched since are
    counted anew, ten thousand at once. The first time in a process all of them are; at the turn of a day
    yesterday's counts go on.
    """
    recipe = recipe_of(survey_round, as_of or clock.today())
    key = _key(survey_round, recipe)
    kept = _place_for(key)
    with kept.lock:
        before = kept.counts or _carried(key, recipe)
        counts, is_settled = fresh(recipe) if before is None else updated(before)
        if is_settled:
            kept.counts = counts
    return counts


def forget() -> None:
    """Drop everything kept: for measurements of the first time."""
    with _registry:
        _kept.clear()


def kept_days() -> list[date]:
    """Return the days that are kept, the one asked for last at the end."""
    with _registry:
        return [key.day for key in _kept]


def _key(survey_round: Round, recipe: Recipe) -> Key:
    edition, forms = survey_round.programme.pack.digest, tuple(survey_round.forms)
    return Key(survey_round.pk, recipe.as_of, edition, forms, recipe.asks, recipe.reference_on, recipe.opened)


def _place_for(key: Key) -> _Kept:
    with _registry:
        kept = _kept.setdefault(key, _Kept())
        _kept.move_to_end(key)
        while len(_kept) > ROUNDS_KEPT:
            del _kept[_dispensable(clock.today())]
        return kept


def _dispensable(today: date) -> Key:
    """Return what goes first: the least used of another day than today, for today is asked for most."""
    *others, _newest = _kept
    return next((key for key in others if key.day != today), others[0])


def _carried(key: Key, recipe: Recipe) -> Counts | None:
    """Return an earlier day's counts as those to go on with today; None where they do not serve.

    They serve where no condition looks at the day, no unit began or ended meanwhile, and they were last
    brought up to date on their own day: what was entered since is news to them.
    """
    if recipe.as_of != clock.today() or clock.demonstration_day() is not None or recipe.looks_at_the_day:
        return None
    with _registry:
        others = [
            kept.counts
            for other, kept in _kept.items()
            if other.day < key.day and other._replace(day=key.day) == key
        ]
    served = [one for one in others if one is not None and one.taken_on == one.recipe.as_of]
    last = max(served, key=lambda one: one.recipe.as_of, default=None)
    if last is None or _units_changed(last.recipe.as_of, recipe.as_of):
        return None
    return replace(last, recipe=recipe)


def _units_changed(old: date, new: date) -> bool:
    levels = [level.value for level in UNIT_PARENT]
    with connection.cursor() as cursor:
        cursor.execute(BOUNDS_BETWEEN, {"old": old, "new": new, "levels": levels})
        return bool(cursor.fetchone()[0])
