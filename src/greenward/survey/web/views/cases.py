"""The queue of a street or district: lists, batches with a preview, reminders."""

from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenward.core import clock
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.core.web.csv import csv_response
from greenward.survey import queries
from greenward.survey.actions import cases as actions
from greenward.survey.actions.reminders import remind
from greenward.survey.models import Round
from greenward.survey.queries.batches import batch_of
from greenward.survey.queries.queue import Line, Wanted, counts_for, lines_of, own_state, queue_for
from greenward.survey.queries.reminders import names_of, reminders_for
from greenward.survey.states import MOVES, CaseState
from greenward.survey.web.calls import person_of
from greenward.territories.access import reach_of
from greenward.territories.models import Level, Place, PlaceVersion
from greenward.territories.queries import ancestors, get_place_for, places_for, roots_for, versions_on
from greenward.territories.roles import Permission

PER_PAGE = 50
MOST_AT_ONCE = 2000
IN_BATCHES = {CaseState.SUBMITTED.value: "check", CaseState.CHECKED.value: "accept"}


@login_required
@require_safe
def queue(request: HttpRequest, code: str) -> HttpResponse:
    """Show the communities within reach by the state of their case, or give all of them as CSV."""
    held = queries.get_round(code)
    place, wanted = _asked(request, held, request.GET)
    found = queue_for(request.user, held, wanted)
    if request.GET.get("export") == "csv":
        rows = [_cells(line) for line in lines_of(held, found)]
        return csv_response(f"cases-{held.code}-{place.place.code}", _header(), rows)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    reach = reach_of(request.user)
    verb = IN_BATCHES.get(wanted.state, "")
    context = {
        "round": held,
        "place": place,
        "above": [one for one in ancestors(place, on=held.reference_on) if reach.covers(one.path)],
        "areas": _areas(place, held),
        "wanted": wanted,
        "sort": wanted.sort,
        "counts": list(counts_for(request.user, held, wanted).items()),
        "page": page,
        "lines": lines_of(held, page.object_list),
        "move": MOVES[verb] if verb and reach.paths(MOVES[verb].permission) else None,
        "may_remind": _may_remind(request, held, wanted),
        "query": _query(request),
    }
    return render(request, "survey/queue.html", context)


