"""What was ever said of one field at one place, down to file, row, person and time; and its correction."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from greenward.core import clock
from greenward.core.errors import GreenwardError, NotFoundError
from greenward.core.web.dates import as_of
from greenward.packs.schema.forms import Field, Form
from greenward.packs.schema.pack import Pack
from greenward.programmes import queries as programmes
from greenward.survey import access, queries
from greenward.survey.actions.record import correct_values
from greenward.survey.answers.words import as_written, in_words
from greenward.survey.queries.cases import case_of, community_of
from greenward.survey.queries.corrections import history_of
from greenward.survey.queries.surveyed import entries_by_place
from greenward.survey.queries.values import Value, known_from
from greenward.survey.sensitivity import hint, sight_of
from greenward.survey.states import CaseState
from greenward.survey.web.calls import person_of
from greenward.territories.access import reach_of
from greenward.territories.models import UNIT_PARENT, PlaceVersion
from greenward.territories.queries import ancestors, get_place_for, versions_on

NOT_TYPED = frozenset({"file", "table", "position"})
"""Types whose answers do not fit one line: they are corrected on the form of a round."""


@dataclass(frozen=True)
class Behind:
    """One unit behind a figure that adds units up: its value in words and where that is from."""

    place: PlaceVersion
    known: Value | None
    text: str


@login_required
@require_safe
def value(request: HttpRequest, place: str, field: str) -> HttpResponse:
    """Show all that was said of a field at a place; of a unit's field at a community, its units' values."""
    day = as_of(request)
    version = get_place_for(request.user, place, on=day)
    pack = programmes.policy(programmes.current(day))
    form = _form_with(pack, version, field, request.GET.get("form", ""))
    return _shown(request, version, form, field, day)


@login_required
@require_POST
def correct(request: HttpRequest, code: str, place: str, field: str) -> HttpResponse:
    """Correct an accepted value, with a reason; what was typed is shown again where it is refused."""
    held = queries.get_round(code)
    version = get_place_for(request.user, place)
    asked = [form for form in queries.forms_at(held, version) if any(one.id == field for one in form.fields)]
    if not asked:
        raise NotFoundError(_("本轮没有问这一项。"), hint=_("请从社区页面打开。"), field=field)
    seen = request.POST.get("seen", "")
    try:
        correct_values(
            held,
            asked[0].id,
            version.place,
            {field: request.POST.get("value", "").strip() or None},
            by=person_of(request),
            at=clock.now(),
            reason=request.POST.get("reason", ""),
            seen=int(seen) if seen.isdecimal() else None,
        )
    except NotFoundError:
        raise
    except GreenwardError as error:
        return _shown(request, version, asked[0], field, clock.today(), error=error)
    messages.success(request, _("已更正。用过这个值的评定会标明“数据已更正”。"))
    return redirect("survey:value", place, field)


def _shown(
    request: HttpRequest,
    version: PlaceVersion,
    form: Form,
    name: str,
    day: date,
    *,
    error: GreenwardError | None = None,
) -> HttpResponse:
    field = form.field(name)
    own = form.level == version.place.level
    reach = reach_of(request.user)
    context = {
        "as_of": day,
        "place": version,
        "form": form,
        "field": field,
        "above": [one for one in ancestors(version, on=day) if reach.covers(one.path)],
        "shown": sight_of(request.user).shows(field, version.path),
        "who_sees": hint(),
        "behind": [] if own else _behind(form, field, version, day),
        "own": own,
        "error": error,
        "typed": request.POST,
    }
    if own:
        history = history_of(version.place, form, field, day)
        context |= {
            "history": history,
            "current": next((one for one in history if one.stands), None),
            "confirmed": next((one for one in history if one.repeats), None),
            **_correcting(request, version, form, field),
        }
    return render(request, "survey/value.html", context, status=error.status if error else 200)


def _correcting(request: HttpRequest, version: PlaceVersion, form: Form, field: Field) -> dict[str, object]:
    """Return what the form for a correction needs, where this person may make one now; else why not."""
    held = queries.current_round()
    if held is None or field.type in NOT_TYPED or not access.may_correct(request.user, version.path):
        return {}
    if not any(one.id == field.id for asked in queries.forms_at(held, version) for one in asked.fields):
        return {}
    state = case_of(held, community_of(version)).standing.state
    known = queries.values_of(version.place, form, clock.today()).get(field.id)
    return {
        "round": held,
        "state": state,
        "may_correct": state == CaseState.ACCEPTED,
        "written": as_written(known.value) if known else "",
        "seen": queries.newest_entry(version.place),
    }


def _behind(form: Form, field: Field, version: PlaceVersion, day: date) -> list[Behind]:
    units = list(
        versions_on(day)
        .filter(
            place__level__in=UNIT_PARENT,
            place__level=form.level,
            sort=form.sort or "",
            path__startswith=version.path,
        )
        .order_by("path")
    )
    entries = entries_by_place([one.place_id for one in units], day)
    found = []
    for one in units:
        known = known_from(entries.get(one.place_id, []), form).get(field.id)
        found.append(Behind(one, known, in_words(field, known.value if known else None)))
    return found


def _form_with(pack: Pack, version: PlaceVersion, field: str, named: str) -> Form:
    """Return all that can be known where the field belongs: of the place itself, else of units below it."""
    own = (version.place.level, version.sort)
    kinds = dict.fromkeys(
        [
            *((form.level, form.sort or "") for form in pack.forms if form.id == named),
            own,
            *((form.level, form.sort or "") for form in pack.forms),
        ]
    )
    for level, sort in kinds:
        if (level, sort) != own and (level == own[0] or level not in UNIT_PARENT):
            continue
        try:
            form = queries.everything_at(pack, level, sort)
        except NotFoundError:
            continue
        if any(one.id == field for one in form.fields):
            return form
    raise NotFoundError(_("没有这一项。"), hint=_("请从对标或摸底页面打开。"), field=field)
