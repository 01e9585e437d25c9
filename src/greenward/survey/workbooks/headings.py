"""Finding the heading row and what each column means, whatever stands above and however it is spelt."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from greenward.packs.schema.forms import Form
from greenward.survey.answers.text import plain
from greenward.survey.workbooks.opening import Sheet

SEARCHED_ROWS = 40
COMMUNITY_CODE, COMMUNITY_NAME, STREET, DISTRICT = "#code", "#community", "#street", "#district"

IDENTIFYING: dict[str, tuple[str, ...]] = {
    COMMUNITY_CODE: (
        "社区代码", "代码", "社区编码", "编码", "统计用区划代码", "区划代码", "行政区划代码",
        "community code", "code",
    ),
    COMMUNITY_NAME: (
        "社区名称", "社区", "所属社区", "所在社区", "居委会", "社区居委会", "名称",
        "community name", "community",
    ),
    STREET: ("街道", "街道名称", "街乡镇", "街道乡镇", "街道(乡镇)", "所属街道", "所在街道", "street"),
    DISTRICT: ("区", "所属区", "所在区", "区县", "城区", "district"),
}  # fmt: skip
"""Headings that say which community a row is about."""


@dataclass(frozen=True)
class Headings:
    """The heading row (0-based) and the position of each column by meaning; what else was found."""

    row: int
    columns: dict[str, int]
    unknown: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)


def key_of(text: str) -> str:
    """Return a heading without case, spaces, unit in brackets, stars and colons."""
    text = re.sub(r"\s+", "", plain(text)).lower().rstrip("*:").lstrip("*")
    return re.sub(r"(?<=.)[(\[][^()\[\]]*[)\]]$", "", text).rstrip("*:")


def find_headings(sheet: Sheet, form: Form) -> Headings | None:
    """Return the row that names most columns, at least a community and one field; None without one."""
    meanings = _meanings(form)
    best: Headings | None = None
    for number, cells in enumerate(sheet.cells.head(SEARCHED_ROWS).iter_rows()):
        found = _read(number, cells, meanings)
        if _says_where(found) and (best is None or len(found.columns) > len(best.columns)):
            best = found
    return best


def _says_where(found: Headings) -> bool:
    named = found.columns.keys()
    return bool(named & {COMMUNITY_CODE, COMMUNITY_NAME}) and bool(named - IDENTIFYING.keys())


def _read(number: int, cells: Iterable[str | None], meanings: dict[str, str]) -> Headings:
    found = Headings(number, {})
    for column, cell in enumerate(cells):
        key = key_of(cell) if cell else ""
        meaning = meanings.get(key)
        if meaning is None:
            if key:
                found.unknown.append(column)
        elif meaning in found.columns:
            found.repeated.append(column)
        else:
            found.columns[meaning] = column
    return found


def _meanings(form: Form) -> dict[str, str]:
    """Return heading → meaning; labels come before other spellings, the form before the community's."""
    spellings = [
        *((text, f.id) for f in form.fields for text in (f.id, f.label.zh, f.label.en)),
        *((text, f.id) for f in form.fields for text in f.aliases),
        *((text, meaning) for meaning, texts in IDENTIFYING.items() for text in texts),
    ]
    meanings: dict[str, str] = {}
    for text, meaning in spellings:
        meanings.setdefault(key_of(text), meaning)
    return meanings
