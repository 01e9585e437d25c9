"""Reading who takes part and who is a pilot."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.facts.registry import PLACE, Marks
from greenward.assessment.facts.values import FactValue
from greenward.certification.models import Participation, Pilot, StandingChange
from greenward.certification.queries.titles import titles_since
from greenward.core.errors import NotFoundError
from greenward.packs.schema.facts import Fact, FromSource
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.territories.access import may
from greenward.territories.models import PlaceVersion
from greenward.territories.roles import Permission

KINDS: dict[str, type[Participation] | type[Pilot]] = {"participates": Participation, "is_pilot": Pilot}
"""The keys of the facts that certification knows, and where they stand."""
STREAM = "certification"


@dataclass(frozen=True)
class Standings:
    """A community's participation and pilot in force on a day (None: none), and what the person may do."""

    participation: Participation | None
    pilot: Pilot | None
    may_enrol: bool
    may_choose_pilots: bool


def standings_for(user: User | AnonymousUser, place: PlaceVersion, on: date) -> Standings:
    """Return where a community stands on the day; the caller has found the place for the person."""
    programme = programmes.current(on)

    now = {"programme": programme, "place": place.place_id, "during__contains": on}
    return Standings(
        Participation.objects.filter(**now).first(),
        Pilot.objects.filter(**now).first(),
        may(user, Permission.ENROL, place.path),
        may(user, Permission.CHOOSE_PILOTS, place.path),
    )


def history_of(place: PlaceVersion) -> list[Participation | Pilot]:
    """Return every participation and pilot of the community, the latest begun first."""
    rows = [
        row
        for kind in KINDS.values()
        for row in kind.objects.filter(place=place.place_id).select_related("by", "programme__pack")
    ]
    return sorted(rows, key=lambda row: (row.during.lower or date.min, row.pk), reverse=True)


class StandingFacts:
    """Provides who takes part, is a pilot, or holds a title: registers, so never unknown.

    Keys: ``participates``, ``is_pilot``; ``recognised`` for any title, ``recognised/LEVEL`` for one of a
    level: as a yes/no, or as a date the day since when it is held (shape R26: an earlier title).
    """

    def frame(
        self,
        pack: Pack,
        facts: Sequence[Fact],
        as_of: date,
        places: Collection[int],
        *,
        seen: Marks | None = None,
    ) -> pl.DataFrame:
        """Return ``place`` and a yes/no per fact; a community that is not on the register is a no."""
        del pack, seen
        ids = pl.DataFrame({PLACE: list(places)}, schema={PLACE: pl.Int64})
        return ids.with_columns(_column(fact, as_of) for fact in facts)

    def explain(self, pack: Pack, facts: Sequence[Fact], as_of: date, place: int) -> Mapping[str, FactValue]:
        """Return the facts at one community with the reason written in the register."""
        del pack
        return {fact.id: self._value(fact, as_of, place) for fact in facts}

    def _value(self, fact: Fact, as_of: date, place: int) -> FactValue:
        if _key(fact) not in KINDS:
            return _title_value(fact, as_of, place)
        kind = KINDS[_key(fact)]
        row = _registered(kind, as_of).filter(place=place).first()
        source = _("创建登记：%(reason)s") % {"reason": row.reason} if row else _("创建登记中没有")
        began = row.during.lower if row else None
        return FactValue(fact.id, str(fact.label), "", row is not None, source, began)

    def marks(self, as_of: date) -> Marks:
        """Return the number of the newest change; any may reach back."""
        del as_of
        return {STREAM: StandingChange.objects.order_by("-id").values_list("id", flat=True).first() or 0}

    def touched_since(self, marks: Marks, as_of: date) -> set[int]:
        """Return the communities whose standing changed after the marks."""
        del as_of
        changed = StandingChange.objects.filter(id__gt=marks.get(STREAM, 0))
        return set(changed.values_list("place_id", flat=True))


def _key(fact: Fact) -> str:
    return fact.origin.key if isinstance(fact.origin, FromSource) else fact.id


def _column(fact: Fact, as_of: date) -> pl.Expr:
    """Return a fact of every community: no row in the register is a no, or no date."""
    key = _key(fact)
    if key in KINDS:
        return pl.col(PLACE).is_in(_holding(KINDS[key], as_of)).alias(fact.id)
    since = titles_since(key, as_of)
    if fact.type == "date":
        return pl.col(PLACE).replace_strict(since, default=None, return_dtype=pl.Date).alias(fact.id)
    return pl.col(PLACE).is_in(list(since)).alias(fact.id)


def _title_value(fact: Fact, as_of: date, place: int) -> FactValue:
    since = titles_since(_key(fact), as_of, place=place).get(place)
    source = _("称号登记") if since else _("称号登记中没有")
    value = since if fact.type == "date" else since is not None
    return FactValue(fact.id, str(fact.label), "", value, source, since)


def _holding(kind: type[Participation] | type[Pilot], as_of: date) -> list[int]:
    return list(_registered(kind, as_of).values_list("place_id", flat=True))


def _registered(
    kind: type[Participation] | type[Pilot], as_of: date
) -> QuerySet[Participation] | QuerySet[Pilot]:
    """Return who is on the register on a day; nobody before the programme began."""
    try:
        programme = programmes.current(as_of)
    except NotFoundError:
        return kind.objects.none()
    return kind.objects.filter(programme=programme, during__contains=as_of)