@login_required
@require_POST
def batch(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a batch would do; with ``confirm`` do it, and say what could not be done and why."""
    held = queries.get_round(code)
    verb = request.POST.get("verb", "")
    if verb not in IN_BATCHES.values():
        raise NotFoundError(_("没有这种批量办理。"), hint=_("可以批量核对或核验。"), verb=verb)
    communities = _chosen(request, held)
    person, move = person_of(request), MOVES[verb]
    if request.POST.get("confirm") == "1":
        done = actions.move_many(held, communities, verb, by=person, at=clock.now())
        messages.success(
            request,
            _("%(move)s：%(n)d 个社区。") % {"move": move.name, "n": len(done.ready) + len(done.already)},
        )
        for one in done.refused:
            messages.warning(request, f"{one.place.name}：{one.error}")
        return redirect(_back(request, held))
    preview = batch_of(held, move, [one.pk for one in communities], by=person, at=clock.now())
    context = {"round": held, "move": move, "batch": preview, "back": _back(request, held)}
    return render(request, "survey/batch.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest, code: str) -> HttpResponse:
    """List who was reminded when; POST reminds the chosen communities, or all that the queue shows."""
    held = queries.get_round(code)
    if request.method == "POST":
        return _remind(request, held)
    place, wanted = _asked(request, held, request.GET)
    found = reminders_for(request.user, held, under=wanted.under)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    names = names_of(held, shown)
    context = {
        "round": held,
        "place": place,
        "page": page,
        "lines": [(one, names.get(one.place_id, one.place.code)) for one in shown],
    }
    return render(request, "survey/reminders.html", context)


def _remind(request: HttpRequest, held: Round) -> HttpResponse:
    communities, note = _chosen(request, held), request.POST.get("note", "")
    try:
        done = remind(held, communities, by=person_of(request), at=clock.now(), note=note)
    except InvalidInputError as error:
        messages.error(request, str(error))
        return redirect(_back(request, held))
    messages.success(request, _("已提醒 %(n)d 个社区。") % {"n": len(done.reminded)})
    if done.before:
        messages.info(request, _("%(n)d 个社区今天已经提醒过。") % {"n": len(done.before)})
    if done.nothing_missing:
        messages.info(request, _("%(n)d 个社区没有要办的，不用提醒。") % {"n": len(done.nothing_missing)})
    return redirect(_back(request, held))


def _asked(request: HttpRequest, held: Round, query: QueryDict) -> tuple[PlaceVersion, Wanted]:
    """Return the place asked for and the filter; NotFoundError beyond the reach or without one."""
    code, older = query.get("place", ""), query.get("older", "")
    place = get_place_for(request.user, code, on=held.reference_on) if code else _home(request, held)
    wanted = Wanted(
        state=query.get("state", own_state(request.user)),
        under=place.path if code else "",
        text=query.get("q", "").strip(),
        older=min(int(older), 999) if older.isdecimal() else 0,
        sort=query.get("sort", "since"),
    )
    return place, wanted


def _home(request: HttpRequest, held: Round) -> PlaceVersion:
    homes = places_for(request.user, on=held.reference_on).filter(path__in=reach_of(request.user).paths())
    home = homes.order_by("path").first() or next(iter(roots_for(request.user, on=clock.today())), None)
    if home is None:
        raise NotFoundError(_("您的账户还没有管辖范围。"), hint=_("请联系上级单位的经办人。"))
    return home


def _chosen(request: HttpRequest, held: Round) -> list[Place]:
    """Return the communities ticked, or with ``everything`` all that the filter names; within the reach."""
    if request.POST.get("everything") == "1":
        _place, wanted = _asked(request, held, QueryDict(request.POST.get("query")) or request.GET)
        found = queue_for(request.user, held, wanted)
    else:
        found = queue_for(request.user, held, replace(Wanted(), sort="place"))
        found = found.filter(place__code__in=request.POST.getlist("community"))
    communities = [one.place for one in found[: MOST_AT_ONCE + 1]]
    if not communities:
        raise NotFoundError(_("没有选中社区。"), hint=_("请先勾选社区，或选择“列表中的全部”。"))
    if len(communities) > MOST_AT_ONCE:
        raise InvalidInputError(
            _("一次最多办理 %(most)d 个社区。") % {"most": MOST_AT_ONCE}, hint=_("请按街道分批办理。")
        )
    return communities


def _may_remind(request: HttpRequest, held: Round, wanted: Wanted) -> bool:
    waiting = {CaseState.FILLING.value, CaseState.RETURNED.value, ""}
    may = bool(reach_of(request.user).paths(Permission.CHECK_SURVEY))
    return may and held.closed_at is None and wanted.state in waiting


def _areas(place: PlaceVersion, held: Round) -> list[PlaceVersion]:
    """Return the districts or streets right below a place, to choose from."""
    levels = (Level.DISTRICT, Level.SUBDISTRICT)
    below = versions_on(held.reference_on).filter(parent=place.place_id, place__level__in=levels)
    return list(below.order_by("path"))


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    for name in ("page", "export"):
        query.pop(name, None)
    query.setdefault("state", own_state(request.user))
    return query.urlencode()


def _back(request: HttpRequest, held: Round) -> str:
    """Return the address of the queue as it was shown."""
    query = QueryDict(request.POST.get("query", "")).urlencode()
    address = reverse("survey:cases", args=[held.code])
    return f"{address}?{query}" if query else address


def _header() -> list[str]:
    return [
        _("社区代码"), _("社区名称"), _("区"), _("街道（乡镇）"), _("流程状态"), _("该谁办"),
        _("自"), _("工作日"), _("退回未答复（项）"),
    ]  # fmt: skip


def _cells(line: Line) -> list[object]:
    return [
        line.place.place.code, line.place.name, line.district, line.street, line.state.label, line.who,
        line.since, line.days, line.returned,
    ]  # fmt: skip
