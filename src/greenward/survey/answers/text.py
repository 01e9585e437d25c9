"""Bringing what people write to one spelling: full-width signs, spaces, words for "we do not know"."""

import re
import unicodedata

UNKNOWN = frozenset(
    {
        "",
        "-",
        "--",
        "—",
        "——",
        "/",
        "\\",
        "未知",
        "不详",
        "不清楚",
        "暂无数据",
        "n/a",
        "na",
        "null",
        "none",
        "nan",
        "-nan",
        "<na>",
        "#na",
        "1.#ind",
        "-1.#ind",
        "1.#qnan",
        "-1.#qnan",
    }
)
"""Spellings of "no answer": a blank cell in words. Never zero, never no."""

BROKEN = frozenset(
    {"#div/0!", "#n/a", "#name?", "#null!", "#num!", "#ref!", "#value!", "#spill!", "#calc!", "#getting_data"}
)
"""What Excel shows where a formula fails: never an answer, and never none."""

CONTROLS = r"[\x00-\x09\x0b-\x1f\x7f\u200b\ufeff]"
"""Characters that nobody means to write."""


def plain(text: str) -> str:
    """Return ``text`` with full-width signs made half-width and the outer space gone."""
    return unicodedata.normalize("NFKC", text).strip()


def without_controls(text: str) -> str:
    """Return ``text`` without control and zero-width characters (line ends stay) and outer space."""
    return re.sub(CONTROLS, "", text).strip()


def is_unknown(text: str) -> bool:
    """Tell whether ``text`` (already plain) says that there is no answer."""
    return text.lower() in UNKNOWN
