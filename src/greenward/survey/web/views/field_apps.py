"""Field apps: a form to take there as XLSForm, and what they collected back in."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import GreenwardError, InvalidInputError, NotAllowedError
from greenward.survey import access, queries
from greenward.survey.actions.exports import take_xlsform
from greenward.survey.actions.submissions import Outcome, Taken, record_submissions
from greenward.survey.exports.chosen import home_of
from greenward.survey.exports.formats import EXCEL
from greenward.survey.models import Round
from greenward.survey.workbooks.opening import FROM_BROWSER
from greenward.survey.xlsform.reading import read_file
from greenward.territories.queries import get_place_for

WORDS: dict[Outcome, Callable[[], str]] = {
    Outcome.RECORDED: lambda: _("已记录"),
    Outcome.UNCHANGED: lambda: _("没有变化"),
    Outcome.REPEATED: lambda: _("以前已收到"),
    Outcome.REFUSED: lambda: _("未收下"),
}


@login_required
@require_safe
def xlsform(request: HttpRequest, code: str, form: str) -> HttpResponse:
    """Give a form of the round as XLSForm, with the places that the person may survey below ``place``."""
    held = queries.get_round(code)
    day, place = clock.today(), request.GET.get("place", "")
    under = get_place_for(request.user, place, on=day) if place else home_of(request.user, day)
    made = take_xlsform(held, form, under, by=_person(request), at=clock.now())
    response = HttpResponse(made.content, content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{made.form_id}-{held.code}.xlsx"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def submissions(request: HttpRequest, code: str) -> HttpResponse:
    """Take what field apps collected, and tell what became of each submission."""
    held = queries.get_round(code)
    access.check_may_import(_person(request))
    context: dict[str, object] = {"round": held, "forms": list(queries.forms_of(held).values())}
    if request.method != "POST":
        return render(request, "survey/submissions.html", context)
    context["form_id"] = form_id = request.POST.get("form", "")
    try:
        done = _done(request, held, form_id)
    except GreenwardError as error:
        context["error"] = error
        return render(request, "survey/submissions.html", context, status=error.status)
    context["counts"] = [
        (say(), sum(one.outcome == outcome for one in done)) for outcome, say in WORDS.items()
    ]
    context["rows"] = [(one, WORDS[one.outcome]()) for one in sorted(done, key=_refused_first)]
    return render(request, "survey/submissions.html", context)


def _done(request: HttpRequest, held: Round, form_id: str) -> list[Taken]:
    form = queries.form_of(held, form_id)
    sent = request.FILES.get("file")
    if sent is None:
        raise InvalidInputError(_("没有选择文件。"), hint=_("请选择从 ODK 或 Kobo 导出的文件。"))
    content = sent.read(FROM_BROWSER.packed + 1)
    found = read_file(sent.name or "", content, form)
    return record_submissions(held, form_id, found, by=_person(request), at=clock.now())


def _refused_first(one: Taken) -> bool:
    return one.outcome != Outcome.REFUSED


def _person(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise NotAllowedError(_("请先登录。"))
    return request.user
