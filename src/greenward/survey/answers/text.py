"""Bringing what people write to one spelling: full-width signs, spaces, words for "we do not know"."""

import unicodedata

UNKNOWN = frozenset(
    {"", "-", "--", "—", "——", "/", "\\", "未知", "不详", "不清楚", "暂无数据", "n/a", "na", "null"}
)
"""Spellings of "no answer": a blank cell in words. Never zero, never no."""


def plain(text: str) -> str:
    """Return ``text`` with full-width signs made half-width and the outer space gone."""
    return unicodedata.normalize("NFKC", text).replace("\u200b", "").replace("\ufeff", "").strip()


def is_unknown(text: str) -> bool:
    """Tell whether ``text`` (already plain) says that there is no answer."""
    return text.lower() in UNKNOWN
