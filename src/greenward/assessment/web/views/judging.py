"""Judgements by people: the queue, asking, one case with what is said and decided."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from greenward.accounts.models import User
from greenward.assessment import access, actions, queries
from greenward.assessment.models import Judging
from greenward.assessment.queries import judging as reading
from greenward.assessment.queries.questions import question_of, questions_of
from greenward.assessment.queries.reading import reading_of
from greenward.assessment.states import JudgingState
from greenward.assessment.web.forms import AnswerForm, AskForm, ReasonForm, evidence_sent
from greenward.core import clock
from greenward.core.errors import (
    ConflictError,
    GreenwardError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
)
from greenward.evidence.queries import evidence_at
from greenward.packs import queries as packs
from greenward.programmes import queries as programmes
from greenward.survey.sensitivity import sight_of
from greenward.territories.access import reach_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import get_place_for, places_for
from greenward.territories.roles import Permission

PER_PAGE = 50
REFUSALS = (ConflictError, InvalidInputError, NotAllowedError)


@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Show what is to be judged within reach, what is due first at the top."""
    wanted = _wanted(request)
    page = Paginator(reading.judgings_for(request.user, wanted), PER_PAGE).get_page(request.GET.get("page"))
    pack = programmes.policy(programmes.current(clock.today()))
    context = {
        "page": page,
        "rows": reading.queued(request.user, list(page)),
        "wanted": wanted,
        "state": request.GET.get("state", JudgingState.OPEN),
        "place": request.GET.get("place", ""),
        "states": JudgingState.choices,
        "questions": {one.number: one for one in questions_of(pack)},
        "may_ask": bool(reach_of(request.user).paths(Permission.DECIDE_JUDGEMENT)),
        "judges": bool(reach_of(request.user).paths(Permission.JUDGE)),
    }
    return render(request, "assessment/judgings.html", context)


