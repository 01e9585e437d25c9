"""What changed from one edition of a pack to the next, by item, target, clause."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from greenward.packs.loader.loading import content
from greenward.packs.schema.pack import Pack

Data = dict[str, Any]
NAMES = ("id", "slug", "area", "value")
"""The keys that name an entry of a list, in order of preference."""
Key = tuple[str, str | None, str]
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
    """Return every difference between two packs; order of entries with names does not count.

    What a field of the dictionary is, is told under ``dictionary``; a form that asks it tells only that it
    asks it, whether it must be answered, and when. A field that only one of the packs has in its dictionary
    is compared whole, under the form, when the other one's form has it as its own.
    """
    before, after = content(old), content(new)
    return list(_compare((), _told_once(before, _own_fields(after)), _told_once(after, _own_fields(before))))


def _told_once(data: Data, compared_whole: set[Key]) -> Data:
    """Return a pack's data with every form's fields of the dictionary cut down to what the form decides."""
    known = _defined(data) - compared_whole
    forms = [
        form | {"sections": [_cut_down(section, form, known) for section in form["sections"]]}
        for form in data.get("forms", ())
    ]
    return data | {"forms": forms}


def _cut_down(section: Data, form: Data, known: set[Key]) -> Data:
    fields = [
        {key: field[key] for key in ("id", "required", "when") if key in field}
        if (form["level"], form.get("sort"), field["id"]) in known
        else field
        for field in section.get("fields", ())
    ]
    return section | {"fields": fields}


def _own_fields(data: Data) -> set[Key]:
    """Return the fields that forms have outside the dictionary, by level, sort and name."""
    asked = {
        (form["level"], form.get("sort"), field["id"])
        for form in data.get("forms", ())
        for section in form["sections"]
        for field in section.get("fields", ())
    }
    return asked - _defined(data)


def _defined(data: Data) -> set[Key]:
    """Return the fields of the dictionary."""
    return {
        (group["level"], group.get("sort"), field["id"])
        for group in data.get("dictionary", ())
        for field in group["fields"]
    }


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
        for key in ("title", "label", "name", "message", "text", "zh", "id"):
            if key in value:
                return _words(value[key])
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)
