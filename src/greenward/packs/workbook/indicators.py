"""The sheet of indicators, and the sheets beside it: items, what they are broken into, scores, evidence."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from greenward.packs.loader.problems import did_you_mean
from greenward.packs.workbook import scores
from greenward.packs.workbook.cells import CellError, folded, read
from greenward.packs.workbook.columns import INDICATORS
from greenward.packs.workbook.headings import Headed
from greenward.packs.workbook.rows import Entry, Reader
from greenward.packs.workbook.shapes import NAMES, Told, lacking, rule_of

SUBTOTAL = re.compile(r"(.*?)\s*小\s*计")
TOTAL = re.compile(r"(合\s*计|总\s*计|总\s*分)")
REMARK = re.compile(r"(注|备注|说明|填表说明|填表人|审核)\s*[:：]")
NUMBER = re.compile(r"[A-Z]?[0-9]+(\.[0-9]+)*")
POINTS = next(column for column in INDICATORS if column.name == "points")
Stated = tuple[Decimal, str]
"""A figure and its cell."""


@dataclass
class Items:
    """What the sheets say: items, supplements, the indicators of each, and the sums that they state."""

    items: list[Entry] = field(default_factory=list)
    supplements: list[Entry] = field(default_factory=list)
    indicators: dict[int, list[Entry]] = field(default_factory=dict)
    """By the ``id()`` of the item's entry."""
    subtotals: dict[str, Stated] = field(default_factory=dict)
    """By area, as a row of the sheet states them."""
    total: Stated | None = None

    @property
    def count(self) -> int:
        """Items that are judged themselves, and indicators."""
        nested = sum(len(each) for each in self.indicators.values())
        return nested + sum(1 for each in self.items if not self.indicators.get(id(each)))


def read_items(reader: Reader, pages: Mapping[str, Headed], areas: list[Entry]) -> Items:
    """Read the indicators with their scores and evidence; ``areas`` are those that rows may belong to."""
    page, found = pages["items"], Items()
    known = {str(area.data.get("id")): str(area.data.get("title", {}).get("zh", "")) for area in areas}
    area, item = "", None
    for entry in reader.entries(page):
        if _is_sum(reader, page, entry, found, area):
            continue
        area = _area(reader, entry, known, area)
        item = _placed(reader, page, entry, found, area, item)
    named = {str(each.data.get("id")): each for each in _all(found)}
    scores.read_scores(reader, pages.get("score"), named)
    scores.read_evidence(reader, pages.get("evidence_needed"), named)
    return found


def _all(found: Items) -> list[Entry]:
    nested = [one for each in found.indicators.values() for one in each]
    return [*found.items, *found.supplements, *nested]


def _is_sum(reader: Reader, page: Headed, entry: Entry, found: Items, area: str) -> bool:
    """Take a row that states a sum, or says something about the sheet; False for a row of its own."""
    text = folded(entry.row.cells[min(entry.row.cells)])
    if REMARK.match(text):
        return True
    subtotal, total = SUBTOTAL.fullmatch(text), TOTAL.fullmatch(text)
    if not (subtotal or total):
        return False
    stated = _stated(reader, page, entry)
    if stated is not None and total:
        found.total = stated
    elif stated is not None:
        found.subtotals[area] = stated
    return True


def _stated(reader: Reader, page: Headed, entry: Entry) -> Stated | None:
    place = next((p for p, column in page.columns.items() if column.name == "points"), None)
    if place is None or place not in entry.row.cells:
        return None
    try:
        value = read(POINTS, entry.row.cells[place], reader.names)
    except CellError:
        return None  # said when the row was read
    return value, page.sheet.cell(entry.row.number, place)


