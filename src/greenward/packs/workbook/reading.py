"""From a workbook to the texts of a draft: standard, facts and parameters; everything else as it was."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from greenward.packs.drafting.dump import dumped, dumped_pairs
from greenward.packs.drafting.splicing import data_of
from greenward.packs.workbook import grid
from greenward.packs.workbook.columns import INDICATOR, LISTS, STANDARD, SheetSpec
from greenward.packs.workbook.headings import Headed, headed, key_of
from greenward.packs.workbook.indicators import Items, read_items
from greenward.packs.workbook.rows import CellFault, Entry, Reader

STANDARD_FILE = "standard.yaml"
FILES = {"facts": "facts.yaml", "parameters": "parameters.yaml"}
ORDER = (
    "id", "title", "document", "owner", "version", "verified", "note", "requires", "passes", "levels",
    "points", "cap", "rounding", "reading", "peers", "expected", "areas", "items", "supplements",
)  # fmt: skip
CELLS = dict[str, dict[str, str]]


@dataclass(frozen=True)
class Drafted:
    """What a workbook makes: the files of a draft, the cell of each part, every fault, and remarks."""

    texts: dict[str, str]
    cells: CELLS
    faults: tuple[CellFault, ...]
    remarks: tuple[str, ...]
    rows: int
    """How many items and indicators were read."""


@dataclass
class _Work:
    reader: Reader
    base: dict[str, str]
    standard: dict[str, Any]
    cells: CELLS = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def note_cells(self, file: str, names: tuple[str, ...], entry: Entry) -> None:
        """Remember the cells of an entry's parts, and of the entry itself."""
        kept = self.cells.setdefault(file, {})
        kept["/".join(names)] = entry.at
        kept.update({"/".join((*names, path)): cell for path, cell in entry.cells.items()})


def drafted(content: bytes, base: Mapping[str, str]) -> Drafted:
    """Read a workbook into the files of a pack; ``base`` are the files that it begins from.

    WorkbookError where the file is no workbook, or none of its sheets lists indicators.
    """
    sheets = grid.opened(content)
    pages = _pages(sheets)
    if "items" not in pages:
        raise grid.WorkbookError(
            _("没有找到列指标的工作表。"),
            hint=_("请用 greenward pack template 生成的模板，或让表头含有“项号”“指标要求”等列名。"),
        )
    work = _Work(Reader(names_of(base)), dict(base), dict(data_of(base[STANDARD_FILE], STANDARD_FILE)))
    _read_whole(work, sheets)
    areas = _list(work, pages.get("areas"), "areas")
    items = read_items(work.reader, pages, areas or _base_areas(work))
    _assemble(work, areas, items)
    for part, file in FILES.items():
        entries = _list(work, pages.get(part), part, file=file)
        if entries:
            work.base[file] = dumped([entry.data for entry in entries])
    for part in ("levels", "peers"):
        entries = _list(work, pages.get(part), part)
        if entries:
            work.standard[part] = [entry.data for entry in entries]
    ordered = {key: work.standard[key] for key in ORDER if work.standard.get(key) not in (None, [], {})}
    work.base[STANDARD_FILE] = dumped_pairs(ordered)
    work.remarks += _unknown(pages.values())
    return Drafted(work.base, work.cells, tuple(work.reader.faults), tuple(work.remarks), items.count)


def _pages(sheets: list[grid.Sheet]) -> dict[str, Headed]:
    """Return the sheet of each part: by its name, for the indicators else by its headings."""
    pages: dict[str, Headed] = {}
    for spec in LISTS:
        for sheet in sheets:
            if _is_named(sheet, spec):
                found = headed(sheet, spec)
                if found is not None:
                    pages.setdefault(spec.part, found)
    if "items" not in pages:
        rest = [one for sheet in sheets for one in [headed(sheet, INDICATOR)] if one is not None]
        rest = [one for one in rest if {"title_zh"} <= {column.name for column in one.columns.values()}]
        if rest:
            pages["items"] = max(rest, key=lambda one: len(one.columns))
    return pages


def _is_named(sheet: grid.Sheet, spec: SheetSpec) -> bool:
    return key_of(sheet.name) in {key_of(name) for name in (spec.name, *spec.also)}


