"""The facts that a standard may name, among the pages of an edition and of a draft."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from greenward.assessment.queries.catalogue import catalogue_of, sources_of
from greenward.core.errors import ConflictError
from greenward.packs import queries as packs
from greenward.packs.schema.pack import Pack
from greenward.packs.web.pages import Tab, draft_page, edition_page

TABS = (
    Tab("assessment:facts", gettext_lazy("可用事实"), 45),
    Tab("assessment:draft_facts", gettext_lazy("可用事实"), 45, of="draft"),
)
"""The tabs that the assessment adds to the pages of packs; ``AppConfig.ready`` registers them."""
TEMPLATE = "assessment/facts.html"


@login_required
@require_GET
def facts(request: HttpRequest, pack_id: str, edition: str) -> HttpResponse:
    """List the facts of an installed edition."""
    of = packs.installed(pack_id, edition)
    context = {**_listed(request, packs.pack(of)), "frame": "packs/edition.html", "edition_of_items": of}
    return edition_page(request, of, "assessment:facts", TEMPLATE, context)


@login_required
@require_GET
def draft_facts(request: HttpRequest, number: int) -> HttpResponse:
    """List the facts of a draft as it stands."""
    of = packs.draft_for(request.user, number)
    found = packs.checked(of).pack
    if found is None:
        raise ConflictError(
            _("草稿还有读不通的地方，列不出事实。"), hint=_("请先在“检查与复核”里改正。"), draft=number
        )
    context = {**_listed(request, found), "frame": "packs/draft.html"}
    return draft_page(request, of, "assessment:draft_facts", TEMPLATE, context)


def _listed(request: HttpRequest, pack: Pack) -> dict[str, object]:
    words, sources = request.GET.get("q", "").strip()[:100], sources_of(pack)
    source = request.GET.get("source", "")
    source = source if source in dict(sources) else ""
    return {
        "rows": catalogue_of(pack, words=words, source=source),
        "words": words,
        "source": source,
        "sources": sources,
    }
