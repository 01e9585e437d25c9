"""What holds for every request of a signed-in person: session limits, language, second factor."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.accounts import queries
from greenward.accounts.models import User
from greenward.core.errors import NotAllowedError
from greenward.core.web.middleware import error_response

GetResponse = Callable[[HttpRequest], HttpResponse]
WRITE_EVERY = 60  # seconds between two notes of activity in the session
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
OPEN_WITHOUT_SECOND_FACTOR = (
    "mfa_",
    "account_",
    "usersessions_",
    "set_",
    "health_",
    "csp_",
)


class SecondFactorRequiredError(NotAllowedError):
    """The person must set up a second factor first."""

    code = "second_factor_required"
    title = gettext_lazy("需要第二重验证")


class SessionLimitsMiddleware:
    """Signs a person out after an hour without a request, or eight hours in any case.

    It reads the machine's clock: a demonstration day must not keep sessions alive.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End a session that is over, note activity in one that is not."""
        if request.user.is_authenticated:
            now = int(time.time())
            began = request.session.setdefault("began", now)
            seen = request.session.setdefault("seen", now)
            if now - seen > settings.GREENWARD_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
                logout(request)
                messages.info(request, _("长时间没有操作，已为您退出登录。请重新登录。"))
            elif now - seen >= WRITE_EVERY:
                request.session["seen"] = now
        return self.get_response(request)


class LanguageMiddleware:
    """Speaks the language that a signed-in person chose, and keeps the cookie in step for afterwards."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Activate the person's language for this request."""
        user = request.user
        if not isinstance(user, User):
            return self.get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        if request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) != user.language:
            set_language_cookie(response, user.language)
        return response


def set_language_cookie(response: HttpResponse, language: str) -> None:
    """Let the browser remember the language for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=LANGUAGE_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


class SecondFactorMiddleware:
    """Where GREENWARD_REQUIRE_SECOND_FACTOR is on, sends who has none to set one up."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        """Let through what is needed to set one up; send the rest there."""
        name = (request.resolver_match and request.resolver_match.url_name) or ""
        if not settings.GREENWARD_REQUIRE_SECOND_FACTOR or not isinstance(request.user, User):
            return None
        if name.startswith(OPEN_WITHOUT_SECOND_FACTOR) or queries.has_second_factor(request.user):
            return None
        if request.path.startswith("/api/") or getattr(request, "htmx", False):
            return error_response(
                request,
                SecondFactorRequiredError(
                    _("账户还没有第二重验证。"), hint=_("请先设置验证器应用或通行密钥。")
                ),
            )
        messages.warning(request, _("工作账户必须设置第二重验证，设置后即可继续。"))
        return redirect("mfa_index")
