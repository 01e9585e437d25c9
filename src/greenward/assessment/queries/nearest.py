"""The communities that do not meet the requirement yet, by what they lack; and what holds each part back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from greenward.assessment.queries.gaps import NearMiss, letters_of, scene_at
from greenward.assessment.queries.picture import Above, places_above
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.standard import Item

SORTS = ("lacking", "misses", "unknowns", "name", "place")
DEPTHS = {"city": "district", "district": "subdistrict"}
"""Under which places the communities of a place are added up."""


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to: an item or a department's items that hold a community back, a verdict.

    ``status``: "unmet" or "unknown" asks how the item stands, empty for either. ``most``: at most so many
    items lacking; None for any. A sort key with a minus in front turns the order round.
    """

    item: str = ""
    department: str = ""
    verdict: str = ""
    status: str = ""
    most: int | None = None
    sort: str = "lacking"


@dataclass(frozen=True)
class PartGap:
    """A place below and what holds its communities back: most of all ``worst``, in ``worst_unmet``."""

    place: Above
    communities: int
    met: int
    unmet: int
    unknown: int
    worst: Item | None
    worst_unmet: int


def lacking_below(path: str, as_of: date, wanted: Wanted) -> pl.DataFrame:
    """Return the communities below ``path`` that are not met, with ``misses`` and ``unknowns``, in order."""
    pack, frame = scene_at(path, as_of)
    frame = frame.filter(pl.col("verdict") != "met").with_columns(
        pl.col("statuses").str.count_matches("U", literal=True).alias("misses"),
        pl.col("statuses").str.count_matches("?", literal=True).alias("unknowns"),
    )
    frame = frame.with_columns((pl.col("misses") + pl.col("unknowns")).alias("lacking"))
    numbers = [n for n, item in enumerate(pack.standard.items) if _is_asked(item, wanted)]
    if wanted.item or wanted.department:
        signs = {"unmet": ["U"], "unknown": ["?"]}.get(wanted.status, ["U", "?"])
        stands = (pl.col("statuses").str.slice(number, 1).is_in(signs) for number in numbers)
        frame = frame.filter(pl.any_horizontal([pl.lit(value=False), *stands]))
    if wanted.verdict in {"unmet", "unknown"}:
        frame = frame.filter(pl.col("verdict") == wanted.verdict)
    if wanted.most is not None:
        frame = frame.filter(pl.col("lacking") <= wanted.most)
    return _sorted(frame, wanted.sort)


def near_misses(frame: pl.DataFrame, as_of: date) -> list[NearMiss]:
    """Return rows of :func:`lacking_below` with the items that they lack."""
    pack, _frame = scene_at("", as_of)
    return [
        NearMiss(
            row["code"],
            row["name"],
            row["path"],
            row["verdict"],
            standing(pack, row["statuses"], "U"),
            standing(pack, row["statuses"], "?"),
        )
        for row in frame.to_dicts()
    ]


def gaps_of_parts(place: str, level: str, as_of: date) -> list[PartGap]:
    """Return the parts of a city or district, those with most communities not met first."""
    if level not in DEPTHS:
        return []
    pack, frame = scene_at(place, as_of)
    column = DEPTHS[level]
    items = pack.standard.items
    letters = frame.select(column, "verdict").hstack(letters_of(pack, frame))
    verdict = pl.col("verdict")
    rows = letters.group_by(column).agg(
        pl.len().alias("communities"),
        *((verdict == one).sum().alias(one) for one in ("met", "unmet", "unknown")),
        *((pl.col(item.id) == "U").sum().alias(f"item/{item.id}") for item in items),
    )
    counts = {row[column]: row for row in rows.to_dicts()}
    below = [one for one in places_above(as_of) if one.level == column and one.path in counts]
    found = [_part(one, counts[one.path], items) for one in below]
    return sorted(found, key=lambda part: (-part.unmet, -part.unknown, part.place.path))


def standing(pack: Pack, statuses: str, letter: str) -> tuple[Item, ...]:
    """Return the items that stand so."""
    return tuple(i for i, found in zip(pack.standard.items, statuses, strict=True) if found == letter)


def _part(place: Above, row: dict[str, int], items: Iterable[Item]) -> PartGap:
    worst = max(items, key=lambda item: row[f"item/{item.id}"])
    count = row[f"item/{worst.id}"]
    return PartGap(
        place,
        row["communities"],
        row["met"],
        row["unmet"],
        row["unknown"],
        worst if count else None,
        count,
    )


def _is_asked(item: Item, wanted: Wanted) -> bool:
    named = not wanted.item or item.id == wanted.item
    return named and (not wanted.department or wanted.department in item.departments)


def _sorted(frame: pl.DataFrame, sort: str) -> pl.DataFrame:
    key = sort.removeprefix("-")
    if key not in SORTS:
        key = "lacking"
    columns = {"place": ["path"], "lacking": ["lacking", "misses", "path"]}.get(key, [key, "lacking", "path"])
    turned = [sort.startswith("-"), *(False for _ in columns[1:])]
    return frame.sort(columns, descending=turned)
