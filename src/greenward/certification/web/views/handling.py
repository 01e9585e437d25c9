"""Pages of those who publish, handle objections and recognise."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from greenward.accounts.models import User
from greenward.certification.actions.notice import publish as publish_notice
from greenward.certification.actions.objection import (
    erase_objection,
    handle_objection,
    open_proof,
    reveal_objection,
)
from greenward.certification.actions.recognition import recognise as give_titles
from greenward.certification.models import Application, Notice
from greenward.certification.queries import notices as queries
from greenward.certification.states import OBJECTION_MOVES, ApplicationState
from greenward.core import clock
from greenward.core.errors import GreenwardError, NotFoundError
from greenward.programmes import queries as programmes
from greenward.territories.access import reach_of
from greenward.territories.models import PlaceVersion
from greenward.territories.queries import get_place_for, versions_on
from greenward.territories.roles import Permission


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show what waits here: applications to publish, notices to conclude, objections to answer."""
    day = clock.today()
    places = _territories(request, Permission.PUBLISH_NOTICES)
    approved = list(queries.approved_for(request.user))
    names = {v.place_id: v for v in versions_on(day).filter(place__in=[one.place_id for one in approved])}
    objections = queries.objections_for(request.user)
    context = {
        "places": places,
        "approved": [(one, names[one.place_id]) for one in approved if one.place_id in names],
        "notices": [
            shown
            for shown in queries.notices_on(day)
            if any(shown.notice.territory_id == place.place_id for place in places)
        ],
        "objections": [queries.handled(one, day) for one in objections],
    }
    return render(request, "certification/desk.html", context)


@login_required
@require_POST
def publish(request: HttpRequest) -> HttpResponse:
    """Publish the ticked applications."""
    territory = get_place_for(request.user, request.POST.get("territory", ""))
    chosen = queries.approved_for(request.user).filter(pk__in=_numbers(request, "application"))
    notice = publish_notice(
        programme=programmes.current(),
        territory=territory,
        applications=list(chosen),
        title=request.POST.get("title", ""),
        contact=request.POST.get("contact", ""),
        by=_person(request),
        at=clock.now(),
    )
    messages.success(request, _("已公示，%(day)s 截止。") % {"day": notice.ends_on.isoformat()})
    return redirect("certification:notice", notice.pk)


@login_required
@require_safe
def conclude(request: HttpRequest, number: int) -> HttpResponse:
    """Show a notice to who recognises: what may be named, what an objection holds up."""
    shown = _noticed(request, number)
    entries = queries.entries_of(shown.notice)
    context = {
        "shown": shown,
        "notice": shown.notice,
        "ready": [one for one in entries if one.application.state == ApplicationState.IN_NOTICE],
        "held_up": [one for one in entries if one.application.state == ApplicationState.OBJECTED],
        "lists": list(shown.notice.final_lists.prefetch_related("titles")),
        "objections": [
            queries.handled(one, clock.today())
            for one in queries.objections_for(request.user, notice=shown.notice)
        ],
    }
    return render(request, "certification/conclude.html", context)


@login_required
@require_POST
def recognise(request: HttpRequest, number: int) -> HttpResponse:
    """Give titles to the ticked communities under one document."""
    notice: Notice = _noticed(request, number).notice
    chosen = Application.objects.filter(noticed__notice=notice, pk__in=_numbers(request, "application"))
    titles = give_titles(
        notice,
        applications=list(chosen),
        document=request.POST.get("document", ""),
        by=_person(request),
        at=clock.now(),
    )
    messages.success(request, _("已命名 %(n)d 个社区。") % {"n": len(titles)})
    return redirect("certification:conclude", number)


@never_cache
@login_required
@require_safe
def objection(request: HttpRequest, number: int) -> HttpResponse:
    """Show an objection, its author masked."""
    return _shown(request, number)


@never_cache
@login_required
@require_POST
def reveal(request: HttpRequest, number: int) -> HttpResponse:
    """Show who objected and why; the look is on the record."""
    found = queries.get_objection_for(request.user, number)
    return _shown(request, number, told=reveal_objection(found, by=_person(request), at=clock.now()))


@never_cache
@login_required
@require_POST
def proof(request: HttpRequest, number: int) -> HttpResponse:
    """Give what an objector handed in, to keep, never to run; the look is on the record."""
    found = queries.get_objection_for(request.user, number)
    content = open_proof(found, by=_person(request), at=clock.now())
    name = content_disposition_header(as_attachment=True, filename=found.proof_name or f"proof-{number}")
    headers = {"Content-Disposition": str(name), "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=found.proof_type, headers=headers)


@login_required
@require_POST
def turn(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """Make a move with an objection; who comes second is told, and what they wrote stays in the form."""
    found = queries.get_objection_for(request.user, number)
    if verb not in OBJECTION_MOVES or verb == "settle":
        raise NotFoundError(_("没有“%(verb)s”这一步。") % {"verb": verb})
    said = request.POST.get("answer", "")
    try:
        done = handle_objection(found, verb, answer=said, by=_person(request), at=clock.now())
    except GreenwardError as refused:
        messages.error(request, str(refused))
        return _shown(request, number, said=said, status=refused.status)
    messages.success(request, done.get_state_display())
    return redirect("certification:objection", number)


@login_required
@require_POST
def erase(request: HttpRequest, number: int) -> HttpResponse:
    """Delete what the objector said."""
    found = queries.get_objection_for(request.user, number)
    erase_objection(found, by=_person(request), at=clock.now())
    messages.success(request, _("已删除异议人的个人信息。"))
    return redirect("certification:objection", number)


def _shown(
    request: HttpRequest,
    number: int,
    *,
    told: dict[str, str] | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    found = queries.get_objection_for(request.user, number)
    moves = [m for m in OBJECTION_MOVES.values() if m.verb != "settle" and found.state in m.begins]
    context = {
        "one": queries.handled(found, clock.today()),
        "objection": found,
        "notice": found.entry.notice,
        "moves": moves,
        "told": told,
        "said": said,
    }
    return render(request, "certification/objection.html", context, status=status)


def _noticed(request: HttpRequest, number: int) -> queries.Shown:
    """Return a notice of a place where the person publishes; NotFoundError for every other."""
    shown = queries.get_notice(number, clock.today())
    here = [place.place_id for place in _territories(request, Permission.PUBLISH_NOTICES)]
    if shown.notice.territory_id not in here:
        raise NotFoundError(_("没有这份公示。"), hint=_("请从公示列表打开。"))
    return shown


def _territories(request: HttpRequest, permission: Permission) -> list[PlaceVersion]:
    """Return the places at which the person holds the permission."""
    paths = reach_of(request.user).paths(permission)
    return list(versions_on(clock.today()).filter(path__in=paths).order_by("path"))


def _numbers(request: HttpRequest, name: str) -> list[int]:
    return [int(text) for text in request.POST.getlist(name) if text.isdecimal() and len(text) < 10]  # noqa: PLR2004 - a key


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
