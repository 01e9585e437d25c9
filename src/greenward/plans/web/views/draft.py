"""Writing a draft: the form, its sums as they change, and what to do where somebody else saved."""

from collections.abc import Sequence
from http import HTTPStatus
from types import SimpleNamespace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from greenward.core import clock
from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotFoundError
from greenward.packs.schema.pack import Pack
from greenward.plans import access, actions, queries
from greenward.plans.actions import OverwritingError
from greenward.plans.models import PlanVersion
from greenward.plans.queries import PlanContent, Proposed
from greenward.plans.states import PlanState
from greenward.plans.web.forms import BLANK, read_content
from greenward.plans.web.shown import Found, columns_of, find, person_of


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """Show the draft's form; POST saves it, or shows again what was typed and why it was not saved.

    With ``sums`` it saves nothing and returns the sums of the numbers as typed.
    """
    found, version = _draft_for(request, code)
    if request.method != "POST":
        access.check_is_open(version)
        return _form(request, found, version, queries.content_of(version))
    if "sums" in request.POST:
        context = {"place": found.place, **_sums(request.POST, found, version)}
        return render(request, "plans/edit.html#sums", context)
    return _saved(request, found, version)


def _saved(request: HttpRequest, found: Found, version: PlanVersion) -> HttpResponse:
    proposed = [Proposed.of(one) for one in version.figures]
    pack = queries.policy_of(version)
    content: PlanContent | None = None
    try:
        content = read_content(request.POST, proposed, pack)
        seen = request.POST.get("seen", "")
        actions.write(
            version,
            found.place,
            content,
            seen=int(seen) if seen.isdecimal() and len(seen) < 9 else 0,  # noqa: PLR2004 - an int4
            by=person_of(request),
            at=clock.now(),
        )
    except OverwritingError as error:
        return _form(request, found, error.version, content, error=error, sent=request.POST)
    except (ConflictError, InvalidInputError) as error:
        return _form(request, found, version, content, error=error, sent=request.POST)
    messages.success(request, _("已保存第%(number)d版草案。") % {"number": version.number})
    return redirect(f"{request.path}" if "stay" in request.POST else _page(found, version))


def _draft_for(request: HttpRequest, code: str) -> tuple[Found, PlanVersion]:
    found = find(request, code, number="")
    access.check_may_draft(person_of(request), found.place)
    version = next((one for one in found.versions if one.state != PlanState.FILED), None)
    if version is None:
        raise NotFoundError(_("没有正在起草的方案。"), hint=_("请在方案页起草新版。"))
    return found, version


def _page(found: Found, version: PlanVersion) -> str:
    return f"/plans/{found.place.place.code}/?version={version.number}"


def _sums(sent: QueryDict, found: Found, version: PlanVersion) -> dict[str, object]:
    """Return the sums of whatever can be read of the numbers; what cannot is named."""
    proposed = [Proposed.of(one) for one in version.figures]
    targets = {}
    unread = []
    for one in proposed:
        text = sent.get(f"n-{one.code}-{one.due.isoformat()}-{one.measure}", "").strip()
        if text.isascii() and text.isdecimal() and len(text) <= 5:  # noqa: PLR2004 - as forms.LARGEST
            targets[one.code, one.due, one.measure] = queries.TargetLine(int(text))
        else:
            unread.append(one.name)
    asked = queries.asked_of(version.programme, found.place.path, version.figures_on)
    return {"sums": queries.sums_of(PlanContent(targets=targets), asked), "unread": unread}


def _form(
    request: HttpRequest,
    found: Found,
    version: PlanVersion,
    content: PlanContent | None,
    *,
    error: GreenwardError | None = None,
    sent: QueryDict | None = None,
) -> HttpResponse:
    """Show the form with the stored content, or with what was sent."""
    stored = queries.content_of(version)
    values = sent if sent is not None else _as_sent(stored)
    proposed = [Proposed.of(one) for one in version.figures]
    pack = queries.policy_of(version)
    columns, streets = columns_of(proposed), _streets(proposed, values)
    context = {
        "found": found,
        "place": found.place,
        "version": version,
        "pack": pack,
        "error": error,
        "columns": columns,
        "streets": streets,
        "introduction": values.get("introduction", ""),
        "milestones": _rows(values, "m", len(stored.milestones)),
        "measures": _rows(values, "x", len(stored.measures), pack=pack),
        "offices": queries.offices_of(pack, found.place),
        **_sums(values, found, version),
        "differences": queries.changes(
            stored,
            content,
            places={one.code: one.name for one in proposed},
            offices=queries.offices_of(pack, found.place),
        )
        if isinstance(error, OverwritingError) and content is not None
        else [],
    }
    status = HTTPStatus.OK if error is None else error.status
    return render(request, "plans/edit.html", context, status=status)


def _as_sent(content: PlanContent) -> QueryDict:
    """Return a content as the form would send it."""
    values = QueryDict(mutable=True)
    values["introduction"] = content.introduction
    for (code, due, measure), line in content.targets.items():
        values[f"n-{code}-{due.isoformat()}-{measure}"] = str(line.number)
        values[f"w-{code}-{due.isoformat()}-{measure}"] = line.note
    for n, one in enumerate(content.milestones, 1):
        values[f"m-{n}-text"], values[f"m-{n}-due"] = one.title, one.due.isoformat()
        values[f"m-{n}-clause"] = one.clause
    for n, line_ in enumerate(content.measures, 1):
        values[f"x-{n}-text"], values[f"x-{n}-item"] = line_.text, line_.item
        values[f"x-{n}-due"] = line_.due.isoformat() if line_.due else ""
        values.setlist(f"x-{n}-departments", list(line_.departments))
    return values


def _streets(proposed: Sequence[Proposed], values: QueryDict) -> list[SimpleNamespace]:
    columns = columns_of(proposed)
    by_key = {(one.code, one.due, one.measure): one for one in proposed}
    names = {one.code: one.name for one in proposed}
    return [
        SimpleNamespace(
            code=code,
            name=name,
            cells=[
                SimpleNamespace(
                    column=column,
                    field=f"n-{code}-{column.slug}",
                    value=values.get(f"n-{code}-{column.slug}", ""),
                    why=f"w-{code}-{column.slug}",
                    note=values.get(f"w-{code}-{column.slug}", ""),
                    proposed=one,
                )
                if one
                else None
                for column in columns
                for one in [by_key.get((code, column.due, column.measure.value))]
            ],
        )
        for code, name in names.items()
    ]


def _rows(values: QueryDict, letter: str, stored: int, *, pack: Pack | None = None) -> list[SimpleNamespace]:
    """Return the rows of the schedule or the measures as typed, with some empty ones at the end."""
    typed = [n for n in range(1, 70) if values.get(f"{letter}-{n}-text")]
    last = max([stored, *typed])
    return [
        SimpleNamespace(
            number=n,
            text=values.get(f"{letter}-{n}-text", ""),
            due=values.get(f"{letter}-{n}-due", ""),
            clause=values.get(f"{letter}-{n}-clause", ""),
            item=pack.item_by_id.get(values.get(f"{letter}-{n}-item", "")) if pack else None,
            departments=values.getlist(f"{letter}-{n}-departments"),
        )
        for n in range(1, last + BLANK + 1)
    ]
