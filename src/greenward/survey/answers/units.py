"""Units as people write them, and how many of one make another."""

from decimal import Decimal

from greenward.survey.answers.text import plain

PREFIXES = {
    "百": Decimal(100), "千": Decimal(1000), "万": Decimal(10_000), "十万": Decimal(100_000),
    "百万": Decimal(1_000_000), "千万": Decimal(10_000_000), "亿": Decimal(100_000_000),
}  # fmt: skip
"""What may stand before any unit, or alone: 万人, 亿元, （万）."""
SCALES: dict[str, dict[str, Decimal]] = {
    "area": {
        "平方米 平米 平方 m2 sqm ㎡ 平": Decimal(1),
        "亩": Decimal(2000) / Decimal(3),
        "公顷 ha hm2": Decimal(10_000),
        "平方公里 平方千米 km2": Decimal(1_000_000),
    },
    "length": {
        "米 m 延米": Decimal(1),
        "公里 千米 km": Decimal(1000),
        "厘米 cm": Decimal("0.01"),
        "毫米 mm": Decimal("0.001"),
    },
    "volume": {"立方米 立方 m3 方": Decimal(1), "升 l": Decimal("0.001")},
    "weight": {
        "千克 公斤 kg": Decimal(1),
        "吨 t": Decimal(1000),
        "克 g": Decimal("0.001"),
        "斤": Decimal("0.5"),
    },
    "money": {"元 圆 人民币元 rmb": Decimal(1)},
    "power": {"千瓦 kw": Decimal(1), "瓦 w": Decimal("0.001"), "兆瓦 mw": Decimal(1000)},
    "energy": {"千瓦时 度 kwh": Decimal(1)},
    "noise": {"分贝 db db(a)": Decimal(1)},
    "share": {"%": Decimal(1), "‰": Decimal("0.1")},
    "time": {"小时 h 时": Decimal(1), "分钟 min": Decimal(1) / Decimal(60)},
    "days": {"天 日": Decimal(1)},
    "months": {"月 个月": Decimal(1)},
    "years": {"年": Decimal(1), "岁 周岁": Decimal(1)},
    "households": {"户": Decimal(1)},
    "people": {"人 名 位 口 人数": Decimal(1)},
    "things": {
        "个 处 座 栋 幢 楼 部 台 套 条 根 盏 株 棵 件 起 项 次 场 期 块 辆 家 组 支 只 份 张 间 所 片 对 段"
        " 册 篇 例 人次 车位 站 点 层 单元 门 户次 宗 批": Decimal(1)
    },
}  # fmt: skip
"""By kind of quantity: spellings → how many of the kind's own unit. Words of counting are one kind."""
COUNTED = frozenset({"households", "people", "things"})
"""Kinds that 个 counts."""
_KNOWN = {
    word: (kind, many)
    for kind, scale in SCALES.items()
    for words, many in scale.items()
    for word in words.split()
}


def spelt(text: str) -> str:
    """Return a unit's one spelling: half-width, small letters, no spaces; ㎡ and m² are m2."""
    return "".join(plain(text).lower().split())


def is_magnitude(text: str) -> bool:
    """Tell whether ``text`` says how many without saying of what: 万, 亿."""
    return spelt(text) in PREFIXES


def is_unit(text: str) -> bool:
    """Tell whether ``text`` is a unit that this table knows, with or without 万 before it."""
    return is_magnitude(text) or _kind(spelt(text)) is not None


def in_terms_of(written: str, unit: str | None) -> Decimal | None:
    """Return how many of ``unit`` (a field's, None for a bare number) one of ``written`` is.

    公顷 in 平方米 is 10000. None where they do not measure the same, or ``written`` is no unit we know.
    """
    said = spelt(written)
    if said in PREFIXES:
        return PREFIXES[said]
    own = spelt(unit) if unit else ""
    if said == own:
        return Decimal(1)
    if said == "个" and own and (kind := _kind(own)) is not None and kind[0] in COUNTED:
        return 1 / kind[1]
    mine, theirs = _kind(own) if own else ("things", Decimal(1)), _kind(said)
    if mine is not None and theirs is not None and mine[0] == theirs[0]:
        return theirs[1] / mine[1]
    for prefix, many in PREFIXES.items():
        if own and said == prefix + own:
            return many
    return None


def _kind(word: str) -> tuple[str, Decimal] | None:
    """Return the kind of quantity that a unit measures, and how many of the kind's own unit it is."""
    if word in _KNOWN:
        return _KNOWN[word]
    for length in (2, 1):
        prefix, rest = word[:length], word[length:]
        if prefix in PREFIXES and rest in _KNOWN:
            kind, many = _KNOWN[rest]
            return kind, many * PREFIXES[prefix]
    return None
