"""What another standard would do: who would gain, who would lose, item by item and district by district."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.engine.status import LETTERS, Status
from greenward.assessment.facts.registry import PLACE
from greenward.assessment.queries.explanation import ItemAssessment, tried
from greenward.assessment.queries.verdicts import assessed, marks_on
from greenward.core.errors import NotFoundError
from greenward.packs.loader.loading import digest
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.shape import Bilingual
from greenward.packs.schema.standard import Item
from greenward.survey.sensitivity import sight_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import get_place_for, places_for, urban_communities, versions_on

KEPT_FOR = 3600
MET = Status.MET.value


@dataclass(frozen=True)
class ItemMove:
    """An item that comes out differently at a community; None where a standard does not have it."""

    item: str
    old: Status | None
    new: Status | None


@dataclass(frozen=True)
class Moved:
    """A community for which the other standard makes a difference."""

    code: str
    name: str
    district: str
    street: str
    old: str
    new: str
    old_level: str | None
    new_level: str | None
    items: tuple[ItemMove, ...]

    @property
    def gains(self) -> bool:
        """Whether it would meet the standard and does not yet."""
        return self.new == MET != self.old

    @property
    def loses(self) -> bool:
        """Whether it meets the standard and would not any more."""
        return self.old == MET != self.new


@dataclass(frozen=True)
class ItemEffect:
    """How many communities have each status at an item, before and after; None without such an item."""

    id: str
    title: Bilingual
    old: dict[Status, int] | None
    new: dict[Status, int] | None
    better: int
    worse: int

    @property
    def differs(self) -> bool:
        """Whether the item is new, gone, or comes out differently anywhere."""
        return self.old is None or self.new is None or self.old != self.new or bool(self.better or self.worse)


@dataclass(frozen=True)
class Counts:
    """Communities of a place: all, those that meet and those that lack data, before and after."""

    name: str
    code: str
    communities: int
    met_before: int
    met_after: int
    unknown_before: int
    unknown_after: int
    gain: int
    lose: int


@dataclass(frozen=True)
class Effect:
    """The difference between two standards over communities as of a day; ``moved``: losses, gains, others."""

    as_of: date
    total: Counts
    districts: tuple[Counts, ...]
    items: tuple[ItemEffect, ...]
    moved: tuple[Moved, ...]
    scored: bool = field(default=False)

    @property
    def gaining(self) -> tuple[Moved, ...]:
        """Who would meet the standard and does not yet."""
        return tuple(one for one in self.moved if one.gains)

    @property
    def losing(self) -> tuple[Moved, ...]:
        """Who meets the standard and would not any more."""
        return tuple(one for one in self.moved if one.loses)

    @property
    def otherwise(self) -> tuple[Moved, ...]:
        """Whose level or items would change, while meeting or not stays the same."""
        return tuple(one for one in self.moved if not (one.gains or one.loses))


def effect_for(user: User | AnonymousUser, new: Pack, old: Pack, as_of: date, *, under: str = "") -> Effect:
    """Return the effect within the person's reach, below the place with the code ``under`` where given.

    NotFoundError for a place beyond the reach. The caller has checked who may read the packs.
    """
    path = get_place_for(user, under, on=as_of).path if under else ""
    reach = places_for(user, on=as_of).filter(place__level=Level.COMMUNITY, path__startswith=path)
    return _effect(new, old, as_of, list(reach.values_list("place_id", flat=True)))


def effect_of(new: Pack, old: Pack, as_of: date, *, under: str = "") -> Effect:
    """Return the effect for the command line, without a person."""
    path = ""
    if under:
        found = versions_on(as_of).filter(place__code=under).values_list("path", flat=True).first()
        if found is None:
            raise NotFoundError(
                _("没有找到代码为 %(code)s 的地方。") % {"code": under}, hint=_("请核对代码和日期。")
            )
        path = found
    communities = urban_communities(as_of, under=path)
    return _effect(new, old, as_of, list(communities.values_list("place_id", flat=True)))


@dataclass(frozen=True)
class ItemPair:
    """One item at one community under both standards."""

    id: str
    old: ItemAssessment | None
    new: ItemAssessment | None

    @property
    def item(self) -> Item:
        """The item, as the new standard has it where it does."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - one of them is there by construction
        return found.item

    @property
    def differs(self) -> bool:
        """Whether it comes out differently."""
        return self.old is None or self.new is None or self.old.status is not self.new.status


@dataclass(frozen=True)
class Trial:
    """One community under both standards."""

    place: PlaceVersion
    old: Status
    new: Status
    old_level: str | None
    new_level: str | None
    items: tuple[ItemPair, ...]


def trial_for(user: User | AnonymousUser, new: Pack, old: Pack, code: str, as_of: date) -> Trial:
    """Return one community under both standards, item by item; NotFoundError beyond the reach."""
    place = get_place_for(user, code, on=as_of)
    if not urban_communities(as_of).filter(place=place.place_id).exists():
        raise NotFoundError(
            _("%(name)s 在 %(day)s 不计入城市社区，没有对标结果。")
            % {"name": place.name, "day": as_of.isoformat()},
            hint=_("创建对象是城市社区（条款 1.1）。"),
            code=code,
        )
    sight = sight_of(user)
    (before, olds), (after, news) = (tried(pack, place, as_of, sight=sight) for pack in (old, new))
    by_old, by_new = {one.id: one for one in olds}, {one.id: one for one in news}
    pairs = tuple(ItemPair(id_, by_old.get(id_), by_new.get(id_)) for id_ in _ids(old, new))
    return Trial(place, before.verdict, after.verdict, before.level, after.level, pairs)


