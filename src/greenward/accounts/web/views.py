"""My settings, my tokens, my sign-ins; language and large print."""

from allauth.account import views as account
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.i18n import set_language as django_set_language

from greenward.accounts import actions, queries
from greenward.accounts.models import User
from greenward.accounts.web.devices import device_of
from greenward.accounts.web.forms import EndSessionsForm, SettingsForm, TokenForm
from greenward.accounts.web.middleware import LANGUAGE_COOKIE_AGE
from greenward.core import clock, mail
from greenward.core.errors import NotAllowedError, NotFoundError
from greenward.core.web.limits import check_rate


def _person(request: HttpRequest) -> User:
    """Return the signed-in person; only for views that demand one."""
    if not isinstance(request.user, User):
        raise NotFoundError(_("请先登录。"))
    return request.user


def _back(request: HttpRequest) -> str:
    """Return the page asked for in ``next`` if it is ours, else the first page."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else "/"


@csrf_exempt  # the session cookie does not travel across sites, and public pages set no cookie
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Change the language; a signed-in person's choice is kept with the account."""
    language = request.POST.get("language", "")
    if isinstance(request.user, User) and translation.check_for_language(language):
        actions.change_settings(request.user, by=request.user, at=clock.now(), language=language)
    return django_set_language(request)


@csrf_exempt  # as above
@require_POST
def set_large_print(request: HttpRequest) -> HttpResponse:
    """Turn large print on (``on=1``) or off; kept with the account, or for visitors in a cookie."""
    on = request.POST.get("on") == "1"
    response = redirect(_back(request))
    if isinstance(request.user, User):
        actions.change_settings(request.user, by=request.user, at=clock.now(), large_print=on)
    response.set_cookie("large_print", "1" if on else "0", max_age=LANGUAGE_COOKIE_AGE, samesite="Lax")
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponseBase:
    """Change one's password; who signs in by passkey alone has none to change."""
    if not _person(request).has_usable_password():
        raise NotAllowedError(
            _("这个账户没有密码，只用通行密钥或令牌。"), hint=_("需要密码时，请联系管理员。")
        )
    return account.password_change(request)


@login_required
@require_http_methods(["GET", "POST"])
def my_settings(request: HttpRequest) -> HttpResponse:
    """Show and change display name, contact, language, large print."""
    person = _person(request)
    initial = {name: getattr(person, name) for name in SettingsForm.base_fields}
    form = SettingsForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.change_settings(person, by=person, at=clock.now(), **form.cleaned_data)
        messages.success(request, _("设置已保存。"))
        return redirect("accounts:settings")
    context = {
        "form": form,
        "confirmed": queries.confirmed_address(person),
        "sends_mail": mail.is_configured(),
    }
    return render(request, "accounts/settings.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def send_confirmation(request: HttpRequest) -> HttpResponse:
    """Send a link to one's own address; not often, so that nobody's mailbox is filled."""
    person = _person(request)
    check_rate(request, "address", most=5, seconds=3600)
    actions.send_confirmation(person, by=person, at=clock.now())
    messages.success(request, _("确认邮件已发出，请在三天内打开其中的链接。"))
    return redirect(_back(request))


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether the address is one's own, and note it; a link that is merely opened changes nothing."""
    person = _person(request)
    if request.method == "POST":
        actions.confirm_address(person, token, by=person, at=clock.now())
        messages.success(request, _("电子邮件已确认。"))
        return redirect("accounts:settings")
    return render(request, "accounts/address.html", {"address": queries.address_in(token, person)})


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def my_tokens(request: HttpRequest) -> HttpResponse:
    """List one's tokens and issue one; its plain text is shown in this answer and never again."""
    person, at = _person(request), clock.now()
    form = TokenForm(request.POST or None)
    plain = None
    if request.method == "POST" and form.is_valid():
        _token, plain = actions.issue_token(person, by=person, at=at, **form.cleaned_data)
        form = TokenForm()
    context = {"form": form, "plain": plain, "tokens": queries.tokens_for(person), "now": at}
    return render(request, "accounts/tokens.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    person = _person(request)
    actions.revoke_token(queries.get_token_for(person, pk), by=person, at=clock.now())
    messages.success(request, _("令牌已撤销，使用它的程序将不能再访问。"))
    return redirect("accounts:tokens")


@login_required
@require_GET
def my_sessions(request: HttpRequest) -> HttpResponse:
    """List where one is signed in."""
    sessions = queries.sessions_for(_person(request))
    rows = [{"session": session, "device": device_of(session.user_agent)} for session in sessions]
    return render(request, "usersessions/usersession_list.html", {"rows": rows})


@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Sign out one device, or all of them including this one."""
    person = _person(request)
    form = EndSessionsForm(request.POST)
    sessions = queries.sessions_for(person)
    if not form.is_valid():
        messages.error(request, _("请选择要退出的设备。"))
        return redirect("usersessions_list")
    if not form.cleaned_data["everywhere"]:
        sessions = [s for s in sessions if s.pk == form.cleaned_data["session"]]
    if not sessions:
        raise NotFoundError(_("没有找到这次登录，可能已经退出。"), hint=_("请刷新“登录的设备”页面。"))
    here = any(session.is_current() for session in sessions)
    actions.end_sessions(sessions, by=person, at=clock.now())
    if here:
        logout(request)
        return redirect("account_login")
    messages.success(request, _("已退出所选设备。"))
    return redirect("usersessions_list")
