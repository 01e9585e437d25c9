"""Acts on a plan: beginning a version, moving it, filing it, commenting; each calls one action."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from greenward.core import clock
from greenward.core.errors import ConflictError, GreenwardError, InvalidInputError, NotAllowedError
from greenward.plans import actions, queries
from greenward.plans.states import MOVES
from greenward.plans.web.forms import FileForm
from greenward.plans.web.shown import Found, find, person_of, version_of
from greenward.plans.web.views.plan import shown
from greenward.programmes import queries as programmes


@login_required
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Begin the next version, drafted from today's figures, and open it."""
    place = queries.get_district_for(request.user, code)
    actions.begin(
        programme=programmes.current(),
        place=place,
        figures_on=clock.today(),
        by=person_of(request),
        at=clock.now(),
    )
    messages.success(request, _("已按现有数据起草，请核对、修改后保存。"))
    return redirect("plans:edit", code)


@login_required
@require_POST
def move(request: HttpRequest, code: str) -> HttpResponse:
    """Make a move; where it is refused, the page says why and keeps what was typed."""
    found = find(request, code, number=request.POST.get("version", ""))
    verb = request.POST.get("verb", "")

    def act() -> None:
        actions.move(
            version_of(found),
            found.place,
            verb,
            seen=_seen(request),
            by=person_of(request),
            at=clock.now(),
            note=request.POST.get("note", ""),
        )

    return _done(request, found, act, lambda: _("已%(move)s。") % {"move": MOVES[verb].name})


@login_required
@require_POST
def file(request: HttpRequest, code: str) -> HttpResponse:
    """File an approved version with the city."""
    found = find(request, code, number=request.POST.get("version", ""))
    form = FileForm(request.POST)

    def act() -> None:
        if not form.is_valid():
            faults = "；".join(f"{form.fields[n].label}：{e[0]}" for n, e in form.errors.items())
            raise InvalidInputError(faults, hint=_("请改正后再报送。"))
        actions.file(
            version_of(found),
            found.place,
            document=form.cleaned_data["document"],
            filed_on=form.cleaned_data["filed_on"],
            seen=_seen(request),
            by=person_of(request),
            at=clock.now(),
        )

    return _done(request, found, act, lambda: _("已报送市级，相应任务已登记为完成。"))


@login_required
@require_POST
def comment(request: HttpRequest, code: str) -> HttpResponse:
    """Say something of a filed version."""
    found = find(request, code, number=request.POST.get("version", ""))

    def act() -> None:
        actions.comment(
            version_of(found),
            found.place,
            request.POST.get("text", ""),
            by=person_of(request),
            at=clock.now(),
        )

    return _done(request, found, act, lambda: _("意见已记录。"))


def _done(
    request: HttpRequest, found: Found, act: Callable[[], None], said: Callable[[], str]
) -> HttpResponse:
    version = version_of(found)
    try:
        act()
    except (ConflictError, InvalidInputError, NotAllowedError) as error:
        return _again(request, found.place.place.code, version.number, error)
    messages.success(request, said())
    return redirect(f"{reverse('plans:plan', args=[found.place.place.code])}?version={version.number}")


def _again(request: HttpRequest, code: str, number: int, error: GreenwardError) -> HttpResponse:
    """Show the version as it stands now, with the refusal above and what was typed in its fields."""
    return shown(request, find(request, code, number=str(number)), error=error, status=error.status)


def _seen(request: HttpRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0  # noqa: PLR2004 - a bigint
