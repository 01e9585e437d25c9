"""The frame of an edition's pages: its tabs, to which higher modules add theirs, and the breadcrumb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from greenward.packs import queries
from greenward.packs.models import InstalledPack


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
    """A tab: URL name (taking pack and edition), label, order (small first), and who sees it."""

    url_name: str
    label: StrOrPromise
    order: int
    visible: Callable[[HttpRequest], bool] = always


_tabs: dict[str, Tab] = {}


def register(tab: Tab) -> None:
    """Add a tab, in a higher module's ``AppConfig.ready``; the same URL name again replaces it."""
    _tabs[tab.url_name] = tab


def tabs_for(request: HttpRequest, edition: InstalledPack) -> list[tuple[str, StrOrPromise, str]]:
    """Return URL name, label and address of every tab that the asker sees, in order."""
    seen = sorted((tab for tab in _tabs.values() if tab.visible(request)), key=lambda tab: tab.order)
    where = [edition.pack_id, edition.edition]
    return [(tab.url_name, tab.label, reverse(tab.url_name, args=where)) for tab in seen]


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
        "tabs": tabs_for(request, edition),
        "trail": [Step(_("政策与标准"), reverse("packs:editions")), Step(str(pack.manifest.title))],
    }
    return render(request, template, {**frame, **context})
