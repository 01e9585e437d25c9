"""One place's form, section by section; its scripts save by themselves, without them a section is sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotFoundError
from greenward.evidence.actions import LARGEST, keep_file
from greenward.packs.schema.forms import Field, Form, Section
from greenward.survey import access, actions, queries
from greenward.survey.answers.checks import hidden_of
from greenward.survey.answers.single import from_json
from greenward.survey.models import Round
from greenward.survey.queries.remarks import remarks_at
from greenward.survey.queries.surveyed import Surveyed, Warned, entries_by_place
from greenward.survey.sensitivity import sight_of
from greenward.survey.web.forms import Shown, parts_of, sent_values
from greenward.survey.web.markup import Writer
from greenward.survey.web.strip import strip_of
from greenward.survey.web.units import open_fields, unit_lists
from greenward.survey.web.views.save import warnings_of
from greenward.survey.web.words import words
from greenward.survey.web.written import Written, shown
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import ancestors, get_place_for

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Sheet:
    """A form before a person: the round, the place, the forms about it, and the one that is open."""

    round: Round
    place: PlaceVersion
    forms: Sequence[Form]
    form: Form


@dataclass(frozen=True)
class Refusal:
    """A section that was not taken: what was sent, and why."""

    section: Section
    sent: Mapping[str, Written]
    error: GreenwardError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Show a form with what is known; POST records one section."""
    held = queries.get_round(code)
    version = get_place_for(request.user, place)
    forms = queries.forms_at(held, version)
    if not forms:
        raise NotFoundError(_("这个层级的地方没有摸底表。"), hint=_("请选择社区、小区、楼栋或设施。"))
    named = request.GET.get("form", "")
    sheet = Sheet(held, version, forms, next((one for one in forms if one.id == named), forms[0]))
    return _record(request, sheet) if request.method == "POST" else _shown(request, sheet)


@login_required
@require_POST
def add(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Add a unit (``form``, its ``name``) under the place, then go to its form."""
    held = queries.get_round(code)
    version = get_place_for(request.user, place)
    unit = queries.form_of(held, request.POST.get("form", "") or queries.compound_form(held).id)
    name = {unit.key or "": request.POST.get("name", "")}
    try:
        made = actions.add_unit(held, unit.id, version.place, name, by=_person(request), at=clock.now())
    except (InvalidInputError, ConflictError) as error:
        messages.error(request, str(error))
        return redirect("survey:form", code, place)
    return redirect("survey:form", code, made.place.code)


def _record(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    access.check_may_record(_person(request), sheet.place.path)
    section = _section(sheet.form, request.POST.get("section", ""))
    data = {name: str(value) for name, value in request.POST.items()}
    seen = int(data["seen"]) if data.get("seen", "").isdecimal() else None
    said: Mapping[str, Written] = {}
    try:
        data |= _kept_files(request, section)
        said = sent_values(section, queries.asked_of(sheet.round, sheet.place, sheet.form), data)
        entry = actions.record_values(
            sheet.round,
            sheet.form.id,
            sheet.place.place,
            said,
            by=_person(request),
            at=clock.now(),
            seen=seen,
            reasons={name.removeprefix("reason-"): text for name, text in _reasons(data)},
        )
    except (InvalidInputError, ConflictError) as error:
        return _shown(request, sheet, Refusal(section, said, error))
    note = _("已保存。") if entry else _("没有变化，不用保存。")
    messages.success(request, f"{section.title}：{note}")
    return redirect(f"{request.get_full_path()}#{section.id}")


def _reasons(data: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(name, text) for name, text in data.items() if name.startswith("reason-") and text.strip()]


def _kept_files(request: HttpRequest, section: Section) -> dict[str, str]:
    """Keep the files that came with a section; return their digests by field."""
    return {
        one.id: keep_file(sent.name or "", sent.read(LARGEST + 1), by=_person(request), at=clock.now()).digest
        for one in section.fields
        if one.type == "file" and (sent := request.FILES.get(f"{one.id}.file")) is not None
    }


def _shown(request: HttpRequest, sheet: Sheet, refused: Refusal | None = None) -> HttpResponse:
    held, version = sheet.round, sheet.place
    day = clock.today()
    asked = queries.asked_of(held, version, sheet.form)
    may_record = access.may_record(request.user, held, version.path)
    threads = remarks_at(held, version.place_id)
    page = Shown(
        day=day,
        may_record=may_record,
        open_fields=open_fields(held, version) if may_record else None,
        remarks={name: sum(1 + len(one.answers.all()) for one in found) for name, found in threads.items()},
        withheld=hidden_of(sheet.form.fields, sight_of(request.user), version.path),
    )
    if refused is not None:
        page = replace(page, sent=refused.sent, problems=_problems(sheet.form, refused.error))
    warned = [one.shown_to(sight_of(request.user), version.path) for one in _warned(sheet, day)]
    parts = parts_of(queries.policy_of(held), sheet.form, asked, warned, page)
    writer = Writer(
        code=version.place.code,
        round=held.code,
        key=sheet.form.key or "",
        may_remark=access.may_remark(request.user, version.path),
    )
    reach = reach_of(request.user)
    context = {
        "round": held,
        "place": version,
        "forms": sheet.forms,
        "form": sheet.form,
        "parts": parts,
        "sections": [(part, writer.asked(part), writer.known(part)) for part in parts],
        "seen": queries.newest_entry(version.place),
        "may_record": may_record,
        "form_remarks": page.remarks.get("", 0),
        "refused": refused,
        "above": [one for one in ancestors(version, on=day) if reach.covers(one.path)],
        "units": unit_lists(held, version, page=request.GET),
        "words": words(),
        "warnings": warnings_of(sheet.form, warned),
        "largest_file": LARGEST // MEGABYTE,
        "side_template": "survey/parts/sections.html",
        "case_template": "survey/parts/case.html",
        "strip": strip_of(request.user, held, version),
    }
    status = refused.error.status if refused is not None else 200
    response = render(request, "survey/form.html", context, status=status)
    response["Cache-Control"] = "no-store"  # what a browser keeps of it is the worker's, and goes with it
    if refused is None:
        response["X-Greenward-Keep"] = "1"
    return response


def _warned(sheet: Sheet, day: date) -> list[Warned]:
    """Return the warnings that concern the open form."""
    entries = entries_by_place([sheet.place.place_id], day).get(sheet.place.place_id, [])
    surveyed = Surveyed(sheet.place, (sheet.form,), tuple(entries), day)
    return list(surveyed.warnings)


def _problems(form: Form, error: GreenwardError) -> dict[str, str]:
    """Return what is wrong by field; a clash shows the other person's value."""
    problems = error.data.get("fields", {})
    if not isinstance(problems, Mapping):
        return {}
    return {name: _sentence(form.field(name), problem) for name, problem in problems.items()}


def _sentence(field: Field, problem: Mapping[str, object]) -> str:
    if "message" in problem:
        return str(problem["message"])
    return _("别人刚改为“%(theirs)s”（%(source)s）。再次保存则以您的值为准。") % {
        "theirs": shown(field, from_json(field, problem["theirs"])),
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
