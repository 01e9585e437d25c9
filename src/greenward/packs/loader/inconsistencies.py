"""Where a standard's source contradicts itself: sums against what is stated, words against points.

Nothing is mended. An inconsistency is a fault until the standard's author says, in a `reading` with a note,
how it is to be read; a reading where nothing is inconsistent is a fault too.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from greenward.packs.loader.nodes import Path
from greenward.packs.loader.problems import Problem
from greenward.packs.loader.sheets import Entry, Sheet, word

STATED = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*分(?!钟|类|别|之|区|项|级|散|布|户|公里)")
"""Points in the words of a row, such as （5分）."""


def check_source(sheet: Sheet) -> Iterator[Problem]:
    """Yield every inconsistency without a reading, and every reading without an inconsistency."""
    rows = list(_rows(sheet))
    groups = list(_groups(sheet))
    for path, row, found in rows:
        reading = row.get("reading")
        if found is not None and isinstance(reading, dict) and word(reading, "takes") == "stated":
            sentence = _("按文字理解时，请把 points 改成文字所写的分数。")
            yield sheet.problem((*path, "reading", "takes"), "disagreement", sentence)
    for path, entry, found in [*rows, *groups]:
        reading = "reading" in entry
        if found is not None and not reading:
            yield sheet.problem((*path, "points"), "source_inconsistent", found)
        elif found is None and reading:
            sentence = _("这里没有不一致，不需要 reading；请删去。")
            yield sheet.problem((*path, "reading"), "needless_reading", sentence, at_key=True)


def _groups(sheet: Sheet) -> Iterator[tuple[Path, Entry, str | None]]:
    """Yield what is stated for items, areas and the whole against what their parts add up to."""
    items = list(sheet.entries("items"))
    areas = list(sheet.entries("areas"))
    for path, item in items:
        if item.get("indicators"):
            yield path, item, _sum_differs(item, (part for _p, part in sheet.entries(*path, "indicators")))
    for path, area in areas:
        within = [item for _p, item in items if word(item, "area") == word(area, "id")]
        yield path, area, None if "cap" in area else _sum_differs(area, within)
    if isinstance(sheet.data, dict):
        counted = [area for _p, area in areas if area.get("bonus") is not True]
        weighed = [{**area, "points": _worth(area) * (_number(area.get("weight")) or 1)} for area in counted]
        yield (
            (),
            sheet.data,
            None if not any(_worth(area) for area in counted) else _sum_differs(sheet.data, weighed),
        )


def _rows(sheet: Sheet) -> Iterator[tuple[Path, Entry, str | None]]:
    """Yield the points of every row against those in its words, and those of its parts."""
    for path, item in sheet.entries("items"):
        parts = list(sheet.entries(*path, "indicators"))
        for place, row in parts or [(path, item)]:
            yield place, row, _words_differ(row) or _parts_differ(row)


def _sum_differs(group: Entry, members: Iterable[Entry]) -> str | None:
    stated = _number(group.get("points"))
    added = sum((_worth(member) for member in members), Decimal(0))
    if stated is None or stated == added:
        return None
    return _("这里写的是 {stated} 分，各行合计 {added} 分；请核对，或用 reading 说明按哪个理解。").format(
        stated=stated, added=added
    )


def _words_differ(row: Entry) -> str | None:
    worth = _number(row.get("points")) or _number(row.get("deducts"))
    found = STATED.findall(word(row.get("title"), "zh"))
    if worth is None or len(found) != 1 or Decimal(found[0]) == worth:
        return None
    return _("文字写的是 {words} 分，points 是 {points} 分；请核对，或用 reading 说明按哪个理解。").format(
        words=found[0], points=worth
    )


def _parts_differ(row: Entry) -> str | None:
    """Say when the parts of a score can give another number of points than the row has."""
    points, score = _number(row.get("points")), row.get("score")
    if points is None or not isinstance(score, list):
        return None
    highest = [_highest(part) for part in score if isinstance(part, dict)]
    if any(each is None for each in highest):
        return None
    added = sum((each for each in highest if each is not None), Decimal(0))
    if added == points:
        return None
    return _(
        "评分办法最多给 {added} 分，points 是 {points} 分；请核对，或用 reading 说明按哪个理解。"
    ).format(added=added, points=points)


def _highest(part: Entry) -> Decimal | None:
    """Return the most that a part gives; None when it has no end of its own."""
    bands = part.get("bands")
    if isinstance(bands, list):
        given = [_number(band.get("points")) for band in bands if isinstance(band, dict)]
        return max(
            [each for each in given if each is not None] + [_number(part.get("otherwise")) or Decimal(0)]
        )
    if "judged" in part:
        return _number(part.get("most"))
    each = _number(part.get("each"))
    return (_number(part.get("start")) or Decimal(0)) if each is not None and each < 0 else None


def _worth(entry: Entry) -> Decimal:
    return _number(entry.get("points")) or Decimal(0)


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None
