"""The pages of a community's file, one tab each. Modules register theirs when Django starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class FilePage:
    """A page about one community: slug, label, the name of its address (which takes the code), its order.

    ``parameters`` join the address.
    """

    slug: str
    label: StrOrPromise
    url_name: str
    order: int
    parameters: Mapping[str, str] = field(default_factory=dict)


_pages: dict[str, FilePage] = {}


def register(page: FilePage) -> None:
    """Add a page; the same slug again replaces it."""
    _pages[page.slug] = page


def file_pages() -> list[FilePage]:
    """Return the pages in order."""
    return sorted(_pages.values(), key=lambda page: page.order)
