"""What a heading means: every spelling of a form's fields, and of who a row is about."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from greenward.packs.schema.forms import Field, Form
from greenward.survey.workbooks.spelling import LONGEST, Spelt, spelt, without_of_which

COMMUNITY_CODE, COMMUNITY_NAME, STREET, DISTRICT = "#code", "#community", "#street", "#district"
COMPOUND_NAME = "#compound"
LONGITUDE, LATITUDE = "#longitude", "#latitude"
COMPOUND_NAMES = ("小区名称", "小区", "所属小区", "所在小区", "compound")
"""Headings that say, for a form of buildings, which compound a row is about."""
IDENTIFYING: dict[str, tuple[str, ...]] = {
    COMMUNITY_CODE: (
        "社区代码", "代码", "社区编码", "编码", "统计用区划代码", "区划代码", "行政区划代码", "社区统计代码",
        "12位代码", "community code", "code",
    ),
    COMMUNITY_NAME: (
        "社区名称", "社区", "所属社区", "所在社区", "居委会", "社区居委会", "居委会名称", "社区(居委会)",
        "名称",         "community name", "community",
    ),
    STREET: (
        "街道", "街道名称", "街乡镇", "街道乡镇", "街道(乡镇)", "所属街道", "所在街道", "街道办事处", "街镇",
        "所属街镇", "属地街道", "street",
    ),
    DISTRICT: ("区", "所属区", "所在区", "区县", "城区", "行政区", "district"),
}  # fmt: skip
"""Headings that say which community a row is about."""
COORDINATES = {LONGITUDE: ("经度", "东经", "longitude", "lon"), LATITUDE: ("纬度", "北纬", "latitude", "lat")}
OPTION = "="
"""Between a field and the one answer that a column stands for."""
WHERE = frozenset({*IDENTIFYING, COMPOUND_NAME})
GENERAL = re.compile(r"(基本)?(情况|信息|数据|指标|现状|统计|部分|概况|方面|类|设施情况)$")
WHETHER = re.compile(r"是否|有无|是不是|有没有")
LEVELS = ("小区", "社区", "楼栋", "楼房", "居民")


@dataclass(frozen=True)
class Found:
    """What a heading means, empty for nothing; ``remarks`` are what it carries besides.

    ``weak``: the lowest heading alone says it, and may say it below another group as well.
    """

    meaning: str
    remarks: tuple[str, ...] = ()
    weak: bool = False
    given: bool = False


@dataclass
class Meanings:
    """Every spelling of a form. ``given``: what people said of headings, by :func:`path_key`."""

    form: Form
    given: Mapping[str, str]
    keys: dict[str, str] = field(default_factory=dict)
    sections: dict[str, dict[str, str]] = field(default_factory=dict)
    labels: list[tuple[str, str]] = field(default_factory=list)
    words: str = ""
    options: dict[str, dict[str, str]] = field(default_factory=dict)
    lowest: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for text, meaning in _spellings(self.form):
            self.keys.setdefault(spelt(text).full, meaning)
        for text, meaning in _spellings(self.form):
            self.keys.setdefault(spelt(text).bare, meaning)
        self.labels = [(one.id, spelt(text).bare) for one in self.form.fields for text in _texts(one)]
        self.words = " ".join(key for _name, key in self.labels)
        self.options = {one.id: _answers(one) for one in self.form.fields if one.type in {"choice", "bool"}}
        said = {key for own in self.options.values() for key in own if key}
        self.lowest = frozenset(said | {key.rpartition("|")[2] for key in self.given})
        for section in self.form.sections:
            for title in (section.title.zh, section.title.en):
                own = self.sections.setdefault(_group(spelt(title).bare), {})
                for one in section.fields:
                    for text in _texts(one):
                        own.setdefault(spelt(text).bare, one.id)

    def of(self, path: Sequence[str]) -> Found:
        """Return what the headings above a column mean together, from the top down."""
        parts = [spelt(text) for text in path]
        if not parts:
            return Found("")
        key = path_key(path)
        lowest = parts[-1]
        remarks = lowest.remarks if len(parts) == 1 else (*lowest.remarks, *parts[-2].remarks)
        for name in (key, lowest.bare) if len(parts) > 1 else (key,):
            if name in self.given:
                return Found(self.given[name], remarks, given=True)
        return (
            self._in_group(parts, remarks) or self._option(parts) or self._alone(lowest, weak=len(parts) > 1)
        )

    def may_name(self, texts: Sequence[str | None]) -> bool:
        """Tell whether any of a row's texts can be the lowest heading of a column."""
        bare = (spelt(text).bare for text in texts if text)
        return any(
            key in self.keys or (len(key) > 1 and key in self.words) or key in self.lowest for key in bare
        )

    def _option(self, parts: Sequence[Spelt]) -> Found | None:
        """Return the one answer that a column stands for: 供水现状 | 好, to be ticked."""
        if len(parts) == 1:
            return None
        above = parts[-2]
        own = self.options.get(self.keys.get(above.full) or self.keys.get(above.bare) or "", {})
        value = own.get(parts[-1].bare)
        return Found(f"{own['']}{OPTION}{value}") if value else None

    def _in_group(self, parts: Sequence[Spelt], remarks: tuple[str, ...]) -> Found | None:
        """Return what the lowest heading means below its group: 绿化 | 面积 is 绿化面积."""
        if len(parts) == 1:
            return None
        low = without_of_which(parts[-1].bare)
        for group in (one.bare for one in reversed(parts[:-1])):
            for short in dict.fromkeys((group, _group(group))):
                for joined in (short + low, low + short):
                    if joined in self.keys:
                        return Found(self.keys[joined], remarks)
            if low in (own := self.sections.get(_group(group), {})):
                return Found(own[low], remarks)
        for group in (one.bare for one in reversed(parts[:-1])):
            only = self._holding(_group(group), low)
            if only:
                return Found(only, remarks)
        return None

    def _holding(self, group: str, low: str) -> str:
        """Return the only field in whose label both words stand; empty where there are none or several."""
        if not group or not low or group in LEVELS or group not in self.words or low not in self.words:
            return ""
        found = {name for name, key in self.labels if group in key and low in key.replace(group, "", 1)}
        return found.pop() if len(found) == 1 else ""

    def _alone(self, lowest: Spelt, *, weak: bool) -> Found:
        if lowest.full in self.keys:
            return Found(self.keys[lowest.full], weak=weak)
        for key in (lowest.bare, without_of_which(lowest.bare), WHETHER.sub("", lowest.bare)):
            if key and key in self.keys:
                return Found(self.keys[key], lowest.remarks, weak=weak)
        return Found("")