def names_of(base: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the names that cells may refer to, with their words."""
    standard = data_of(base[STANDARD_FILE], STANDARD_FILE)
    lists = {
        "department": ("departments.yaml", "slug", "name"),
        "clause": ("clauses.yaml", "id", "heading"),
        "fact": ("facts.yaml", "id", "label"),
    }
    names = {
        kind: _words(data_of(base[file], file), key, words) for kind, (file, key, words) in lists.items()
    }
    names["area"] = _words(standard.get("areas", []), "id", "title")
    documents = data_of(base["pack.yaml"], "pack.yaml").get("documents", [])
    return names | {"document": _words(documents, "id", "number")}


def _words(entries: Iterable[Mapping[str, Any]], key: str, words: str) -> dict[str, str]:
    found = {}
    for entry in entries:
        text = entry.get(words, "")
        found[str(entry[key])] = str(text.get("zh", "")) if isinstance(text, dict) else str(text)
    return found


def _base_areas(work: _Work) -> list[Entry]:
    return [Entry(grid.Row(0, {}), "", data=dict(area)) for area in work.standard.get("areas", [])]


def _list(work: _Work, page: Headed | None, part: str, *, file: str = STANDARD_FILE) -> list[Entry]:
    """Return the entries of a plain list, with their cells remembered by their names."""
    if page is None:
        return []
    entries = [
        entry for entry in work.reader.entries(page) if not re.match("合计|总计|注[:：]", _first(entry))
    ]
    for entry in entries:
        work.reader.require(page, entry)
        name = str(entry.data.get("id", ""))
        work.note_cells(file, (name,) if file != STANDARD_FILE else (part, name), entry)
    return entries


def _first(entry: Entry) -> str:
    return entry.row.cells[min(entry.row.cells)].strip()


def _read_whole(work: _Work, sheets: list[grid.Sheet]) -> None:
    """Read what the standard says of itself: headings in one column, values in the next."""
    sheet = next((each for each in sheets if _is_named(each, STANDARD)), None)
    if sheet is None:
        work.remarks.append(_("没有“标准”表：名称、等级和总分沿用原版次。"))
        return
    columns = {key_of(column.heading): column for column in STANDARD.columns}
    entry = Entry(sheet.rows[0], sheet.cell(1, 0)) if sheet.rows else None
    for row in sheet.rows:
        places = sorted(row.cells)
        column = columns.get(key_of(row.cells[places[0]]))
        if entry is not None and column is not None and len(places) > 1:
            work.reader.take(entry, column, row.cells[places[1]], sheet.cell(row.number, places[1]))
    if entry is not None and entry.data:
        lists = ("levels", "peers", "areas", "items", "supplements")
        kept = {key: work.standard[key] for key in lists if key in work.standard}
        work.standard = {"verified": False, **kept, **entry.data}
        work.cells.setdefault(STANDARD_FILE, {}).update(entry.cells)


def _assemble(work: _Work, areas: list[Entry], items: Items) -> None:
    """Put areas and items together; sums that are stated stay as they are stated."""
    standard = work.standard
    if areas:
        standard["areas"] = [area.data for area in areas]
    for area in standard.get("areas", []):
        stated = items.subtotals.get(str(area.get("id")))
        if stated is not None:
            area["points"] = stated[0]
            work.cells.setdefault(STANDARD_FILE, {})[f"areas/{area['id']}/points"] = stated[1]
        counted = sum(1 for each in items.items if each.data.get("area") == area.get("id"))
        area["items"] = area.get("items", counted) if areas else counted
    if items.total is not None:
        standard["points"] = items.total[0]
        work.cells.setdefault(STANDARD_FILE, {})["points"] = items.total[1]
    for part, entries in (("items", items.items), ("supplements", items.supplements)):
        standard[part] = [entry.data for entry in entries]
        for entry in entries:
            work.note_cells(STANDARD_FILE, (part, str(entry.data.get("id", ""))), entry)
            for nested in items.indicators.get(id(entry), []):
                names = (part, str(entry.data.get("id", "")), "indicators", str(nested.data.get("id", "")))
                work.note_cells(STANDARD_FILE, names, nested)
    expected = standard.get("expected") if any(
        path.startswith("expected/") for path in work.cells.get(STANDARD_FILE, {})
    ) else None  # fmt: skip
    counts = {"areas": len(standard.get("areas", [])), "items": len(items.items)}
    standard["expected"] = {**counts, **(expected or {})}


def _unknown(pages: Iterable[Headed]) -> list[str]:
    return [
        _("{cell} 的列“{text}”没有用到。").format(cell=cell, text=text)
        for page in pages
        for cell, text in page.unknown
    ]
