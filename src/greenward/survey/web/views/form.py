"""One community's or compound's form, section by section."""

from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotFoundError
from greenward.packs.schema.forms import Field, Form, Section
from greenward.survey import access, actions, queries
from greenward.survey.answers.single import from_json
from greenward.survey.answers.words import in_words
from greenward.survey.models import Round
from greenward.survey.web.forms import Part, parts_of, sent_values
from greenward.territories.access import reach_of
from greenward.territories.models import Level, PlaceVersion
from greenward.territories.queries import ancestors, get_place_for


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Show the form with what is known; POST records one section."""
    held = queries.get_round(code)
    version = get_place_for(request.user, place)
    asked = queries.form_at_level(held, version.place.level)
    if request.method == "POST":
        return _record(request, held, version, asked)
    return _shown(request, held, version, asked)


@login_required
@require_POST
def add(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Add a compound to the community, then go to its form."""
    held = queries.get_round(code)
    version = get_place_for(request.user, place)
    unit = queries.compound_form(held)
    name = {unit.key or "": request.POST.get("name", "")}
    try:
        made = actions.add_unit(held, unit.id, version.place, name, by=_person(request), at=clock.now())
    except (InvalidInputError, ConflictError) as error:
        messages.error(request, str(error))
        return redirect("survey:form", code, place)
    return redirect("survey:form", code, made.place.code)


def _record(request: HttpRequest, held: Round, version: PlaceVersion, asked: Form) -> HttpResponse:
    section = _section(asked, request.POST.get("section", ""))
    data = {name: str(value) for name, value in request.POST.items()}
    seen = int(data["seen"]) if data.get("seen", "").isdecimal() else None
    try:
        entry = actions.record_values(
            held,
            asked.id,
            version.place,
            sent_values(section, data),
            by=_person(request),
            at=clock.now(),
            seen=seen,
        )
    except (InvalidInputError, ConflictError) as error:
        return _shown(request, held, version, asked, section=section, sent=data, error=error)
    said = _("已保存。") if entry else _("没有变化，不用保存。")
    if request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        return _shown(request, held, version, asked, section=section, said=said)
    messages.success(request, f"{section.title}：{said}")
    return redirect(f"{request.path}#{section.id}")


def _shown(
    request: HttpRequest,
    held: Round,
    version: PlaceVersion,
    asked: Form,
    *,
    section: Section | None = None,
    sent: Mapping[str, str] | None = None,
    error: GreenwardError | None = None,
    said: str = "",
) -> HttpResponse:
    day = clock.today()
    known = queries.values_of(version.place, asked, day)
    again = {section.id: sent} if section and sent is not None else {}
    parts = parts_of(queries.policy_of(held), asked, known, day=day, sent=again)
    context = {
        "round": held,
        "place": version,
        "form": asked,
        "parts": parts,
        "seen": queries.newest_entry(version.place),
        "may_record": access.may_record(request.user, held, version.path),
        "error": error,
        "said": said,
        "saved": section.id if section else "",
    }
    if error is not None and section is not None:
        _at_fields(asked, parts, section, error)
    status = error.status if error is not None else 200
    if section is not None and request.htmx:  # type: ignore[attr-defined]  # set by django-htmx
        part = next(one for one in parts if one.section.id == section.id)
        return render(request, "survey/form.html#section", {**context, "part": part})
    reach = reach_of(request.user)
    context["above"] = [one for one in ancestors(version, on=day) if reach.covers(one.path)]
    if version.place.level == Level.COMMUNITY:
        context["compounds"] = queries.compounds_of(version, day)
    return render(request, "survey/form.html", context, status=status)


def _at_fields(asked: Form, parts: list[Part], section: Section, error: GreenwardError) -> None:
    """Put each problem at its field; a clash shows the other person's value."""
    part = next(one for one in parts if one.section.id == section.id)
    problems = error.data.get("fields", {})
    for name, problem in problems.items() if isinstance(problems, dict) else ():
        if name in part.form.fields:
            part.form.add_error(name, _sentence(asked.field(name), problem))


def _sentence(field: Field, problem: Mapping[str, object]) -> str:
    if "message" in problem:
        return str(problem["message"])
    return _("别人刚改为“%(theirs)s”（%(source)s）。再次保存则以您的值为准。") % {
        "theirs": in_words(field, from_json(field, problem["theirs"])),
        "source": problem["source"],
    }


def _section(asked: Form, name: str) -> Section:
    for section in asked.sections:
        if section.id == name:
            return section
    raise NotFoundError(_("表中没有这一部分。"), hint=_("请刷新页面后再填。"), section=name)


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotFoundError(_("请先登录。"))
    return request.user
