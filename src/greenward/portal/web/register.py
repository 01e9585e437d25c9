"""The public register of titles: who is recognised where, since when, what happened since; open data."""

from collections.abc import Iterator, Sequence
from datetime import date

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from greenward.assessment.queries import attainment
from greenward.assessment.queries.attainment import AttainmentRow
from greenward.certification.queries.heirs import heirs_in_words, rule_in_force, rule_of
from greenward.certification.queries.titles import (
    Line,
    Wanted,
    held_by_district,
    history_of_title,
    lines_of,
    register,
    title_with_code,
    years_of,
)
from greenward.core.errors import NotFoundError
from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of

PER_PAGE = 50


@require_safe
def titles(request: HttpRequest) -> HttpResponse:
    """Show the register with filter and map, or give all that the filter finds as CSV or JSON."""
    day, query = as_of(request), request.GET
    year = query.get("year", "")
    wanted = Wanted(
        district=query.get("district", ""),
        held=query.get("show") != "all",
        year=int(year) if year.isdecimal() and len(year) == 4 else 0,  # noqa: PLR2004 - a year
        text=query.get("q", "").strip()[:60],
    )
    found = register(wanted, day)
    if query.get("format") in {"csv", "json"}:
        return _open_data(query["format"], lines_of(list(found), day), day)
    page = Paginator(found, PER_PAGE).get_page(query.get("page"))
    districts = _districts(day)
    held = held_by_district(day)
    context = {
        "as_of": day,
        "wanted": wanted,
        "page": page,
        "lines": lines_of(list(page.object_list), day),
        "districts": [(row, held.get(row.code[:6], 0)) for row in districts],
        "chart": _chart(districts, held),
        "heirs": rule_in_force(),
        "years": years_of(day),
        "map_approval": settings.GREENWARD_MAP_APPROVAL,
    }
    return render(request, "portal/register.html", context)


@require_safe
def title(request: HttpRequest, code: str) -> HttpResponse:
    """Show one title: its record, who holds it, and everything that happened to it."""
    found = title_with_code(code)
    (line,) = lines_of([found], as_of(request))
    context = {
        "title": found,
        "line": line,
        "history": history_of_title(found),
        "heirs": heirs_in_words(rule_of(found.programme)),
    }
    return render(request, "portal/title.html", context)


def _districts(day: date) -> list[AttainmentRow]:
    try:
        return [row for row in attainment(day) if row.level == "district"]
    except NotFoundError:
        return []


def _chart(districts: Sequence[AttainmentRow], held: dict[str, int]) -> dict[str, object]:
    """Return what the map reads: titles held over urban communities, by district."""
    rows = []
    for row in districts:
        number = held.get(row.code[:6], 0)
        share = 100 * number / row.denominator if row.denominator else None
        rows.append(
            {
                "code": row.code,
                "name": row.name,
                "both": number,
                "denominator": row.denominator,
                "share": share,
                "distance": row.denominator - number,
                "url": f"?district={row.code}",
            }
        )
    words = {"both": _("持有称号"), "distance": _("尚未命名"), "share": _("持有称号的比例")}
    return {"rows": rows, "words": words}


def _open_data(kind: str, lines: Sequence[Line], day: date) -> HttpResponse:
    rows = list(_rows(lines))
    if kind == "json":
        return JsonResponse(
            {"as_of": day.isoformat(), "titles": [dict(zip(_columns(), row, strict=True)) for row in rows]},
            json_dumps_params={"ensure_ascii": False},
        )
    return csv_response(f"titles-{day:%Y-%m-%d}", _columns(), rows)


def _columns() -> tuple[str, ...]:
    return (
        "number", "community", "place", "street", "district", "given_on", "valid_until",
        "document", "edition", "held", "ended", "code", "demonstration",
    )  # fmt: skip


def _rows(lines: Sequence[Line]) -> Iterator[tuple[object, ...]]:
    for one in lines:
        title, record = one.title, one.title.record
        until = title.valid_until.isoformat() if title.valid_until else None
        yield (
            title.number, one.name, one.code, one.street, one.district, title.given_on.isoformat(), until,
            title.final_list.document, record["edition"], one.is_held, one.ended, title.code,
            record["demonstration"],
        )  # fmt: skip
