"""Comparing results: two days, two editions, two communities; and below a place, the lists of who moved."""

from dataclasses import dataclass
from datetime import date

import polars as pl
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from greenward.assessment import queries
from greenward.assessment.queries.compare import (
    Moment,
    items_moved,
    moment,
    moved_below,
    pairs,
    standing,
    stored_days,
    transitions,
)
from greenward.assessment.queries.editions import edition_named, name_of
from greenward.core import clock
from greenward.core.errors import InvalidInputError
from greenward.core.templatetags.frame import STATES
from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of
from greenward.packs.models import InstalledPack
from greenward.packs.queries import installed_packs
from greenward.territories.access import may
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import ancestors, get_place_for
from greenward.territories.roles import Permission

PER_PAGE = 50
DAYS = 12


@dataclass(frozen=True)
class Asked:
    """What the address asks to compare: the earlier and the later moment, and the other community."""

    left: Moment
    right: Moment
    other: str


@login_required
def compare(request: HttpRequest, code: str) -> HttpResponse:
    """Compare a community with itself on another day, under another edition, or with another one."""
    asked = _asked(request)
    place = get_place_for(request.user, code, on=asked.right.as_of)
    if place.place.level == Level.COMMUNITY:
        return _communities(request, place, asked)
    frame = moved_below(place.path, asked.left, asked.right)
    chosen = request.GET.get("from", ""), request.GET.get("to", "")
    shown = _chosen(frame, *chosen)
    if request.GET.get("export") == "csv":
        rows = [[r["code"], r["name"], *(_word(r[f"verdict_{side}"]) for side in ("left", "right"))]
                for r in shown.to_dicts()]  # fmt: skip
        name = f"compare-{code}-{asked.left.as_of}-{asked.right.as_of}"
        return csv_response(name, [_("代码"), _("社区"), _("左边的结论"), _("右边的结论")], rows)
    page = Paginator(range(shown.height), PER_PAGE).get_page(request.GET.get("page"))
    start = page.start_index() - 1 if shown.height else 0
    context = {
        **_common(request, place, asked),
        "standings": [standing(frame, side) for side in ("left", "right")],
        "transitions": transitions(frame),
        "moved": items_moved(frame, asked.left, asked.right),
        "chosen": chosen,
        "page": page,
        "rows": shown.slice(start, PER_PAGE).to_dicts(),
        "query": _query(request),
    }
    return render(request, "assessment/compare.html", context)


def _communities(request: HttpRequest, place: PlaceVersion, asked: Asked) -> HttpResponse:
    user, code = request.user, place.place.code
    left, right = asked.left, asked.right
    found = [
        queries.assessment_for(user, asked.other or code, left.as_of, under=_unless_in_force(left)),
        queries.assessment_for(user, code, right.as_of, under=_unless_in_force(right)),
    ]
    context = {**_common(request, place, asked), "found": found, "pairs": pairs(*found)}
    return render(request, "assessment/compare_communities.html", context)


def _unless_in_force(one: Moment) -> InstalledPack | None:
    return None if one.is_in_force else one.edition


def _asked(request: HttpRequest) -> Asked:
    """Return what is asked; the left day is by default that of the stored run before the right one."""
    query, right_day = request.GET, as_of(request)
    days = [day for day in stored_days(right_day) if day < right_day]
    other = query.get("with", "").strip()
    same = other or query.get("left_under")
    left_day = _day(query.get("left", ""), right_day if same or not days else days[0])
    left_under, right_under = (query.get(name, "").strip() for name in ("left_under", "under"))
    return Asked(
        moment(left_day, edition_named(left_under) if left_under else None),
        moment(right_day, edition_named(right_under) if right_under else None),
        other,
    )


def _day(text: str, otherwise: date) -> date:
    if not text.strip():
        return otherwise
    try:
        return clock.read_day(text.strip())
    except ValueError:
        raise InvalidInputError(
            _("“%(text)s”不是日期。") % {"text": text},
            hint=_("请写成 2022-09-15 这样的日期。"),
            field="left",
        ) from None


def _common(request: HttpRequest, place: PlaceVersion, asked: Asked) -> dict[str, object]:
    day = asked.right.as_of
    above = [one for one in ancestors(place, on=day) if may(request.user, Permission.READ, one.path)]
    return {
        "as_of": day,
        "place": place,
        "above": above,
        "asked": asked,
        "sides": [asked.left, asked.right],
        "editions": [name_of(edition) for edition in installed_packs()],
        "days": stored_days(day)[:DAYS],
    }


def _chosen(frame: pl.DataFrame, left: str, right: str) -> pl.DataFrame:
    """Return the communities that moved, or those that moved between two verdicts."""
    moved = frame.filter(pl.col("verdict_left") != pl.col("verdict_right"))
    if left:
        moved = moved.filter(pl.col("verdict_left") == left)
    return moved.filter(pl.col("verdict_right") == right) if right else moved


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("page", "export", "from", "to"):
        query.pop(name, None)
    return query.urlencode()


def _word(verdict: str) -> str:
    return str(STATES[verdict][1]) if verdict in STATES else _("不计入")
