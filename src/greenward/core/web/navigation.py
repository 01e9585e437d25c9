"""The main navigation. Modules register their entries when Django starts (``AppConfig.ready``)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Entry:
    """An entry: label, URL name, order (small first), and who sees it."""

    label: StrOrPromise
    url_name: str
    order: int
    visible: Callable[[HttpRequest], bool]

    @cached_property
    def url(self) -> str:
        """Return the entry's address; it stays the same while the process runs."""
        return reverse(self.url_name)


_entries: dict[str, Entry] = {}


def register(entry: Entry) -> None:
    """Add an entry; the same URL name again replaces it."""
    _entries[entry.url_name] = entry


def entries_for(request: HttpRequest) -> list[Entry]:
    """Return the entries that the asker sees, in order."""
    return sorted((e for e in _entries.values() if e.visible(request)), key=lambda e: e.order)


def signed_in(request: HttpRequest) -> bool:
    """Tell whether somebody is signed in: the usual ``visible``."""
    return bool(getattr(request, "user", None) and request.user.is_authenticated)
