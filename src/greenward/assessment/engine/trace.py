"""How a value came about: the tree of a rule's parts, each with its value."""

from collections.abc import Iterator
from dataclasses import dataclass

from greenward.assessment.engine.meaning import Bounds, Known, Why
from greenward.assessment.engine.tree import Node


@dataclass(frozen=True, slots=True)
class Trace:
    """A node with its value; `why` says why it is unknown, where it became so.

    `missing` are the facts whose absence keeps the value unknown, in the order of the text. `ends` are the
    least and the greatest that an open number can still be.
    """

    node: Node
    text: str
    value: Known | None
    parts: tuple["Trace", ...] = ()
    missing: tuple[str, ...] = ()
    why: Why | None = None
    ends: Bounds | None = None


def walk(trace: Trace) -> Iterator[Trace]:
    """Yield a value and all that it came from, in the order of the text."""
    yield trace
    for part in trace.parts:
        yield from walk(part)
