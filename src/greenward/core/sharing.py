"""Reading the same thing once for one page: it is shared until the page is answered, then forgotten.

Only where nothing is written meanwhile: the middleware begins it for GET and HEAD, to-dos for themselves.
"""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")
_read: ContextVar[dict[Hashable, Any] | None] = ContextVar("shared_reading", default=None)


@contextmanager
def reading() -> Iterator[None]:
    """Share what is read within the block; a block within another belongs to it."""
    if _read.get() is not None:
        yield
        return
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def shared(key: Hashable, read: Callable[[], T]) -> T:
    """Return what ``key`` names, read at most once within :func:`reading`, anew each time outside of it."""
    kept = _read.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: T = kept[key]
    return found
