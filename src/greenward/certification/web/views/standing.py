"""Acts on a community's standing; each finds the community, calls one action and goes back."""

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from greenward.accounts.models import User
from greenward.certification import actions
from greenward.certification.web.forms import StandingForm
from greenward.core import clock
from greenward.programmes import queries as programmes
from greenward.territories.queries import get_place_for

Action = Callable[..., object]


@login_required
@require_POST
def enrol(request: HttpRequest, code: str) -> HttpResponse:
    """Let the community take part."""
    return _act(request, code, actions.enrol, _("已登记参与创建。"))


@login_required
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Let the community no longer take part."""
    return _act(request, code, actions.withdraw, _("已登记退出创建。"))


@login_required
@require_POST
def start_pilot(request: HttpRequest, code: str) -> HttpResponse:
    """Make the community a pilot."""
    return _act(request, code, actions.start_pilot, _("已选为试点。"))


@login_required
@require_POST
def conclude_pilot(request: HttpRequest, code: str) -> HttpResponse:
    """End the community's time as a pilot."""
    return _act(request, code, actions.conclude_pilot, _("已结束试点。"))


def _act(request: HttpRequest, code: str, action: Action, done: str) -> HttpResponse:
    place = get_place_for(request.user, code)
    form = StandingForm(request.POST)
    form.check()
    action(
        programme=programmes.current(),
        places=[place],
        on=form.cleaned_data["on"],
        reason=form.cleaned_data["reason"],
        by=cast("User", request.user),
        at=clock.now(),
    )
    messages.success(request, done)
    return redirect(_back(request, code))


def _back(request: HttpRequest, code: str) -> str:
    """Return where the person came from, if that is a page of ours."""
    address = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return reverse("assessment:community", args=[code])
