"""Canonical JSON: the same data always gives the same bytes, so that a digest or signature means something.

Members sorted by name, no blanks, UTF-8 without escapes: RFC 8785 for data without fractions, which is all
that we sign; a float is refused, for its spelling differs between languages.
"""

import hashlib
import json
from collections.abc import Mapping

Plain = Mapping[str, object]


def canonical(data: Plain) -> bytes:
    """Return the canonical bytes of plain JSON data; TypeError for a float or anything JSON has not."""
    _check(data)
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode()


def digest(data: Plain) -> str:
    """Return the SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(data)).hexdigest()


def _check(value: object) -> None:
    if isinstance(value, float):
        raise TypeError(f"{value!r}: write a fraction as text, for floats are spelt in many ways")
    if isinstance(value, Mapping):
        for one in value.values():
            _check(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _check(one)
