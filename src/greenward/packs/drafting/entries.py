"""Entries of a file by their names, such as item 3 of the standard: found, marked, rewritten."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from greenward.packs.diff import NAMES
from greenward.packs.drafting import splicing
from greenward.packs.loader.nodes import Path

Names = tuple[str, ...]


def place_of(data: Any, names: Names) -> Path | None:
    """Return the path of the part that names (keys, names of entries) lead to; None where there is none."""
    path: list[str | int] = []
    for name in names:
        step = _step(data, name)
        if step is None:
            return None
        path.append(step)
        data = data[step]
    return tuple(path)


def names_of(data: Any, path: Path) -> Names:
    """Return a path with the entries of lists by their names, which stay when others come before them."""
    names: list[str] = []
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            break
        names.append(_name(data) or str(step) if isinstance(step, int) else str(step))
    return tuple(names)


def at(data: Any, path: Path) -> Any:
    """Return what stands at a path that exists."""
    for step in path:
        data = data[step]
    return data


def mark_of(data: object) -> str:
    """Return a short mark that changes whenever the data do."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def rewritten(text: str, file: str, names: Names, place: Path | None, data: Mapping[str, Any] | None) -> str:
    """Return the file's text with one entry written anew, added to its list, or taken out (None)."""
    if place is not None and data is not None:
        return splicing.replaced(text, file, place, dict(data))
    whole = splicing.data_of(text, file)
    above = place_of(whole, names[:-1])
    if above is None:
        return splicing.set_key(
            text, file, (*(place_of(whole, names[:-2]) or ()), names[-2]), [dict(data or {})]
        )
    if data is not None:
        return splicing.added(text, file, above, dict(data))
    if place is None:
        return text
    left = [each for number, each in enumerate(at(whole, above)) if number != place[-1]]
    return splicing.replaced(text, file, above, left)


def _step(data: Any, name: str) -> str | int | None:
    if isinstance(data, dict):
        return name if name in data else None
    if isinstance(data, list):
        return next((number for number, each in enumerate(data) if _name(each) == name), None)
    return None


def _name(entry: Any) -> str:
    if isinstance(entry, dict):
        for key in NAMES:
            if isinstance(entry.get(key), str):
                return str(entry[key])
    return ""
