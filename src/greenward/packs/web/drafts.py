"""Drafts of editions in the browser: the list, beginning one, what checking finds, and the moves."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from greenward.accounts.models import User
from greenward.core import clock
from greenward.core.errors import GreenwardError, NotFoundError
from greenward.packs import access, actions, queries
from greenward.packs.models import Draft, InstalledPack
from greenward.packs.web.pages import Tab, draft_page
from greenward.packs.web.words import told

TABS = (
    Tab("packs:draft", gettext_lazy("检查与复核"), 10, of="draft"),
    Tab("packs:draft_items", gettext_lazy("逐项修改"), 20, of="draft"),
    Tab("packs:draft_files", gettext_lazy("文件"), 30, of="draft"),
    Tab("packs:draft_changes", gettext_lazy("与原版次相比"), 40, of="draft"),
    Tab("packs:draft_history", gettext_lazy("改动记录"), 60, of="draft"),
)
"""The module's own tabs of a draft; ``AppConfig.ready`` registers them."""
MOVES: dict[str, Callable[..., Any]] = {
    "submit": actions.submit,
    "recall": actions.recall,
    "send_back": actions.send_back,
    "publish": actions.publish,
    "withdraw": actions.withdraw,
}


def person(request: HttpRequest) -> User:
    """Return who asks; every view here asks for sign-in first."""
    if not isinstance(request.user, User):
        raise NotFoundError(_("请先登录。"))
    return request.user


@login_required
@require_GET
def drafts(request: HttpRequest) -> HttpResponse:
    """List the drafts within reach, with the ways to begin another; 404 for who may write none."""
    _check_writes(request)
    context = {
        "drafts": queries.drafts_for(request.user),
        "bases": [one for one in queries.listed_editions() if _may_begin(request, one.edition)],
    }
    return render(request, "packs/drafts.html", context)


def _check_writes(request: HttpRequest) -> None:
    if not access.may_write_anywhere(request.user):
        raise NotFoundError(_("没有找到这个页面。"), hint=_("草稿由有权安装方案包的人编写。"))


def _may_begin(request: HttpRequest, edition: InstalledPack) -> bool:
    return access.may_write(request.user, queries.pack(edition).manifest.territory)


@login_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a draft from an installed edition, named ``pack/edition``."""
    _check_writes(request)
    pack_id, _slash, edition = request.POST.get("base", "").partition("/")
    base = queries.installed(pack_id, edition)
    try:
        draft = actions.begin(base, title=request.POST.get("title", ""), by=person(request), at=clock.now())
    except GreenwardError as error:
        messages.error(request, str(error))
        return redirect("packs:drafts")
    messages.success(request, _("草稿已建立；改好以后提交，由另一位同事复核发布。"))
    return redirect("packs:draft", draft.pk)


@login_required
@require_GET
def draft(request: HttpRequest, number: int) -> HttpResponse:
    """Show what is wrong with a draft, how its cases come out, and what can be done with it."""
    found = queries.draft_for(request.user, number)
    checked = queries.checked(found)
    context = {
        "checked": checked,
        "version": _standard_version(found),
        "others": [one for one in checked.problems if one.problem.code != "case_failed"],
        "failing": [one for one in checked.outcomes if not one.agrees],
        "verbs": {verb: access.can(found, verb) for verb in MOVES},
    }
    return draft_page(request, found, "packs:draft", "packs/draft_check.html", context)


def _standard_version(found: Draft) -> int:
    versions = found.files.filter(path="standard.yaml").values_list("version", flat=True)
    return versions.first() or 0


@login_required
@require_GET
def changes(request: HttpRequest, number: int) -> HttpResponse:
    """Show what a draft changes against the edition it began from."""
    found = queries.draft_for(request.user, number)
    checked = queries.checked(found)
    listed = queries.changes_against_base(found, checked.pack) if checked.pack else []
    context = {"checked": checked, "changes": [told(one, checked.pack) for one in listed]}
    return draft_page(request, found, "packs:draft_changes", "packs/draft_changes.html", context)


@login_required
@require_GET
def history(request: HttpRequest, number: int) -> HttpResponse:
    """Show who changed what, and when."""
    found = queries.draft_for(request.user, number)
    context = {"history": queries.history_of(found)}
    return draft_page(request, found, "packs:draft_history", "packs/draft_history.html", context)


@login_required
@require_POST
def settle(request: HttpRequest, number: int) -> HttpResponse:
    """Record how an inconsistency is to be read, with a note in both languages."""
    found = queries.draft_for(request.user, number)
    names = tuple(part for part in request.POST.get("names", "").split("/") if part)
    try:
        actions.settle(
            found,
            names,
            takes=request.POST.get("takes", ""),
            note={"zh": request.POST.get("zh", ""), "en": request.POST.get("en", "")},
            seen=int(request.POST.get("seen") or 0),
            by=person(request),
            at=clock.now(),
        )
    except GreenwardError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("已记下按哪个理解和理由。"))
    return redirect("packs:draft", number)


@login_required
@require_POST
def move(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """Submit, take back, send back, publish or withdraw a draft."""
    found = queries.draft_for(request.user, number)
    if verb not in MOVES:
        raise NotFoundError(_("没有这个操作。"))
    given = {"reason": request.POST.get("reason", "")} if verb == "send_back" else {}
    try:
        MOVES[verb](found, **given, by=person(request), at=clock.now())
    except GreenwardError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, DONE[verb]())
    return redirect("packs:draft", number)


DONE: dict[str, Callable[[], str]] = {
    "submit": lambda: _("已提交，等另一位同事复核。"),
    "recall": lambda: _("已撤回，可以继续修改。"),
    "send_back": lambda: _("已退回编写人。"),
    "publish": lambda: _("已发布为新版次。它还没有施行；施行日由方案的施行操作决定。"),
    "withdraw": lambda: _("已作废；内容仍可查看。"),
}
