"""Conditions that a browser can decide by itself: plain comparisons of the form's fields, joined by "and"."""

import re
from functools import lru_cache

Comparison = tuple[str, str, bool | float | str]
"""Field, sign, and the value that it is compared with."""

PLAIN = re.compile(r"(?P<not>!)?\s*(?P<field>[a-z][a-z0-9_]*)")
COMPARED = re.compile(
    r"(?P<field>[a-z][a-z0-9_]*)\s*(?P<sign>==|!=|<=|>=|<|>)\s*"
    r"(?:(?P<number>-?\d+(?:\.\d+)?)|'(?P<text>[^'\\\"]*)'|(?P<word>true|false))"
)
SIGNS_OF_WORDS = {"==", "!="}


@lru_cache(maxsize=4096)
def comparisons(rule: str) -> tuple[Comparison, ...] | None:
    """Return the comparisons that must all hold; None where the rule is more than that.

    They mean the same there as in the rule engine: where a value is unknown, the comparison does not fail.
    """
    found = [_comparison(part.strip()) for part in rule.split("&&")]
    return None if None in found else tuple(one for one in found if one is not None)


def _comparison(part: str) -> Comparison | None:
    if part in {"true", "false", "as_of"}:
        return None
    if (plain := PLAIN.fullmatch(part)) is not None:
        return plain["field"], "==", plain["not"] is None
    compared = COMPARED.fullmatch(part)
    if compared is None:
        return None
    value: bool | float | str
    if compared["number"] is not None:
        value = float(compared["number"])
    elif compared["sign"] not in SIGNS_OF_WORDS:
        return None
    else:
        value = compared["text"] if compared["word"] is None else compared["word"] == "true"
    return compared["field"], compared["sign"], value
