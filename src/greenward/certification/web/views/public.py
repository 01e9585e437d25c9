"""Pages for everybody: notices, objecting, checking a certificate. No sign-in, no tracking."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from greenward.certification.actions.objection import raise_objection
from greenward.certification.documents.making import certificate_pdf, notice_pdf
from greenward.certification.models import NoticeEntry, Title
from greenward.certification.queries import notices as queries
from greenward.certification.queries.draws import published_plan, published_plans
from greenward.certification.queries.notices import Shown
from greenward.certification.queries.titles import check as checked
from greenward.certification.queries.titles import lines_of, signed, title_with_code
from greenward.certification.web.public_forms import CheckForm, ObjectionForm, ReceiptForm
from greenward.core import clock
from greenward.core.errors import GreenwardError, NotFoundError
from greenward.core.signing import published_keys
from greenward.core.web.limits import check_rate

HOUR = 3600


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List the notices, those that run first, with the days left."""
    shown = queries.notices_on(clock.today())
    context = {
        "running": [one for one in shown if one.is_running],
        "over": [one for one in shown if not one.is_running],
    }
    return render(request, "certification/notices.html", context)


@require_safe
def notice(request: HttpRequest, number: int) -> HttpResponse:
    """Show a notice: its communities, how long it runs, and how to object."""
    shown = queries.get_notice(number, clock.today())
    context = {
        "shown": shown,
        "notice": shown.notice,
        "entries": queries.entries_of(shown.notice),
        "rule": queries.rule_of(shown.notice),
        "may_object": queries.takes_objections(shown),
    }
    return render(request, "certification/notice.html", context)


@require_safe
def notice_document(request: HttpRequest, number: int) -> HttpResponse:
    """Give a notice to print."""
    del request
    shown = queries.get_notice(number, clock.today())
    return _pdf(notice_pdf(shown, queries.entries_of(shown.notice), _words(shown)), f"notice-{number}")


@require_safe
def draws(request: HttpRequest) -> HttpResponse:
    """List recheck plans with their seeds."""
    return render(request, "certification/draws.html", {"plans": published_plans(clock.today())})


@require_safe
def draw(request: HttpRequest, number: int) -> HttpResponse:
    """Show a recheck plan, and what was drawn from what once every community was looked at."""
    plan, found = published_plan(number, clock.today())
    return render(request, "certification/draw.html", {"one": plan, "draw": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def object_to(request: HttpRequest, number: int, entry: int) -> HttpResponse:
    """Take an objection to one community in a notice; say the receipt code once."""
    shown = queries.get_notice(number, clock.today())
    found = queries.get_entry(shown.notice, entry)
    rule = queries.rule_of(shown.notice).objections
    form = ObjectionForm(request.POST or None, request.FILES or None).asking(rule)
    context = {"shown": shown, "notice": shown.notice, "entry": found, "form": form, "rule": rule}
    context["may_object"] = queries.takes_objections(shown)
    if request.method == "POST" and form.is_valid():
        check_rate(request, "objection", most=5, seconds=HOUR)
        try:
            return _taken(request, found, form)
        except GreenwardError as refused:
            form.add_error(None, str(refused))
    return render(request, "certification/object.html", context)


def _taken(request: HttpRequest, entry: NoticeEntry, form: ObjectionForm) -> HttpResponse:
    said = {name: form.cleaned_data[name] for name in ("name", "contact", "reason")}
    objection, code = raise_objection(entry, said, proof=form.attached(), by=None, at=clock.now())
    shown = "-".join(code[n : n + 4] for n in range(0, len(code), 4))
    context = {"entry": entry, "notice": entry.notice, "objection": objection, "code": shown}
    return render(request, "certification/objected.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest) -> HttpResponse:
    """Show an objector the answer, by the receipt code."""
    form, objection = ReceiptForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        check_rate(request, "receipt", most=20, seconds=HOUR)
        try:
            objection = queries.objection_with_receipt(form.cleaned_data["code"])
        except NotFoundError as refused:
            form.add_error("code", str(refused))
    return render(request, "certification/answer.html", {"form": form, "objection": objection})


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Check a certificate by its code, its number, or the record in its square code."""
    form, found = CheckForm(request.GET or None), None
    if form.is_bound and form.is_valid():
        check_rate(request, "check", most=120, seconds=60)
        try:
            found = checked(form.cleaned_data["code"], clock.today())
        except GreenwardError as refused:
            form.add_error("code", str(refused))
    context = {"form": form, "found": found, "keys": published_keys()}
    return render(request, "certification/check.html", context)


@require_safe
def keys(request: HttpRequest) -> JsonResponse:
    """Publish the keys under which certificates are signed, today's first."""
    del request
    rows = [{"name": name, "type": "Ed25519", "public_key": key} for name, key in published_keys().items()]
    return JsonResponse({"keys": rows})


@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Give a title's certificate as PDF."""
    title = title_with_code(code)
    (line,) = lines_of([title], clock.today())
    address = request.build_absolute_uri(reverse("certification:check"))
    return _pdf(certificate_pdf(title, line, address), f"certificate-{title.code}")


@require_safe
def record(request: HttpRequest, code: str) -> HttpResponse:
    """Give a title's signed record as a file."""
    del request
    title: Title = title_with_code(code)
    response = HttpResponse(signed(title).file, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="title-{title.code}.json"'
    return response


def _words(shown: Shown) -> dict[str, str]:
    notice = shown.notice
    asked = "、".join(
        str(ObjectionForm.base_fields[name].label) for name in queries.rule_of(notice).objections.fields
    )
    days = {"n": notice.length, "first": notice.published_on, "last": notice.ends_on}
    period = (
        _("公示期 %(n)s 个工作日：%(first)s 发布，%(last)s 截止。")
        if notice.unit == "working"
        else _("公示期 %(n)s 日：%(first)s 发布，%(last)s 截止。")
    )
    own = _("公示期由本地自定，文件未作规定。") if notice.own_rule else ""
    return {
        "opening": _("经社区申报、推荐和审核，拟将下列 %(n)s 个社区命名为绿色社区，现予公示。")
        % {"n": shown.entries},
        "period": f"{period % days}{own}",
        "objections": _("对名单有异议的，请在公示期内提出，写明：%(fields)s。受理：%(contact)s。")
        % {"fields": asked, "contact": notice.contact},
    }


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response
