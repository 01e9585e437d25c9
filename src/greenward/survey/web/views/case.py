"""One community's case: what was answered, what was said of it, what was sent back, and the moves."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenward.core import clock
from greenward.core.errors import GreenwardError, NotFoundError
from greenward.survey import access, queries
from greenward.survey.actions import cases as actions
from greenward.survey.actions.cases import SentBack
from greenward.survey.models import Remark, ReturnedField, Round, Step
from greenward.survey.queries.answered import AnsweredPlace, answered
from greenward.survey.queries.cases import acting_version, case_of, get_community_for
from greenward.survey.queries.corrections import Correction, corrections_at
from greenward.survey.queries.readiness import readiness_of
from greenward.survey.queries.surveyed import Surveyed, surveyed
from greenward.survey.sensitivity import Sight, sight_of
from greenward.survey.states import LIST_OF_UNITS, MOVES, CaseState
from greenward.survey.web.calls import person_of
from greenward.survey.web.strip import Strip, strip_of
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import ancestors

WHY = "why:"


@dataclass(frozen=True)
class Happening:
    """Something that happened to a case: a move, or a correction after it was accepted."""

    at: datetime
    step: Step | None = None
    correction: Correction | None = None


@dataclass(frozen=True)
class Row:
    """An answer as it is shown, the reason for sending it back as it was typed, whether it is withheld."""

    answer: object
    name: str
    why: str
    withheld: bool


@dataclass(frozen=True)
class Back:
    """A field that was sent back: the names of its place and field, its section, whether it is withheld."""

    one: ReturnedField
    place: str
    label: str
    section: str
    withheld: bool


@login_required
@require_safe
def case(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Show a community's case, its changed answers first; with ``all`` every answer."""
    held = queries.get_round(code)
    return _shown(request, held, get_community_for(request.user, held, place))


