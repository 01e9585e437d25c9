"""A draft's files as text: reading, writing, and the check while somebody types."""

import difflib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from greenward.core import clock
from greenward.core.errors import GreenwardError
from greenward.packs import actions, queries
from greenward.packs.actions import DraftChangedError
from greenward.packs.models import Draft
from greenward.packs.web.drafts import person
from greenward.packs.web.pages import draft_page

TAB = "packs:draft_files"


@login_required
@require_GET
def files(request: HttpRequest, number: int) -> HttpResponse:
    """List a draft's files with the number of faults in each."""
    draft = queries.draft_for(request.user, number)
    checked = queries.checked(draft)
    faults: dict[str, int] = {}
    for one in checked.problems:
        faults[one.problem.file] = faults.get(one.problem.file, 0) + 1
    listed = [(file, faults.get(file.path, 0)) for file in draft.files.defer("text")]
    return draft_page(request, draft, TAB, "packs/draft_files.html", {"files": listed})


@login_required
@require_http_methods(["GET", "POST"])
def file(request: HttpRequest, number: int, path: str) -> HttpResponse:
    """Show a file's text to be edited; POST saves it, and whoever comes second keeps what they typed."""
    draft = queries.draft_for(request.user, number)
    found = queries.file_of(draft, path)
    if request.method == "GET":
        return _editor(request, draft, path, found.text, found.version)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    seen = int(request.POST.get("seen") or 0)
    try:
        actions.edit(
            draft, path, text, seen=seen, note=request.POST.get("note", "")[:200],
            by=person(request), at=clock.now(),
        )  # fmt: skip
    except DraftChangedError as error:
        return _editor(request, draft, path, text, found.version, error=error, theirs=found.text)
    except GreenwardError as error:
        return _editor(request, draft, path, text, seen, error=error)
    messages.success(request, _("{path} 已保存。").format(path=path))
    return redirect("packs:draft_file", number, path)


def _editor(
    request: HttpRequest,
    draft: Draft,
    path: str,
    text: str,
    seen: int,
    *,
    error: GreenwardError | None = None,
    theirs: str | None = None,
) -> HttpResponse:
    lines = [] if theirs is None else list(difflib.unified_diff(
        text.splitlines(), theirs.splitlines(), _("您的"), _("对方的"), lineterm="", n=2
    ))  # fmt: skip
    context = {
        "path": path,
        "text": text,
        "seen": seen,
        "error": error,
        "difference": "\n".join(lines),
        "problems": _problems(draft, path, text),
        "failing": (),
    }
    return draft_page(request, draft, TAB, "packs/draft_file.html", context, error.status if error else 200)


def _problems(draft: Draft, path: str, text: str) -> list[queries.Placed]:
    """Return the faults of the file first, then those that it causes elsewhere."""
    found = queries.checked(draft, instead={path: text}).problems
    return sorted(found, key=lambda one: one.problem.file != path)


@login_required
@require_POST
def check(request: HttpRequest, number: int, path: str) -> HttpResponse:
    """Check the text as it is being typed; nothing is saved."""
    draft = queries.draft_for(request.user, number)
    queries.file_of(draft, path)
    text = request.POST.get("text", "").replace("\r\n", "\n")
    problems = _problems(draft, path, text)
    context = {"problems": problems, "path": path, "draft": draft, "failing": ()}
    return render(request, "packs/draft_problems.html", context)


@login_required
@require_POST
def add(request: HttpRequest, number: int) -> HttpResponse:
    """Add a file, such as another case; it begins as a comment to be replaced."""
    draft = queries.draft_for(request.user, number)
    path = request.POST.get("path", "").strip()
    try:
        actions.edit(draft, path, f"# {path}\n", seen=None, by=person(request), at=clock.now())
    except GreenwardError as error:
        messages.error(request, str(error))
        return redirect(TAB, number)
    return redirect("packs:draft_file", number, path)


@login_required
@require_POST
def remove(request: HttpRequest, number: int, path: str) -> HttpResponse:
    """Take a file out of a draft; its text stays in the history."""
    draft = queries.draft_for(request.user, number)
    try:
        actions.remove(
            draft, path, seen=int(request.POST.get("seen") or 0), by=person(request), at=clock.now()
        )
    except GreenwardError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("{path} 已删去。").format(path=path))
    return redirect(TAB, number)
