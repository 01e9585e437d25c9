"""Pages of the pack browser. The policy is public: whoever is signed in reads all of it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from greenward.packs import access, queries
from greenward.packs.schema.pack import Pack
from greenward.packs.web.pages import Tab, edition_page
from greenward.packs.web.words import duty_row, target_row, told

TABS = (
    Tab("packs:overview", gettext_lazy("目标与职责"), 10),
    Tab("packs:clauses", gettext_lazy("条款"), 20),
    Tab("packs:standard", gettext_lazy("标准"), 30),
    Tab("packs:dictionary", gettext_lazy("字段字典"), 40),
    Tab("packs:forms", gettext_lazy("摸底表"), 50),
    Tab("packs:changes", gettext_lazy("版次变化"), 60),
)
"""The module's own tabs; ``AppConfig.ready`` registers them."""


@login_required
@require_GET
def editions(request: HttpRequest) -> HttpResponse:
    """List the installed editions."""
    return render(
        request,
        "packs/editions.html",
        {
            "editions": queries.listed_editions(),
            "may_write": access.may_write_anywhere(request.user),
        },
    )


@login_required
@require_GET
def overview(request: HttpRequest, pack_id: str, edition: str) -> HttpResponse:
    """Show documents, phases, targets, duties, route and departments."""
    return _page(request, pack_id, edition, "overview")


@login_required
@require_GET
def clauses(request: HttpRequest, pack_id: str, edition: str) -> HttpResponse:
    """Show the clauses word for word; each is its own anchor, such as ``#2.1``."""
    return _page(request, pack_id, edition, "clauses")


@login_required
@require_GET
def standard(request: HttpRequest, pack_id: str, edition: str) -> HttpResponse:
    """Show the standard by area, each item with rule, facts, clause and departments."""
    return _page(request, pack_id, edition, "standard")


@login_required
@require_GET
def forms(request: HttpRequest, pack_id: str, edition: str) -> HttpResponse:
    """Show what the survey asks, and why."""
    return _page(request, pack_id, edition, "forms")


@login_required
@require_GET
def dictionary(request: HttpRequest, pack_id: str, edition: str) -> HttpResponse:
    """Show every field once, by group; ``q`` finds words, ``level`` keeps one level."""
    return _page(request, pack_id, edition, "dictionary")


@login_required
@require_GET
def changes(request: HttpRequest, pack_id: str, edition: str) -> HttpResponse:
    """Show what the edition changed against the one before."""
    return _page(request, pack_id, edition, "changes")


def _page(request: HttpRequest, pack_id: str, edition: str, tab: str) -> HttpResponse:
    """Render one tab of an edition; NotFoundError when it is not installed."""
    installed = queries.installed(pack_id, edition)
    pack = queries.pack(installed)
    context: dict[str, object] = {}
    if tab == "standard":
        context |= {
            "areas": queries.areas_of(pack),
            "supplements": queries.supplements_of(pack),
            "refinements": queries.refinements_of(pack),
        }
    elif tab == "dictionary":
        context |= _found(pack, request)
    elif tab == "forms":
        context["forms"] = queries.forms_of(pack)
    elif tab == "changes":
        context["changes"] = [told(one, pack) for one in queries.changes_since_previous(installed)]
    elif tab == "overview":
        context |= {
            "responsibilities": queries.responsibilities_of(pack),
            "targets": [target_row(target) for target in pack.targets],
            "duties": [duty_row(duty) for duty in pack.duties],
        }
    return edition_page(request, installed, f"packs:{tab}", f"packs/{tab}.html", context)


def _found(pack: Pack, request: HttpRequest) -> dict[str, object]:
    """Return the fields that the address asks for; a level that the pack does not have asks for all."""
    levels, words = queries.levels_of(pack), request.GET.get("q", "").strip()[:100]
    level = request.GET.get("level", "")
    level = level if level in levels else ""
    groups = queries.dictionary_of(pack, words=words, level=level)
    return {
        "groups": groups,
        "found": sum(len(group.fields) for group in groups),
        "levels": levels,
        "level": level,
        "words": words,
    }
