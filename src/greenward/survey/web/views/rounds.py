"""Rounds: the list, planning one with its burden before it is opened, moving its dates, closing it."""

from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotFoundError
from greenward.core.web.dates import as_of
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.programmes.models import Programme
from greenward.survey import access, actions, queries
from greenward.survey.models import Round
from greenward.survey.planning.estimate import estimate
from greenward.survey.queries.burden import Meter, meter_of
from greenward.survey.queries.coverage import Coverage, counts_of, coverage_at
from greenward.survey.queries.coverage.asking import in_order
from greenward.survey.states import Asks
from greenward.survey.web.round_forms import DatesForm, PlanForm
from greenward.territories.access import reach_of
from greenward.territories.queries import get_place_for, places_for

PER_PAGE = 4
"""Rounds on a page: as many as stay counted in memory."""


@login_required
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """List the rounds with coverage and burden where the person's reach begins."""
    day = as_of(request)
    page = Paginator(queries.rounds(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "as_of": day,
        "page": page,
        "rounds": [(held, _homes(request, held, day)) for held in page],
        "may_run": _may_plan(request, day),
    }
    return render(request, "survey/rounds.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest) -> HttpResponse:
    """Show what a round would cost and what is known already; POST opens it."""
    today = clock.today()
    programme = _programme_for(request, today)
    pack = programmes.policy(programme)
    given = request.POST if request.method == "POST" else request.GET
    form = PlanForm(
        given if "title" in given else None,
        initial=_initial(pack, today),
        choices=[(one.id, str(one.title)) for one in in_order(pack.forms)],
        today=today,
    )
    if request.method == "POST" and form.is_valid():
        opened = _opened(request, programme, form)
        if opened is not None:
            messages.success(request, _("已开设“%(title)s”。") % {"title": opened.title})
            return redirect("survey:coverage", opened.code)
    return _planned(request, pack, form, today)


@login_required
@require_POST
def dates(request: HttpRequest, code: str) -> HttpResponse:
    """Move the round's dates, with a reason."""
    held = _round_to_run(request, code)
    sent = DatesForm(request.POST)
    if not sent.is_valid():
        for name, errors in sent.errors.items():
            messages.error(request, f"{sent.fields[name].label}：{errors[0]}")
        return redirect("survey:coverage", code)
    given = sent.cleaned_data
    try:
        actions.change_dates(
            held,
            opens_on=given["opens_on"],
            closes_on=given["closes_on"],
            seen=(given["seen_opens_on"], given["seen_closes_on"]),
            reason=given["reason"],
            by=_person(request),
            at=clock.now(),
        )
    except (ConflictError, InvalidInputError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("日期已改为 %(opens_on)s 至 %(closes_on)s。") % given)
    return redirect("survey:coverage", code)


@login_required
@require_POST
def close(request: HttpRequest, code: str) -> HttpResponse:
    """Close the round, once the person has said that they know what that means."""
    held = _round_to_run(request, code)
    if request.POST.get("confirmed") != "1":
        messages.error(request, _("没有关闭：请先勾选“我知道关闭后不能再填报”。"))
        return redirect("survey:coverage", code)
    try:
        actions.close_round(held, by=_person(request), at=clock.now())
    except ConflictError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已关闭“%(title)s”，不再接收数据。") % {"title": held.title})
    return redirect("survey:coverage", code)


def _homes(request: HttpRequest, held: Round, day: date) -> list[tuple[Coverage, Meter]]:
    homes = reach_of(request.user).paths()
    if not homes:
        return []
    counts = counts_of(held, day)
    places = places_for(request.user, on=held.reference_on).filter(path__in=homes).order_by("path")
    return [(coverage_at(counts, one), meter_of(held, one, day, counts=counts)) for one in places]


def _may_plan(request: HttpRequest, day: date) -> bool:
    territory = queries.standing(programmes.current(day).territory, day)
    return access.may_run_rounds(request.user, territory.path)


def _programme_for(request: HttpRequest, today: date) -> Programme:
    """Return the programme in force; 404 beyond the reach, 403 for who may look but not open rounds."""
    programme = programmes.current(today)
    territory = get_place_for(request.user, programme.territory.code, on=today)
    access.check_may_run_rounds(_person(request), territory.path)
    return programme


def _round_for(request: HttpRequest, code: str) -> Round:
    held = queries.get_round(code)
    get_place_for(request.user, held.programme.territory.code, on=held.reference_on)
    return held


def _round_to_run(request: HttpRequest, code: str) -> Round:
    """Return a round that the person may run; who may only look is told so before anything else."""
    held = _round_for(request, code)
    territory = queries.standing(held.programme.territory, held.opens_on)
    access.check_may_run_rounds(_person(request), territory.path)
    return held


def _initial(pack: Pack, today: date) -> dict[str, object]:
    return {
        "title": _("%(year)s年摸底") % {"year": today.year},
        "code": f"survey-{today:%Y-%m}",
        "reference_on": today,
        "opens_on": today,
        "closes_on": today + timedelta(days=60),
        "forms": [one.id for one in pack.forms],
        "asks": Asks.EXPIRED.value,
    }


def _planned(request: HttpRequest, pack: Pack, form: PlanForm, today: date) -> HttpResponse:
    context: dict[str, object] = {"form": form, "today": today}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        context["estimate"] = estimate(
            pack, given["forms"], asks=Asks(given["asks"]), reference_on=given["reference_on"], day=today
        )
        context["asks"] = Asks(given["asks"]).label
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "survey/plan_round.html", context, status=status)


def _opened(request: HttpRequest, programme: Programme, form: PlanForm) -> Round | None:
    """Open the round; None where it was refused, with the reason at its field."""
    given = form.cleaned_data
    try:
        return actions.open_round(
            programme=programme,
            **{name: given[name] for name in ("code", "title", "reference_on", "opens_on", "closes_on")},
            forms=given["forms"],
            asks=Asks(given["asks"]),
            by=_person(request),
            at=clock.now(),
        )
    except (ConflictError, InvalidInputError) as error:
        form.add_error(_field_of(error, form), str(error))
        return None


def _field_of(error: GreenwardError, form: PlanForm) -> str | None:
    name = str(error.data.get("field", ""))
    return name if name in form.fields else None


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotFoundError(_("请先登录。"))
    return request.user
