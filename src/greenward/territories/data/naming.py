"""What follows from a name: its short form, and the keys that sort and find it."""

import re
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from greenward.territories.models import Level

_COMMITTEE = re.compile(r"(社区)?(社区)(居民委员会|居民居委会|居委会)$|(居民委员会|居委会)$")
_VILLAGE = re.compile(r"村?(村民委员会|村委会)$")
_BARE = {
    Level.DISTRICT: re.compile(r"区$"),
    Level.SUBDISTRICT: re.compile(r"(街道|地区|镇|乡)$"),
    Level.COMMUNITY: re.compile(r"(社区|村)$"),
}
_USUAL_SHORT = {"北京经济技术开发区": "经开区"}


@dataclass(frozen=True)
class Naming:
    """The fields of a version that follow from its name."""

    name: str
    short_name: str
    pinyin: str
    initials: str


def naming(name: str) -> Naming:
    """Return ``name`` with its short form (多福巷社区居委会 → 多福巷社区) and its pinyin without tones."""
    short = short_name(name)
    syllables = [syllable.lower() for syllable in lazy_pinyin(short)]
    letters = [syllable[0] if syllable.isalpha() else syllable for syllable in syllables]
    return Naming(name, short, "".join(syllables), "".join(letters))


def short_name(name: str) -> str:
    """Return the name for display: without the committee's title, the community's own name kept."""
    if name in _USUAL_SHORT:
        return _USUAL_SHORT[name]
    without = _COMMITTEE.sub(lambda found: found[2] or "", name)
    return _VILLAGE.sub("村", without) or name


def other_names(name: str, level: str) -> set[str]:
    """Return the other ways to write ``name`` that follow from it alone (多福巷社区, 多福巷)."""
    short = short_name(name)
    bare = _BARE[Level(level)].sub("", short) if level in _BARE else short
    return {text for text in (short, bare) if len(text) > 1} - {name}
