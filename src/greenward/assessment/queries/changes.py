"""What changed last, and why: items whose status moved when newer facts came in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.engine.status import Status
from greenward.assessment.models import VerdictChange
from greenward.assessment.queries.wording import printed
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.standard import Item
from greenward.programmes import queries as programmes
from greenward.survey.sensitivity import Sight, mark, sight_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import places_for


@dataclass(frozen=True)
class FactChange:
    """A fact's value before and after, printed with its unit; marked where the reader does not see it."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class ItemChange:
    """An item whose status moved, and the facts that moved it."""

    item: Item
    old: Status
    new: Status
    because: tuple[FactChange, ...]


@dataclass(frozen=True)
class Change:
    """A community whose items moved: which, from what to what, and why."""

    place: PlaceVersion
    old: str
    new: str
    items: tuple[ItemChange, ...]
    at: datetime


def changes_for(user: User | AnonymousUser, on: date, *, under: str = "", limit: int = 10) -> list[Change]:
    """Return the latest changes within the person's reach below ``under``, newest first."""
    programme = programmes.current(on)
    places = places_for(user, on=on).filter(path__startswith=under)
    rows = list(
        VerdictChange.objects.filter(
            Q(run__programme=programme), place__in=places.values("place"), run__as_of__lte=on
        )[:limit]
    )
    versions = {v.place_id: v for v in places.filter(place__in=[row.place_id for row in rows])}
    pack, sight = programmes.policy(programme), sight_of(user)
    return [_change(row, versions[row.place_id], pack, sight) for row in rows if row.place_id in versions]


def _change(row: VerdictChange, version: PlaceVersion, pack: Pack, sight: Sight) -> Change:
    items = tuple(
        _item_change(one, pack, sight, version.path) for one in row.items if one["item"] in pack.item_by_id
    )
    return Change(version, row.old, row.new, items, row.at)


def _item_change(one: Mapping[str, object], pack: Pack, sight: Sight, path: str) -> ItemChange:
    facts = one["facts"]
    because = tuple(
        FactChange(
            str(pack.fact_by_id[moved["fact"]].label),
            *(
                _printed(pack, moved["fact"], moved[when])
                if sight.shows_fact(pack, moved["fact"], path)
                else mark()
                for when in ("old", "new")
            ),
        )
        for moved in (facts if isinstance(facts, list) else [])
        if moved["fact"] in pack.fact_by_id and moved["old"] != moved["new"]
    )
    return ItemChange(
        pack.item_by_id[str(one["item"])],
        Status.of_letter(str(one["old"])),
        Status.of_letter(str(one["new"])),
        because,
    )


def _printed(pack: Pack, fact: str, value: object) -> str:
    return _("资料不全") if value is None else printed(pack, fact, value)