def _area(reader: Reader, entry: Entry, known: Mapping[str, str], above: str) -> str:
    """Return the area of a row: its own cell, or (blank, merged) that of the row above."""
    text = str(entry.aside.get("area", ""))
    if not text:
        if not above:
            reader.fault(entry.at, "blank_cell", _("请填写“领域”；合并的单元格按上一行。"))
        return above
    first = text.split(" ", 1)[0]
    found = text if text in known else first if first in known else ""
    found = found or next((name for name, words in known.items() if folded(words) == text), "")
    if not found:
        hint = did_you_mean(text, [*known, *known.values()])
        sentence = _("没有“{text}”这个领域；请在“领域”表里补一行。{hint}").format(text=text, hint=hint)
        reader.fault(entry.asides["area"], "unknown_area", sentence)
    return found or above


def _placed(  # noqa: PLR0917 - one row between what was read and what is open
    reader: Reader, page: Headed, entry: Entry, found: Items, area: str, above: Entry | None
) -> Entry | None:
    """Put a row where it belongs: an item, or an indicator of its item; return the item that is open now."""
    item, indicator = (str(entry.aside.get(name, "")) for name in ("item", "indicator"))
    read_shape(reader, entry)
    entry.data.setdefault("verified", False)
    if indicator:
        owner = above
        if item and (above is None or above.data.get("id") != item):
            owner = next((each for each in _all(found) if each.data.get("id") == item), None)
        if owner is None:
            reader.fault(
                entry.asides["indicator"],
                "no_item",
                _("指标上面没有它所属的项；请先写一行项（指标号留空）。"),
            )
            return above
        _number(reader, entry, indicator, "indicator")
        reader.require(page, entry, indicator=True)
        owner.data.setdefault("indicators", []).append(entry.data)
        found.indicators.setdefault(id(owner), []).append(entry)
        return owner
    if not item:
        reader.fault(entry.at, "blank_cell", _("请填写“项号”。"))
        return above
    _number(reader, entry, item, "item")
    entry.data["area"] = area
    reader.require(page, entry)
    (found.supplements if entry.aside.get("supplement") else found.items).append(entry)
    return entry


def _number(reader: Reader, entry: Entry, text: str, column: str) -> None:
    number = text.removeprefix("第").removesuffix("项").strip()
    entry.put(("id",), number, entry.asides[column])
    if NUMBER.fullmatch(number) is None:
        sentence = _("编号应像 12、2.1 或 B1，不是“{got}”。").format(got=text)
        reader.fault(entry.asides[column], "unreadable_cell", sentence)


def read_shape(reader: Reader, entry: Entry) -> None:
    """Make the rule of a row that tells it by its shape."""
    text = str(entry.aside.get("shape", ""))
    if not text or text in ("按规则文字", "按评分表"):
        return
    cell = entry.asides["shape"]
    key = next((key for key, name in NAMES.items() if text in (key, folded(name))), None)
    if key is None:
        hint = did_you_mean(text, NAMES.values())
        reader.fault(
            cell, "unreadable_cell", _("没有“{text}”这种判定方式。{hint}").format(text=text, hint=hint)
        )
        return
    if "rule" in entry.data:
        reader.fault(entry.cells["rule"], "two_rules", _("判定方式和规则文字只能填一个；请删去一个。"))
        return
    told = Told(key, *(_part(reader, entry, name) for name in ("fact", "over", "threshold")))
    missing = lacking(told)
    if missing:
        heading = {"fact": "事实", "over": "分母", "threshold": "门槛"}[missing]
        sentence = _("“{shape}”要填“{heading}”。").format(shape=NAMES[key], heading=heading)
        reader.fault(cell, "blank_cell", sentence)
        return
    entry.put(("rule",), rule_of(told), entry.asides.get("threshold", cell))


def _part(reader: Reader, entry: Entry, name: str) -> str:
    """Return a fact's name, or a threshold: 35% is 0.35."""
    value: Any = entry.aside.get(name, "")
    text = str(value)
    if name != "threshold" or not text or re.fullmatch(r"[a-z][a-z0-9_]*", text):
        return text
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return text
    try:
        return f"{read(POINTS, text, reader.names).normalize():f}"
    except CellError as error:
        reader.fault(entry.asides[name], "unreadable_cell", str(error))
        return text
