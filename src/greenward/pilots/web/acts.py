"""Acts on pilots: choosing, concluding, recording wishes, support and lessons; each calls one action."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from greenward.accounts.models import User
from greenward.certification import actions as certification
from greenward.core import clock
from greenward.core.errors import ConflictError, InvalidInputError, NotFoundError
from greenward.pilots import actions, queries
from greenward.pilots.actions import Told
from greenward.pilots.states import SupportKind, WishKind
from greenward.pilots.web.forms import ChooseForm, ConcludeForm, LessonForm, SupportForm, WishForm
from greenward.pilots.web.views import shown_community, shown_proposals
from greenward.programmes import queries as programmes
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import get_place_for, version_on


@login_required
@require_POST
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Make the chosen communities pilots, all or none."""
    place = get_place_for(request.user, code)
    try:
        given = ChooseForm(request.POST).given()
        places = [get_place_for(request.user, one) for one in _chosen(request)]
        certification.start_pilot(
            programme=programmes.current(), places=places, **given, by=_person(request), at=clock.now()
        )
    except (ConflictError, InvalidInputError) as error:
        return shown_proposals(request, place, error=error)
    messages.success(request, _("已启动%(count)d个试点。") % {"count": len(places)})
    return redirect("pilots:proposals", code)


def _chosen(request: HttpRequest) -> list[str]:
    codes = list(dict.fromkeys(request.POST.getlist("community")))
    if not codes:
        raise InvalidInputError(_("没有选社区。"), hint=_("请在列表中勾选。"), field="community")
    return codes


@login_required
@require_POST
def conclude(request: HttpRequest, code: str) -> HttpResponse:
    """End the community's time as a pilot."""

    def act(place: PlaceVersion) -> None:
        given = ConcludeForm(request.POST).given()
        certification.conclude_pilot(
            programme=programmes.current(), places=[place], **given, by=_person(request), at=clock.now()
        )

    return _done(request, code, "conclude", act, _("已结束试点。"))


@login_required
@require_POST
def wish(request: HttpRequest, code: str) -> HttpResponse:
    """Record what residents said, with its file."""

    def act(place: PlaceVersion) -> None:
        given = WishForm(request.POST, request.FILES).given()
        file = given.pop("file")
        actions.record_wish(
            place,
            programme=programmes.current(),
            **{**given, "kind": WishKind(given["kind"])},
            file=(file.name or "", file.read()) if file else None,
            by=_person(request),
            at=clock.now(),
        )

    return _done(request, code, "wish", act, _("已登记居民意愿。"))


@login_required
@require_POST
def support(request: HttpRequest, code: str) -> HttpResponse:
    """Note support given."""

    def act(place: PlaceVersion) -> None:
        given = SupportForm(request.POST).given()
        actions.support(
            place,
            programme=programmes.current(),
            **{**given, "kind": SupportKind(given["kind"])},
            by=_person(request),
            at=clock.now(),
        )

    return _done(request, code, "support", act, _("已登记支持情况。"))


@login_required
@require_POST
def lesson(request: HttpRequest, code: str) -> HttpResponse:
    """Write down a lesson."""

    def act(place: PlaceVersion) -> None:
        programme = programmes.current()
        given = LessonForm(request.POST, pack=programmes.policy(programme)).given()
        actions.tell_lesson(place, Told(**given), programme=programme, by=_person(request), at=clock.now())

    return _done(request, code, "lesson", act, _("已登记经验，本区各社区都能查到。"))


@login_required
@require_POST
def share(request: HttpRequest, number: int) -> HttpResponse:
    """Open a lesson to every district."""
    programme, today = programmes.current(), clock.today()
    found = queries.get_lesson_for(request.user, programme, number, today)
    place = version_on(found.place, today)
    if place is None:
        raise NotFoundError(_("没有这条经验。"), hint=_("请从列表中选择。"))
    actions.share(found, place, by=_person(request), at=clock.now())
    messages.success(request, _("已向各区开放。"))
    return redirect("pilots:lessons")


def _done(
    request: HttpRequest, code: str, form: str, act: Callable[[PlaceVersion], None], said: str
) -> HttpResponse:
    """Act on a community; where it is refused its page says why, with what was typed."""
    place = get_place_for(request.user, code)
    try:
        act(place)
    except (ConflictError, InvalidInputError) as error:
        return shown_community(request, place, error=error, form=form)
    messages.success(request, said)
    return redirect("pilots:community", code)


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
