"""Comments and questions: those at a field, and the list of what waits for an answer."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe
from pydantic import BaseModel

from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.packs.schema.forms import Field
from greenward.survey import access, queries
from greenward.survey.actions import remarks as saying
from greenward.survey.models import Remark, Round
from greenward.survey.queries import remarks as said
from greenward.survey.queries.remarks import Placed
from greenward.survey.sensitivity import sight_of
from greenward.survey.web.calls import body_of, called, is_json, person_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import get_place_for

PER_PAGE = 50


class Sent(BaseModel):
    """What is said: about a field or the form, or in answer to a question; or that a question is settled."""

    text: str = ""
    field: str = ""
    is_question: bool = False
    question: int | None = None
    settle: bool = False
    request: UUID | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def remarks(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Show what was said about a field (``?field=``) or the form; POST adds to it, also from a script."""
    if request.method == "POST" and is_json(request):
        return _from_script(request, code, place)
    return _page(request, code, place)


@called
def _from_script(request: HttpRequest, code: str, place: str) -> dict[str, object]:
    version = get_place_for(request.user, place)
    return {"remark": _say(request, queries.get_round(code), version, body_of(request, Sent)).pk}


@login_required
def _page(request: HttpRequest, code: str, place: str) -> HttpResponse:
    version = get_place_for(request.user, place)
    held = queries.get_round(code)
    if request.method == "POST":
        return _from_form(request, held, version)
    field = request.GET.get("field", "")
    about = _field(held, version, field)
    context = {
        "round": held,
        "place": version,
        "field": about,
        "withheld": about is not None and not sight_of(request.user).shows(about, version.path),
        "threads": said.remarks_at(held, version.place_id).get(field, []),
        "may_remark": access.may_remark(request.user, version.path),
    }
    whole = "survey/remarks.html"
    part = getattr(request, "htmx", False)
    return render(request, f"{whole}#threads" if part else whole, context)


def _from_form(request: HttpRequest, held: Round, version: PlaceVersion) -> HttpResponse:
    sent = body_of(request, Sent)
    try:
        _say(request, held, version, sent)
    except (InvalidInputError, ConflictError) as error:
        messages.error(request, str(error))
    if "under" in request.POST:  # from the list of questions
        address = reverse("survey:questions", args=[held.code])
        return redirect(f"{address}?{urlencode({'place': request.POST['under']})}")
    address = reverse("survey:remarks", args=[held.code, version.place.code])
    return redirect(f"{address}?{urlencode({'field': sent.field})}")


def _say(request: HttpRequest, held: Round, version: PlaceVersion, sent: Sent) -> Remark:
    by, at = person_of(request), clock.now()
    if sent.question is None:
        return saying.remark(
            held,
            version.place,
            sent.text,
            by=by,
            at=at,
            field=sent.field,
            is_question=sent.is_question,
            request=sent.request,
        )
    question = said.get_remark_for(request.user, held, sent.question)
    if sent.settle:
        return saying.settle(question, by=by, at=at)
    return saying.answer(question, sent.text, by=by, at=at, request=sent.request)


@login_required
@require_safe
def questions(request: HttpRequest, code: str) -> HttpResponse:
    """List the questions within reach: the open ones, or all."""
    held = queries.get_round(code)
    under, place = "", None
    if named := request.GET.get("place", ""):
        place = get_place_for(request.user, named)
        under = place.path
    only_open = request.GET.get("show", "open") != "all"
    found = said.questions_for(request.user, held, under=under, only_open=only_open)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [_row(request, held, one) for one in said.placed(page.object_list)]
    context = {"round": held, "page": page, "rows": rows, "only_open": only_open, "under": place}
    return render(request, "survey/questions.html", context)


def _row(request: HttpRequest, held: Round, one: Placed) -> dict[str, object]:
    """Return a question as the list shows it; what is said of a withheld figure is withheld too."""
    field = _field(held, one.place, one.remark.field) if one.place else None
    shown = field is None or one.place is None or sight_of(request.user).shows(field, one.place.path)
    return {
        "remark": one.remark,
        "place": one.place,
        "field": field,
        "withheld": not shown,
        "may_answer": one.place is not None and access.may_remark(request.user, one.place.path),
    }


def _field(held: Round, version: PlaceVersion, name: str) -> Field | None:
    for form in queries.forms_at(held, version):
        for field in form.fields:
            if field.id == name:
                return field
    return None