def path_key(path: Sequence[str]) -> str:
    """Return the one spelling of headings above each other, by which they are remembered."""
    return "|".join(spelt(text).bare for text in path)[:LONGEST]


def weak_twice(found: Sequence[Found], paths: Sequence[Sequence[str]]) -> frozenset[str]:
    """Return the meanings that several groups claim by their lowest heading alone: nobody can tell."""
    claims = {
        (one.meaning, tuple(path[:-1]))
        for one, path in zip(found, paths, strict=True)
        if one.weak and one.meaning
    }
    counts = Counter(meaning for meaning, _groups in claims)
    return frozenset(meaning for meaning, count in counts.items() if count > 1)


def _answers(one: Field) -> dict[str, str]:
    """Return the spellings of a field's answers, and its own id under the empty one."""
    if one.type == "bool":
        return {"": one.id, "是": "是", "有": "是", "否": "否", "无": "否", "没有": "否"}
    found = {"": one.id}
    for choice in one.choices:
        for text in (choice.value, choice.label.zh, choice.label.en, *choice.aliases):
            found.setdefault(spelt(text).bare, choice.value)
    return found


def _group(key: str) -> str:
    short = GENERAL.sub("", without_of_which(key))
    return short or key


def _texts(one: Field) -> tuple[str, ...]:
    return (one.id, one.label.zh, one.label.en, *one.aliases)


def _spellings(form: Form) -> Iterator[tuple[str, str]]:
    """Yield heading → meaning; labels come before other spellings, the form before the community's."""
    for one in form.fields:
        yield from ((text, one.id) for text in (one.id, one.label.zh, one.label.en))
    for one in form.fields:
        yield from ((text, one.id) for text in one.aliases)
    for meaning, texts in IDENTIFYING.items():
        yield from ((text, meaning) for text in texts)
    if form.level == "building":
        yield from ((text, COMPOUND_NAME) for text in COMPOUND_NAMES)
    if sum(one.type == "position" for one in form.fields) == 1:
        for meaning, texts in COORDINATES.items():
            yield from ((text, meaning) for text in texts)