def _ids(old: Pack, new: Pack) -> list[str]:
    """Return every item once, in the new standard's order, those that are gone at the end."""
    return list(dict.fromkeys(item.id for pack in (new, old) for item in pack.standard.items))


def _effect(new: Pack, old: Pack, as_of: date, within: Sequence[int]) -> Effect:
    both = _found(old, as_of).join(_found(new, as_of), on=PLACE, suffix="_new")
    both = both.filter(pl.col(PLACE).is_in(list(within)))
    both = _placed(both, as_of)
    items = tuple(_item(both, old, new, id_) for id_ in _ids(old, new))
    districts = [
        _counts(part, str(name), str(code))
        for (code, name), part in sorted(both.group_by("district_code", "district"))
    ]
    return Effect(
        as_of,
        _counts(both, _("合计"), ""),
        tuple(districts),
        items,
        tuple(_moved(both, old, new)),
        scored=bool(old.standard.levels or new.standard.levels),
    )


def _found(pack: Pack, as_of: date) -> pl.DataFrame:
    """Return what a standard finds of every urban community; kept until facts or places change."""
    stamp = "-".join(f"{name}:{number}" for name, number in sorted(marks_on(as_of, pack).items()))
    key = f"effect/{digest(pack)}/{as_of.isoformat()}/{stamp}"
    kept = cache.get(key)
    if isinstance(kept, pl.DataFrame):
        return kept
    places = list(urban_communities(as_of).order_by("place_id").values_list("place_id", flat=True))
    found = assessed(pack, as_of, places)[0].select(PLACE, "statuses", "verdict", "level")
    cache.set(key, found, KEPT_FOR)
    return found


def _placed(both: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return the communities with their names, streets and districts, in the order of places."""
    above = dict(
        versions_on(as_of)
        .filter(place__level__in=[Level.DISTRICT, Level.SUBDISTRICT])
        .values_list("place__code", "name")
    )
    rows = []
    named = versions_on(as_of).filter(place__level=Level.COMMUNITY, place__in=both[PLACE].to_list())
    for place, code, name, path in named.order_by("path").values_list(
        "place_id", "place__code", "name", "path"
    ):
        codes = [part for part in path.split("/") if part in above]
        district, street = (codes[0] if codes else "", codes[-1] if codes else "")
        rows.append((place, code, name, district, above.get(district, ""), above.get(street, "")))
    schema = [PLACE, "code", "name", "district_code", "district", "street"]
    places = pl.DataFrame(rows, schema=schema, orient="row", schema_overrides={PLACE: pl.Int64})
    return places.join(both, on=PLACE, maintain_order="left")


def _counts(part: pl.DataFrame, name: str, code: str) -> Counts:
    was, now = part["verdict"], part["verdict_new"]
    return Counts(
        name,
        code,
        part.height,
        int((was == MET).sum()),
        int((now == MET).sum()),
        int((was == Status.UNKNOWN.value).sum()),
        int((now == Status.UNKNOWN.value).sum()),
        int(((now == MET) & (was != MET)).sum()),
        int(((was == MET) & (now != MET)).sum()),
    )


def _item(both: pl.DataFrame, old: Pack, new: Pack, id_: str) -> ItemEffect:
    was, now = _letters(both, old, id_, "statuses"), _letters(both, new, id_, "statuses_new")
    found = new.item_by_id if now is not None else old.item_by_id
    good = [Status.MET.letter, Status.NOT_APPLICABLE.letter]
    better = worse = 0
    if was is not None and now is not None:
        better = int((~was.is_in(good) & now.is_in(good)).sum())
        worse = int((was.is_in(good) & ~now.is_in(good)).sum())
    return ItemEffect(id_, found[id_].short, _tally(was), _tally(now), better, worse)


def _letters(both: pl.DataFrame, pack: Pack, id_: str, column: str) -> pl.Series | None:
    ids = [item.id for item in pack.standard.items]
    return both[column].str.slice(ids.index(id_), 1) if id_ in ids else None


def _tally(letters: pl.Series | None) -> dict[Status, int] | None:
    if letters is None:
        return None
    counted = dict(letters.value_counts().iter_rows())
    return {Status.of_letter(letter): int(counted.get(letter, 0)) for letter in LETTERS}


def _moved(both: pl.DataFrame, old: Pack, new: Pack) -> list[Moved]:
    """Return whoever the other standard makes a difference for: losses, gains, then the rest."""
    ids = {name: [item.id for item in pack.standard.items] for name, pack in (("old", old), ("new", new))}
    same = ids["old"] == ids["new"]
    differs = (pl.col("verdict") != pl.col("verdict_new")) | pl.col("level").ne_missing(pl.col("level_new"))
    if same:
        differs |= pl.col("statuses") != pl.col("statuses_new")
    moved = []
    for row in both.filter(differs).iter_rows(named=True):
        was = dict(zip(ids["old"], row["statuses"], strict=True))
        now = dict(zip(ids["new"], row["statuses_new"], strict=True))
        items = tuple(
            ItemMove(id_, _status(was.get(id_)), _status(now.get(id_)))
            for id_ in dict.fromkeys([*ids["new"], *ids["old"]])
            if was.get(id_) != now.get(id_)
        )
        place = (row["code"], row["name"], row["district"], row["street"])
        moved.append(Moved(*place, row["verdict"], row["verdict_new"], row["level"], row["level_new"], items))
    return sorted(moved, key=lambda one: (not one.loses, not one.gains))


def _status(letter: str | None) -> Status | None:
    return None if letter is None else Status.of_letter(letter)
