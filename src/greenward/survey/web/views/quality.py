"""Data quality of a round at a place: what is suspicious, why, who should look, and the reasons given."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError, NotFoundError
from greenward.core.web.csv import csv_response
from greenward.core.web.dates import as_of
from greenward.survey import access, queries
from greenward.survey.actions.suspicions import settle_suspicion
from greenward.survey.models import Round
from greenward.survey.queries.quality import findings
from greenward.survey.queries.suspicions import Suspicion, read
from greenward.survey.sensitivity import hint, sight_of
from greenward.survey.states import Suspect
from greenward.survey.web.calls import person_of
from greenward.territories.access import reach_of
from greenward.territories.models import UNIT_PARENT, Level, PlaceVersion
from greenward.territories.queries import ancestors, get_place_for, places_for

PER_PAGE = 50
MOST_EXPORTED = 50_000


@login_required
@require_safe
def quality(request: HttpRequest, code: str) -> HttpResponse:
    """Show the suspicions below a place, by kind and whether settled; ``export=csv`` gives them all."""
    held = queries.get_round(code)
    place, day = _place(request, held), as_of(request)
    found, sight = findings(held, place.path, day), sight_of(request.user)
    kind, show = request.GET.get("kind", ""), request.GET.get("show", "open")
    kind = kind if kind in Suspect.values else ""
    rows = [
        row
        for row in found.rows.iter_rows(named=True)
        if kind in ("", row["kind"]) and (show == "all" or (row["reason"] == "") == (show != "settled"))
    ]
    if request.GET.get("export") == "csv":
        return _export(held, place, read(held, rows[:MOST_EXPORTED], day, sight=sight))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    reach = reach_of(request.user)
    suspicions = read(held, list(page.object_list), day, sight=sight)
    context = {
        "as_of": day,
        "round": held,
        "place": place,
        "above": [one for one in ancestors(place, on=day) if reach.covers(one.path)],
        "areas": _areas(request, held, place),
        "counts": found.counts(),
        "unsettled": found.unsettled,
        "kind": kind,
        "show": show,
        "page": page,
        "suspicions": suspicions,
        "who_sees": hint() if any(one.withheld for one in suspicions) else "",
        "may_record": access.may_record(request.user, held, place.path),
        "query": request.GET.urlencode(),
    }
    return render(request, "survey/quality.html", context)


@login_required
@require_POST
def settle(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Keep the reason for one suspicion at a place, then go back to the list."""
    held = queries.get_round(code)
    version = get_place_for(request.user, place)
    named, reason = request.POST.get("code", ""), request.POST.get("reason", "")
    try:
        settle_suspicion(held, version.place, named, reason, by=person_of(request), at=clock.now())
        messages.success(request, _("理由已保存。数据再变动时会重新提示。"))
    except (InvalidInputError, ConflictError) as error:
        messages.error(request, str(error))
    kept = {k: v for k in ("place", "kind", "show", "page") if (v := request.POST.get(k, ""))}
    return redirect(f"{reverse('survey:quality', args=[code])}?{urlencode(kept)}")


def _place(request: HttpRequest, held: Round) -> PlaceVersion:
    """Return the place asked for, or where the person's reach begins; NotFoundError beyond the reach."""
    code = request.GET.get("place", "")
    if code:
        found = get_place_for(request.user, code, on=held.reference_on)
        if found.place.level in UNIT_PARENT:
            raise NotFoundError(_("疑点按社区及以上查看。"), hint=_("请从社区打开。"), code=code)
        return found
    homes = places_for(request.user, on=held.reference_on).filter(path__in=reach_of(request.user).paths())
    home = homes.order_by("path").first()
    if home is None:
        raise NotFoundError(_("您的账户还没有管辖范围。"), hint=_("请联系上级单位的经办人。"))
    return home


def _areas(request: HttpRequest, held: Round, place: PlaceVersion) -> list[PlaceVersion]:
    levels = (Level.DISTRICT, Level.SUBDISTRICT)
    below = places_for(request.user, on=held.reference_on).filter(
        parent=place.place_id, place__level__in=levels
    )
    return list(below.order_by("path"))


def _export(held: Round, place: PlaceVersion, suspicions: list[Suspicion]) -> HttpResponse:
    header = (
        _("社区代码"), _("社区"), _("对象代码"), _("对象"), _("种类"), _("疑点"), _("请谁看"), _("理由"),
    )  # fmt: skip
    cells = [
        (
            one.community.place.code,
            one.community.name,
            one.place.place.code,
            one.place.name,
            one.kind.label,
            one.sentence,
            one.who,
            one.reason,
        )
        for one in suspicions
    ]
    return csv_response(f"quality-{held.code}-{place.place.code}", header, cells)
