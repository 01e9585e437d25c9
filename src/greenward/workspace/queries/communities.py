"""The list of communities within a person's reach, with filters and order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import reduce

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils.translation import gettext as _

from greenward.accounts.models import User
from greenward.assessment.queries import picture
from greenward.assessment.queries.gaps import LETTERS
from greenward.assessment.queries.picture import Above
from greenward.core.errors import NotFoundError
from greenward.programmes.queries import current, policy
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import urban_communities

SORTS = ("place", "name", "verdict", "met", "unmet", "unknown", "participates")
VERDICTS = ("met", "unmet", "unknown")
PARTICIPATION = {"yes": True, "no": False}


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for: below a path, a verdict, who takes part, words of the name, an order.

    Empty texts ask for everything; a sort key with a minus in front turns the order round. ``item`` with
    ``status`` asks for the communities where that item of the standard stands so.
    """

    under: str = ""
    verdict: str = ""
    participating: str = ""
    pilot: bool = False
    item: str = ""
    status: str = ""
    text: str = ""
    sort: str = "place"


@dataclass(frozen=True)
class Line:
    """One community in the list; counts are of the standard's items."""

    code: str
    name: str
    district: str
    subdistrict: str
    verdict: str
    participates: bool | None
    is_pilot: bool | None
    met: int
    unmet: int
    unknown: int


def communities_for(user: User | AnonymousUser, as_of: date, wanted: Wanted) -> pl.DataFrame:
    """Return the communities asked for within the person's reach: the picture's columns and item counts."""
    paths = reach_of(user).paths()
    frame = picture(as_of).filter(_below(paths) & pl.col("path").str.starts_with(wanted.under))
    if wanted.verdict in VERDICTS:
        frame = frame.filter(pl.col("verdict") == wanted.verdict)
    if wanted.participating in PARTICIPATION:
        takes_part = pl.col("participates").fill_null(value=False)
        frame = frame.filter(takes_part == PARTICIPATION[wanted.participating])
    if wanted.pilot:
        frame = frame.filter(pl.col("is_pilot").fill_null(value=False))
    if wanted.item and wanted.status in LETTERS:
        frame = frame.filter(_item(wanted.item, as_of) == LETTERS[wanted.status])
    if wanted.text:
        frame = frame.filter(pl.col("place").is_in(_named(as_of, wanted)))
    return _sorted(_counted(frame), wanted.sort)


def lines(frame: pl.DataFrame, above: Iterable[Above]) -> list[Line]:
    """Return rows of :func:`communities_for` as lines; ``above`` names their districts and streets."""
    names = {place.path: place.name for place in above}
    return [
        Line(
            row["code"], row["name"], names.get(row["district"], ""), names.get(row["subdistrict"], ""),
            row["verdict"], row["participates"], row["is_pilot"], row["met"], row["unmet"], row["unknown"],
        )
        for row in frame.to_dicts()
    ]  # fmt: skip


def areas_for(user: User | AnonymousUser, above: Iterable[Above], chosen: PlaceVersion | None) -> list[Above]:
    """Return the places to choose from: the districts within reach, and the streets of the chosen one."""
    reach = reach_of(user)
    within = [p for p in above if reach.covers(p.path)]
    districts = [p for p in within if p.level == "district"]
    open_district = "/".join(chosen.path.split("/")[:2]) + "/" if chosen else ""
    streets = [p for p in within if p.level == "subdistrict"]
    shown = [s for s in streets if not districts or (open_district and s.path.startswith(open_district))]
    return sorted([*districts, *shown], key=lambda p: p.path)


def _below(paths: tuple[str, ...]) -> pl.Expr:
    tests = (pl.col("path").str.starts_with(path) for path in paths)
    return reduce(lambda one, other: one | other, tests, pl.lit(value=False))


def _item(number: str, as_of: date) -> pl.Expr:
    items = [item.id for item in policy(current(as_of)).standard.items]
    if number not in items:
        raise NotFoundError(
            _("标准中没有第 %(item)s 项。") % {"item": number}, hint=_("请从短板列表中选择。"), item=number
        )
    return pl.col("statuses").str.slice(items.index(number), 1)


def _named(as_of: date, wanted: Wanted) -> list[int]:
    text, key = wanted.text, wanted.text.lower()
    named = Q(name__contains=text) | Q(pinyin__contains=key) | Q(initials__startswith=key)
    found = urban_communities(as_of, under=wanted.under).filter(named | Q(place__code__startswith=text))
    return list(found.values_list("place_id", flat=True))


def _counted(frame: pl.DataFrame) -> pl.DataFrame:
    letters = pl.col("statuses").fill_null("")
    return frame.with_columns(
        letters.str.count_matches("M").alias("met"),
        letters.str.count_matches("U").alias("unmet"),
        letters.str.count_matches("?", literal=True).alias("unknown"),
    )


def _sorted(frame: pl.DataFrame, sort: str) -> pl.DataFrame:
    key = sort.removeprefix("-")
    column = key if key in SORTS and key != "place" else "path"
    return frame.sort(column, "path", descending=[sort.startswith("-"), False], nulls_last=True)
