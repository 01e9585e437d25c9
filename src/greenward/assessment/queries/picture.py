"""Every urban community on a day with all that rates count: one frame, the source of every figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.core.cache import cache
from django.db.models import QuerySet

from greenward.assessment.facts import registry
from greenward.assessment.facts.measures import IS_PILOT, PARTICIPATES
from greenward.assessment.facts.registry import PLACE
from greenward.assessment.queries.verdicts import KEPT_FOR, stamp, verdicts
from greenward.core import rows
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.programmes.models import DenominatorFreeze, Programme
from greenward.territories.models import Kind, Level, PlaceVersion, Succession
from greenward.territories.queries import urban_communities, versions_on

WHERE_IT_IS = {PLACE: pl.Int64, "code": pl.String, "name": pl.String, "path": pl.String}

ABOVE = """SELECT place.code, version.name, version.path, place.level, version.kind
    FROM territories_placeversion version JOIN territories_place place ON place.id = version.place_id
    WHERE version.during @> %(on)s::date AND place.level = ANY(%(levels)s)
    ORDER BY array_position(%(levels)s::varchar[], place.level), version.path"""


@dataclass(frozen=True)
class Above:
    """A city, district or subdistrict as of a day."""

    code: str
    name: str
    path: str
    level: str
    kind: str


def picture(as_of: date) -> pl.DataFrame:
    """Return a row per urban community that counts on the day, by path.

    Columns: ``place`` (id), ``code``, ``name``, ``path``, ``city``, ``district``, ``subdistrict`` (paths),
    ``participates``, ``is_pilot`` (True, False, or null where unknown), ``verdict``, ``statuses``.
    """
    programme = programmes.current(as_of)
    key = f"picture/{stamp(programme, as_of)}"
    kept = cache.get(key)
    if isinstance(kept, pl.DataFrame):
        return kept
    found = _drawn(programmes.policy(programme), as_of)
    cache.set(key, found, KEPT_FOR)
    return found


def _drawn(pack: Pack, as_of: date) -> pl.DataFrame:
    places = located(urban_communities(as_of))
    taking_part = registry.frame_of(pack, [PARTICIPATES, IS_PILOT], as_of, places[PLACE].to_list())
    return places.join(taking_part, on=PLACE, how="left", maintain_order="left").join(
        verdicts(as_of), on=PLACE, how="left", maintain_order="left"
    )


def located(versions: QuerySet[PlaceVersion]) -> pl.DataFrame:
    """Return where communities lie: ``place, code, name, path`` and the paths of the places above."""
    found = versions.order_by("path").values_list("place_id", "place__code", "name", "path")
    frame = pl.DataFrame(list(found), schema=WHERE_IT_IS, orient="row")
    parts = pl.col("path").str.strip_chars_end("/").str.split("/")
    return frame.with_columns(
        (parts.list.head(depth).list.join("/") + "/").alias(name)
        for depth, name in enumerate(("city", "district", "subdistrict"), 1)
    )


def frozen_picture(programme: Programme, freeze: DenominatorFreeze, as_of: date) -> pl.DataFrame:
    """Return the communities of a fixed denominator, where they lay then, with what holds on the day.

    One that has gone since counts as what it went into does: met if all of them are met, not met if any
    is not, unknown where it went into nothing that is known.
    """
    key = f"frozen/{freeze.pk}/{stamp(programme, as_of)}"
    kept = cache.get(key)
    if isinstance(kept, pl.DataFrame):
        return kept
    now = picture(as_of).select(PLACE, "participates", "is_pilot", "verdict", "statuses")
    then = located(versions_on(freeze.boundaries_on).filter(place__in=freeze.communities.all()))
    gone = then.join(now, on=PLACE, how="anti")[PLACE].to_list()
    heirs = _inherited(gone, now, as_of) if gone else now.clear()
    found = then.join(pl.concat([now, heirs]), on=PLACE, how="left", maintain_order="left").with_columns(
        pl.col("verdict").fill_null("unknown")
    )
    cache.set(key, found, KEPT_FOR)
    return found


def _inherited(gone: Iterable[int], now: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Return what closed communities count as, from the ends of their successions until the day."""
    went_into: dict[int, list[int]] = {}
    for old, new in Succession.objects.filter(event__on__lte=as_of).values_list("old_id", "new_id"):
        went_into.setdefault(old, []).append(new)
    present = set(now[PLACE].to_list())
    ends = [(place, heir) for place in gone for heir in _ends(place, went_into, present)]
    pairs = pl.DataFrame(ends, schema={PLACE: pl.Int64, "heir": pl.Int64}, orient="row")
    state = pairs.join(now, left_on="heir", right_on=PLACE, how="left")
    verdict = pl.col("verdict")
    return state.group_by(PLACE).agg(
        pl.col("participates").all(ignore_nulls=False),
        pl.col("is_pilot").all(ignore_nulls=False),
        pl.when((verdict == "unmet").any())
        .then(pl.lit("unmet"))
        .when((verdict == "met").all(ignore_nulls=False))
        .then(pl.lit("met"))
        .otherwise(pl.lit("unknown"))
        .alias("verdict"),
        pl.lit(None, dtype=pl.String).alias("statuses"),
    )


def _ends(place: int, went_into: dict[int, list[int]], present: set[int]) -> set[int]:
    """Return the places at the end of a closed place's successions; itself where it went into nothing."""
    found: set[int] = set()
    seen: set[int] = set()
    waiting = [place]
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        if one in present or one not in went_into:
            found.add(one)
        else:
            waiting.extend(went_into[one])
    return found


def places_above(as_of: date) -> list[Above]:
    """Return the city, the districts and the subdistricts of the day, by level and path."""
    asked = {"levels": [one.value for one in (Level.CITY, Level.DISTRICT, Level.SUBDISTRICT)], "on": as_of}
    return [Above(*row) for row in rows.values(ABOVE, asked)]


def owes_pilots(place: Above, kinds: tuple[str, ...]) -> bool:
    """Tell whether a place is of a kind that a target names; no kinds mean all of the level."""
    return place.level == Level.SUBDISTRICT and (not kinds or Kind(place.kind) in {Kind(k) for k in kinds})
