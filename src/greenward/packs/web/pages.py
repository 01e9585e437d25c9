"""The frames of an edition's and of a draft's pages: tabs, to which higher modules add theirs, breadcrumb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from greenward.packs import access, queries
from greenward.packs.models import Draft, InstalledPack
from greenward.packs.states import EDITABLE


@dataclass(frozen=True)
class Step:
    """One step of the breadcrumb; the last one leads nowhere."""

    label: str
    url: str = ""


def always(request: HttpRequest) -> bool:  # noqa: ARG001 - the shape of every ``visible``
    """Show a tab to everybody who is signed in: the policy is public."""
    return True


@dataclass(frozen=True)
class Tab:
    """A tab: URL name, label, order (small first), who sees it, and whose pages it belongs to.

    The URL takes pack and edition for an edition's tab, the draft's number for a draft's.
    """

    url_name: str
    label: StrOrPromise
    order: int
    visible: Callable[[HttpRequest], bool] = always
    of: Literal["edition", "draft"] = "edition"


_tabs: dict[str, Tab] = {}


def register(tab: Tab) -> None:
    """Add a tab, in a higher module's ``AppConfig.ready``; the same URL name again replaces it."""
    _tabs[tab.url_name] = tab


def tabs_for(request: HttpRequest, of: str, *where: object) -> list[tuple[str, StrOrPromise, str]]:
    """Return URL name, label and address of every tab that the asker sees, in order."""
    seen = [tab for tab in _tabs.values() if tab.of == of and tab.visible(request)]
    return [
        (tab.url_name, tab.label, reverse(tab.url_name, args=where))
        for tab in sorted(seen, key=lambda tab: tab.order)
    ]


def edition_page(
    request: HttpRequest,
    edition: InstalledPack,
    tab: str,
    template: str,
    context: Mapping[str, object] = {},
) -> HttpResponse:
    """Render one tab of an edition; ``template`` extends ``packs/edition.html`` and fills its block ``part``.

    ``tab`` is the tab's URL name; ``context`` joins ``edition``, ``pack``, ``tab``, ``tabs`` and ``trail``.
    """
    pack = queries.pack(edition)
    frame = {
        "edition": edition,
        "pack": pack,
        "tab": tab,
        "tabs": tabs_for(request, "edition", edition.pack_id, edition.edition),
        "trail": [Step(_("政策与标准"), reverse("packs:editions")), Step(str(pack.manifest.title))],
    }
    return render(request, template, {**frame, **context})


def draft_page(  # noqa: PLR0917 - as Django's render
    request: HttpRequest,
    draft: Draft,
    tab: str,
    template: str,
    context: Mapping[str, object] = {},
    status: int = 200,
) -> HttpResponse:
    """Render one tab of a draft; ``template`` extends ``packs/draft.html`` and fills its block ``part``.

    ``context`` joins ``draft``, ``tab``, ``tabs``, ``trail`` and ``may_edit``.
    """
    frame = {
        "draft": draft,
        "tab": tab,
        "tabs": tabs_for(request, "draft", draft.pk),
        "trail": [
            Step(_("政策与标准"), reverse("packs:editions")),
            Step(_("草稿"), reverse("packs:drafts")),
            Step(draft.title),
        ],
        "may_edit": draft.state in EDITABLE,
        "is_author": access.is_author(request.user, draft),
    }
    return render(request, template, {**frame, **context}, status=status)