@login_required
@require_POST
def move(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Make a move; what was typed is shown again where it is refused."""
    held = queries.get_round(code)
    version = get_community_for(request.user, held, place)
    verb, seen = request.POST.get("verb", ""), request.POST.get("seen", "")
    try:
        actions.move(
            held,
            version.place,
            verb,
            by=person_of(request),
            at=clock.now(),
            seen=int(seen) if seen.isdecimal() else None,
            note=request.POST.get("note", ""),
            fields=_sent_back(request) if verb in MOVES and MOVES[verb].fields else (),
        )
    except NotFoundError:
        raise
    except GreenwardError as error:
        return _shown(request, held, version, error)
    messages.success(request, _("%(name)s：已%(move)s。") % {"name": version.name, "move": MOVES[verb].name})
    return redirect("survey:case", code, place)


@login_required
@require_POST
def answer(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Say why a field that was sent back stands as it is."""
    held = queries.get_round(code)
    version = get_community_for(request.user, held, place)
    unit, field = request.POST.get("place", place), request.POST.get("field", "")
    waiting = case_of(held, version.place).returned
    one = next((r for r in reversed(waiting) if (r.place.code, r.field) == (unit, field)), None)
    if one is None:
        raise NotFoundError(_("这一项没有被退回。"), hint=_("请刷新页面。"), field=field)
    try:
        actions.answer_returned(one, request.POST.get("answer", ""), by=person_of(request), at=clock.now())
    except NotFoundError:
        raise
    except GreenwardError as error:
        return _shown(request, held, version, error)
    messages.success(request, _("已答复退回的项。"))
    return redirect("survey:case", code, place)


def _sent_back(request: HttpRequest) -> list[SentBack]:
    found = []
    for name, reason in request.POST.items():
        if name.startswith(WHY) and str(reason).strip():
            unit, _colon, field = name.removeprefix(WHY).partition(":")
            found.append(SentBack(unit, field, str(reason).strip()))
    return found


def _shown(
    request: HttpRequest, held: Round, version: PlaceVersion, error: GreenwardError | None = None
) -> HttpResponse:
    day = clock.today()
    standing = acting_version(held, version.place, day)
    strip = strip_of(request.user, held, standing, on_case_page=True)
    places = surveyed(held, standing, day)
    found = answered(held, places, strip.case)
    everything = request.GET.get("all") == "1" or _typed_elsewhere(request, found)
    filling = strip.case.standing.state in {CaseState.FILLING, CaseState.RETURNED}
    reach, sight = reach_of(request.user), sight_of(request.user)
    pack = queries.policy_of(held)
    context = {
        "round": held,
        "place": standing,
        "strip": strip,
        "above": [one for one in ancestors(standing, on=day) if reach.covers(one.path)],
        "readiness": readiness_of(held, standing, day, returned=strip.case.open, places=places).shown_to(
            sight, pack, standing.path
        )
        if filling
        else None,
        "groups": [_group(request, one, everything=everything) for one in found],
        "everything": everything,
        "unshown": sum(len(one.fields) - len(one.shown) for one in found),
        "warnings": [
            (one.place, warned.shown_to(sight, one.place.path)) for one in places for warned in one.warnings
        ],
        "returned": _named(strip, places, sight),
        "timeline": _timeline(held, standing, strip, sight),
        "questions": _questions(held, places),
        "sends_back": next((one for one in strip.moves if one.fields), None),
        "passes": next((one for one in strip.moves if one.verb in {"check", "accept"}), None),
        "may_record": access.may_record(request.user, held, standing.path),
        "may_correct": strip.case.standing.state == CaseState.ACCEPTED
        and access.may_correct(request.user, standing.path),
        "units_name": f"{WHY}{standing.place.code}:{LIST_OF_UNITS}",
        "units_why": request.POST.get(f"{WHY}{standing.place.code}:{LIST_OF_UNITS}", ""),
        "error": error,
    }
    return render(request, "survey/case.html", context, status=error.status if error else 200)


def _group(request: HttpRequest, found: AnsweredPlace, *, everything: bool) -> dict[str, object]:
    """Return a place with the answers to show, and how many are not shown."""
    sight = sight_of(request.user)
    rows = []
    for one in found.fields if everything else found.shown:
        name = f"{WHY}{found.place.place.code}:{one.field.id}"
        withheld = not sight.shows(one.field, found.place.path)
        rows.append(Row(one, name, request.POST.get(name, ""), withheld))
    return {"place": found.place, "rows": rows, "new": found.new, "rest": len(found.fields) - len(rows)}


def _typed_elsewhere(request: HttpRequest, found: list[AnsweredPlace]) -> bool:
    """Tell whether reasons were typed at answers that only the whole list shows."""
    typed = {name for name, text in request.POST.items() if name.startswith(WHY) and str(text).strip()}
    shown = {f"{WHY}{one.place.place.code}:{row.field.id}" for one in found for row in one.shown}
    return bool({name for name in typed if not name.endswith(LIST_OF_UNITS)} - shown)


def _named(strip: Strip, places: list[Surveyed], sight: Sight) -> list[Back]:
    """Return every field sent back, newest first."""
    labels: dict[tuple[int, str], tuple[str, str, str, bool]] = {}
    for one in places:
        for form in one.forms:
            for section in form.sections:
                for field in section.fields:
                    key = (one.place.place_id, field.id)
                    withheld = not sight.shows(field, one.place.path)
                    labels.setdefault(key, (one.place.name, str(field.label), section.id, withheld))
    listed = _("小区、楼栋、设施名单")
    return [
        Back(
            one,
            *labels.get(
                (one.place_id, one.field),
                ("", listed if one.field == LIST_OF_UNITS else one.field, "", False),
            ),
        )
        for one in reversed(strip.case.returned)
    ]


def _timeline(held: Round, standing: PlaceVersion, strip: Strip, sight: Sight) -> list[Happening]:
    """Return what happened, newest first: moves and corrections of this round."""
    found = [Happening(step.at, step=step) for step in strip.case.steps]
    if strip.case.standing.state == CaseState.ACCEPTED:
        corrected = corrections_at(queries.policy_of(held), standing, clock.today())
        found += [
            Happening(one.entry.at, correction=one.shown_to(sight))
            for one in corrected
            if one.entry.round_id == held.pk
        ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def _questions(held: Round, places: list[Surveyed]) -> int:
    """Return how many questions about the community and its units wait for an answer."""
    ids = [one.place.place_id for one in places]
    return Remark.objects.filter(round=held, is_question=True, settled_at=None, place__in=ids).count()
