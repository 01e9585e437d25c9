"""The page that says why nobody can sign in for a while, and until when."""

from datetime import timedelta
from http import HTTPStatus

from axes.models import AccessAttempt
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from greenward.accounts.web.adapters import address_of


def locked_out(request: HttpRequest, _response: HttpResponse, credentials: dict[str, str]) -> HttpResponse:
    """Answer 429; the same for a name that exists and for one that does not."""
    attempts = AccessAttempt.objects.filter(
        username=credentials.get("username"), ip_address=address_of(request)
    )
    last = attempts.order_by("-attempt_time").values_list("attempt_time", flat=True).first()
    ends_at = (last or timezone.now()) + settings.AXES_COOLOFF_TIME
    context = {
        "ends_at": ends_at,
        "limit": settings.AXES_FAILURE_LIMIT,
        "minutes": settings.AXES_COOLOFF_TIME // timedelta(minutes=1),
    }
    page = render(request, "account/locked_out.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
    page["Retry-After"] = str(max(1, int((ends_at - timezone.now()).total_seconds())))
    return page
