"""What changed from one edition of a pack to the next, by item, target, clause."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from greenward.packs.loader.loading import content
from greenward.packs.schema.pack import Pack

NAMES = ("id", "slug", "area", "value")
"""The keys that name an entry of a list, in order of preference."""
SIGNS = {"added": "+", "removed": "-", "changed": "~"}


@dataclass(frozen=True)
class Change:
    """One difference: where, and the old and the new value (None where there was or is none)."""

    path: tuple[str, ...]
    old: Any
    new: Any

    @property
    def kind(self) -> Literal["added", "removed", "changed"]:
        """What happened."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"

    @property
    def place(self) -> str:
        """Where in the pack, such as `standard/items/12/rule`."""
        return "/".join(self.path)

    @property
    def old_text(self) -> str:
        """The old value in words."""
        return _words(self.old)

    @property
    def new_text(self) -> str:
        """The new value in words."""
        return _words(self.new)

    def __str__(self) -> str:
        values = " → ".join(text for text in (self.old_text, self.new_text) if text)
        return f"{SIGNS[self.kind]} {self.place}: {values}"

    def as_dict(self) -> dict[str, Any]:
        """Return the change as plain data."""
        return {"path": self.place, "kind": self.kind, "old": self.old, "new": self.new}


def compare(old: Pack, new: Pack) -> list[Change]:
    """Return every difference between two packs; order of entries with names does not count."""
    return list(_compare((), content(old), content(new)))


def _compare(path: tuple[str, ...], old: Any, new: Any) -> Iterator[Change]:
    old, new = _by_name(old), _by_name(new)
    if not (isinstance(old, dict) and isinstance(new, dict)):
        if old != new:
            yield Change(path, old, new)
        return
    for key in (*old, *(key for key in new if key not in old)):
        if key in old and key in new:
            yield from _compare((*path, key), old[key], new[key])
        else:
            yield Change((*path, key), old.get(key), new.get(key))


def _by_name(value: Any) -> Any:
    """Return a list of named entries as a mapping by name; anything else as it is."""
    if not (isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value)):
        return value
    for key in NAMES:
        names = [entry.get(key) for entry in value]
        if all(isinstance(name, str) for name in names) and len(set(names)) == len(names):
            return dict(zip(names, value, strict=True))
    return value


def _words(value: Any) -> str:
    if isinstance(value, dict):
        for key in ("title", "label", "name", "text", "zh"):
            if key in value:
                return _words(value[key])
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