def _wanted(request: HttpRequest) -> reading.Wanted:
    query = request.GET
    state = query.get("state", JudgingState.OPEN)
    code = query.get("place", "").strip()
    return reading.Wanted(
        state=state if state in JudgingState.values else "",
        number=query.get("number", "").strip(),
        under=get_place_for(request.user, code).path if code else "",
        mine=query.get("mine") == "1",
        ready=query.get("ready") == "1",
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for judgements of a row at many communities at once."""
    programme = programmes.current(clock.today())
    questions = questions_of(packs.pack(programme.pack))
    form = AskForm(questions, _where(request), request.POST or None)
    error: GreenwardError | None = None
    if request.method == "POST":
        try:
            told = form.checked()
            under = get_place_for(request.user, told["under"])
            places = reading.asked_places(under, told["codes"].split())
            made = actions.ask(
                told["number"],
                places,
                pack=programme.pack,
                under=under,
                due_on=told["due_on"],
                needed=told["needed"],
                note=told["note"],
                by=_person(request),
                at=clock.now(),
            )
        except REFUSALS as refused:
            error = refused
        else:
            messages.success(
                request,
                _("已请评议 %(new)d 个社区；%(known)d 个此前已在评议或已裁定，没有重复。")
                % {"new": len(made), "known": len(places) - len(made)},
            )
            return redirect("assessment:judgings")
    context = {"form": form, "error": error}
    return render(request, "assessment/judging_ask.html", context, status=error.status if error else 200)


def _where(request: HttpRequest) -> list[PlaceVersion]:
    """Return the districts and streets where the person asks; NotAllowedError for nowhere."""
    paths = reach_of(request.user).paths(Permission.DECIDE_JUDGEMENT)
    places = places_for(request.user).filter(place__level__in=[Level.DISTRICT, Level.SUBDISTRICT])
    found = [one for one in places.select_related("place").order_by("path") if one.path.startswith(paths)]
    if not found:
        raise NotAllowedError(
            _("您的角色不能请人评议。"),
            hint=_("由区级牵头单位提出。"),
            permission=Permission.DECIDE_JUDGEMENT,
        )
    return found


@dataclass
class Refused:
    """What was refused, and why; empty where nothing was."""

    verb: str = ""
    error: GreenwardError | None = None


@login_required
@require_safe
def case(request: HttpRequest, number: int) -> HttpResponse:
    """Show one judging: what is asked, what the rules find, the evidence, and what one may say."""
    return _shown(request, number, Refused())


@login_required
@require_POST
def opine(request: HttpRequest, number: int) -> HttpResponse:
    """Give an opinion, or change one's own."""

    def act(judging: Judging, place: PlaceVersion) -> None:
        form = AnswerForm(judging, request.POST)
        used = evidence_sent(request.POST.getlist("evidence"), list(evidence_at(place.place)))
        access.check_may_judge(_person(request), place.path)
        actions.opine(
            judging, place, form.answer(used), seen=_seen(request), by=_person(request), at=clock.now()
        )

    return _done(request, number, "opine", act, _("意见已提交。"))


@login_required
@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Decide with the opinions at hand."""

    def act(judging: Judging, place: PlaceVersion) -> None:
        access.check_may_ask(_person(request), place.path)
        form = AnswerForm(judging, request.POST, deciding=True)
        answer = form.answer()
        actions.decide(
            judging,
            place,
            answer,
            seen=_seen(request),
            observed_on=form.cleaned_data["observed_on"],
            by=_person(request),
            at=clock.now(),
        )

    return _done(request, number, "decide", act, _("已裁定，对标结果随之更新。"))


@login_required
@require_POST
def reopen(request: HttpRequest, number: int) -> HttpResponse:
    """Take a decision back."""

    def act(judging: Judging, place: PlaceVersion) -> None:
        access.check_may_ask(_person(request), place.path)
        reason = ReasonForm(request.POST).checked()["reason"]
        actions.reopen(judging, place, reason, seen=_seen(request), by=_person(request), at=clock.now())

    return _done(request, number, "reopen", act, _("已重新评议，原裁定不再作为事实。"))


@login_required
@require_POST
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Ask no longer."""

    def act(judging: Judging, place: PlaceVersion) -> None:
        access.check_may_ask(_person(request), place.path)
        reason = ReasonForm(request.POST).checked()["reason"]
        actions.withdraw(judging, place, reason, seen=_seen(request), by=_person(request), at=clock.now())

    return _done(request, number, "withdraw", act, _("评议已撤销。"))


def _done(
    request: HttpRequest, number: int, verb: str, act: Callable[[Judging, PlaceVersion], None], said: str
) -> HttpResponse:
    """Act and go back to the case; where it is refused, show the case as it stands now and what was typed."""
    judging, place = reading.get_judging_for(request.user, number)
    try:
        act(judging, place)
    except REFUSALS as error:
        return _shown(request, number, Refused(verb, error))
    messages.success(request, said)
    return redirect("assessment:judging", number)


def _shown(request: HttpRequest, number: int, refused: Refused) -> HttpResponse:
    person = _person(request)
    found = reading.case_for(person, number)
    judging, place, today = found.judging, found.place, clock.today()
    question = question_of(packs.pack(judging.pack), judging.number)
    filed = [one for one in evidence_at(place.place) if one.item in {"", question.item.id}]
    told = queries.assessment_of(place, today, sight=sight_of(person), under=judging.pack)
    context = {
        "found": found,
        "judging": judging,
        "place": place,
        "question": question,
        "item": reading_of(told).item_with(judging.number),
        "filed": filed,
        "ticked": _ticked(request, found, refused),
        "days_left": (judging.due_on - today).days,
        "forms": _forms(request, found, refused),
        "error": refused.error,
    }
    return render(
        request, "assessment/judging.html", context, status=refused.error.status if refused.error else 200
    )


def _forms(request: HttpRequest, found: reading.Case, refused: Refused) -> dict[str, object]:
    """Return the forms that the person may use now, with what they typed where it was refused."""
    judging = found.judging
    forms: dict[str, object] = {}

    def sent(verb: str) -> QueryDict | None:
        return request.POST if refused.verb == verb else None

    if judging.state == JudgingState.OPEN and found.may_judge:
        forms["opine"] = AnswerForm(judging, sent("opine"), initial=_initial(found))
    if judging.state == JudgingState.OPEN and found.may_decide:
        forms["decide"] = AnswerForm(judging, sent("decide"), deciding=True)
        forms["withdraw"] = ReasonForm(sent("withdraw"), auto_id="withdraw_%s")
    if judging.state == JudgingState.DECIDED and found.may_decide:
        forms["reopen"] = ReasonForm(sent("reopen"), auto_id="reopen_%s")
    return forms


def _initial(found: reading.Case) -> dict[str, object]:
    """Return one's own last opinion, from which a new version starts."""
    if not found.own:
        return {}
    last = found.own[0]
    met = None if last.met is None else "yes" if last.met else "no"
    points = None if last.points is None else f"{last.points.normalize():f}"
    return {"met": met, "points": points, "reason": last.reason}


def _ticked(request: HttpRequest, found: reading.Case, refused: Refused) -> set[int]:
    if refused.verb == "opine":
        return {int(one) for one in request.POST.getlist("evidence") if one.isdecimal() and len(one) < 19}  # noqa: PLR2004 - a bigint
    return {use.pk for use in found.own[0].evidence.all()} if found.own else set()


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004 - an int4


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotFoundError(_("请先登录。"))
    return request.user
