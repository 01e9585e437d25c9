"""Kinds of daily work whose records may serve as evidence. Modules register theirs when Django starts.

Nothing is made for the sake of a file: a module that holds one anyway (an answer's attachment, minutes, an
acceptance) files it as it writes its record (``actions.file_record``), and it is offered before anybody is
asked to hand something in.
"""

from django_stubs_ext import StrOrPromise

_kinds: dict[str, StrOrPromise] = {}


def register(slug: str, label: StrOrPromise) -> None:
    """Add a kind of work; the same slug again replaces it."""
    _kinds[slug] = label


def label_of(slug: str) -> StrOrPromise:
    """Return what a kind of work is called; KeyError for one that no module registered."""
    return _kinds[slug]
