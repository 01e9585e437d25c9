"""How headings are spelt: without spaces and stars, and apart from the unit or remark that they carry."""

import re
from dataclasses import dataclass
from functools import lru_cache

from greenward.survey.answers.text import plain
from greenward.survey.answers.units import is_unit

LONGEST = 200
"""Characters of a heading's key: as many as can be remembered."""
BRACKETS = re.compile(r"(?<=.)[(\[【<〔]([^()\[\]【】<>〔〕]{0,60})[)\]】>〕]$")
BEHIND = re.compile(r"(?<=.)[/:,_\-—]([^/:,_\-—()]{1,8})$")
OF_WHICH = re.compile(r"^(其中|包括|含)[:,、]?(?=.)")
UNIT_SAID = re.compile(r"^(计量)?单位[:：]?")
HARMLESS = re.compile(
    r"^(必填|选填|可选|单选|多选|下拉.*|.*填.*数字|(阿拉伯)?数字|整数|小数|个数|数量|填报|.*保留.*小数.*"
    r"|截[至止].*|\d{4}年?.*|年[底末]|.*月底|有/?无|是/?否|√|打[√勾]|打√?|勾选|如有|没有填0|无填0|\*)$"
)
"""Remarks of a column of numbers that are no unit and change nothing."""


@dataclass(frozen=True)
class Spelt:
    """A heading: ``full``, and ``bare`` without what stands in brackets behind it, which are ``remarks``."""

    full: str
    bare: str
    remarks: tuple[str, ...]


def key_of(text: str) -> str:
    """Return a heading without case, spaces, unit in brackets, stars and colons."""
    return spelt(text).bare


@lru_cache(maxsize=50_000)
def spelt(text: str) -> Spelt:
    """Take a heading's text apart."""
    full = _tidy(re.sub(r"\s+", "", plain(text[: LONGEST * 2])).lower())
    bare, remarks = full, []
    while (found := BRACKETS.search(bare)) is not None:
        remarks.append(found[1])
        bare = _tidy(bare[: found.start()])
    behind = BEHIND.search(bare)
    if behind is not None and is_unit(behind[1]):
        remarks.append(behind[1])
        bare = _tidy(bare[: behind.start()])
    return Spelt(full[:LONGEST], bare[:LONGEST], tuple(remark for remark in remarks if remark))


def without_of_which(key: str) -> str:
    """Return a heading without the words that say it is part of the one before: 其中：."""
    return OF_WHICH.sub("", key)


def unit_in(remarks: tuple[str, ...]) -> tuple[str, bool]:
    """Return the unit among a heading's remarks (empty for none), and whether all remarks are understood."""
    unit, understood = "", True
    for remark in remarks:
        said = UNIT_SAID.sub("", remark)
        parts = [part for part in re.split(r"[/、或]", said) if part]
        if said and is_unit(said):
            unit = unit or said
        elif parts and all(is_unit(part) for part in parts):
            unit = unit or parts[0]
        elif not HARMLESS.fullmatch(remark):
            understood = False
    return unit, understood


def _tidy(text: str) -> str:
    return text.strip("*: ").rstrip("、,，。.;；")
