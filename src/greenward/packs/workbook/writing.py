"""An edition as a workbook, or an empty one to fill in: headings, lists to choose from, a key to read by."""

import io
from collections.abc import Iterator, Mapping
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from greenward.packs.drafting.splicing import data_of
from greenward.packs.workbook.cells import written
from greenward.packs.workbook.columns import INDICATOR, LISTS, PARTS, ROUNDINGS, STANDARD, Column, SheetSpec
from greenward.packs.workbook.shapes import NAMES, told_of

EMPTY_ROWS = 200
"""Rows with lists to choose from below the last one that is filled in."""
SHAPE_LIST = ["按规则文字", "按评分表", *NAMES.values()]
NUMBERS = {
    "validate": "decimal",
    "criteria": "between",
    "minimum": -1e6,
    "maximum": 1e6,
    "error_type": "warning",
}
Row = dict[str, Any]
"""A row's cells by the column's name."""


def workbook_of(texts: Mapping[str, str], *, filled: bool = True) -> bytes:
    """Return the workbook of a pack's files; not ``filled``: only what the indicators refer to."""
    standard = data_of(texts["standard.yaml"], "standard.yaml")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        _Book(book, texts, standard).write(filled=filled)
    return out.getvalue()


class _Book:
    def __init__(self, book: Workbook, texts: Mapping[str, str], standard: Mapping[str, Any]) -> None:
        self.book, self.standard = book, standard
        self.facts = data_of(texts["facts.yaml"], "facts.yaml")
        self.parameters = data_of(texts.get("parameters.yaml", "[]"), "parameters.yaml")
        self.clauses = [str(each["id"]) for each in data_of(texts["clauses.yaml"], "clauses.yaml")]
        self.departments = data_of(texts["departments.yaml"], "departments.yaml")
        self.head: Format = book.add_format(
            {"bold": True, "text_wrap": True, "bg_color": "#E3EFE8", "border": 1, "valign": "top"}
        )
        self.must: Format = book.add_format(
            {"bold": True, "text_wrap": True, "bg_color": "#F6E7C9", "border": 1, "valign": "top"}
        )
        self.body: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self.lists: dict[str, str] = {}

    def write(self, *, filled: bool) -> None:
        """Write every sheet; the lists that cells choose from stand at the end."""
        self._key()
        self._whole(filled=filled)
        rows = self._rows()
        if not filled:
            rows = {part: rows[part] for part in ("areas", "facts", "parameters")}
        pages = [(spec, self.book.add_worksheet(spec.name)) for spec in LISTS]
        self._lists()
        for spec, page in pages:
            self._list(page, spec, rows.get(spec.part, []))

    def _key(self) -> None:
        page = self.book.add_worksheet("填写说明")
        page.set_column(0, 0, 100, self.body)
        lines = (
            _("“指标”表一行一个指标。项本身写一行（指标号留空）；项分成指标的，指标写在项的下面各一行，填指标号。"),
            _("合并的“领域”“项号”按上一行。米黄色列名必须填写。"),
            _("判定方式：选一种常用方式并填事实、分母、门槛；或选“按规则文字”，在“规则文字”里写规则；评分写在“评分”表。"),
            _("“领域”表的“小计”是文件所写的分值。与各行合计不一致时系统会在该单元格报告，不会自动改；请更正，或填“不一致时”和理由。"),
            _("事实、条款、部门填代号；“事实”表列出规则可用的事实，可以增补。"),
        )  # fmt: skip
        for number, line in enumerate(lines):
            page.write_string(number, 0, line)

    def _lists(self) -> None:
        """Write the names that cells choose from onto a sheet of their own."""
        page = self.book.add_worksheet("可选项")
        named = {
            "area": [each["id"] for each in self.standard.get("areas", [])],
            "clause": self.clauses,
            "fact": [each["id"] for each in self.facts],
        }
        page.set_column(0, 4, 28)
        for column, (kind, values) in enumerate(named.items()):
            page.write_string(0, column, kind, self.head)
            for row, value in enumerate(values, 1):
                page.write_string(row, column, str(value))
            if values:
                letter = "ABCDE"[column]
                self.lists[kind] = f"=可选项!${letter}$2:${letter}${len(values) + 1}"
        for row, each in enumerate(self.departments, 1):
            page.write_string(row, 3, f"{each['slug']} {each['name']['zh']}")
        page.write_string(0, 3, "department", self.head)

    def _whole(self, *, filled: bool) -> None:
        page = self.book.add_worksheet(STANDARD.name)
        page.set_column(0, 0, 20)
        page.set_column(1, 1, 60, self.text)
        cells = _cells(STANDARD, self.standard) if filled else {}
        for number, column in enumerate(STANDARD.columns):
            page.write_string(number, 0, column.heading, self.must if column.required else self.head)
            _write(page, number, 1, cells.get(column.name), self.text)
            if column.choices:
                choice = {"validate": "list", "source": [*column.choices.values()]}
                page.data_validation(number, 1, number, 1, choice)

    def _list(self, page: Worksheet, spec: SheetSpec, rows: list[Row]) -> None:
        last = len(rows) + EMPTY_ROWS
        page.freeze_panes(1, 4 if spec is INDICATOR else 1)
        page.ignore_errors({"number_stored_as_text": f"A1:BZ{last + 1}"})
        for number, column in enumerate(spec.columns):
            page.set_column(number, number, column.width, self.text if _is_text(column) else self.body)
            page.write_string(
                0, number, column.heading, self.must if column.required or column.of_item else self.head
            )
            source = self._source(column)
            if source is not None:
                rule = {"validate": "list", "source": source, "error_type": "warning", "ignore_blank": True}
                page.data_validation(1, number, last, number, rule)
            elif column.kind in ("number", "whole"):
                page.data_validation(1, number, last, number, NUMBERS)
        for at, row in enumerate(rows, 1):
            for number, column in enumerate(spec.columns):
                _write(page, at, number, row.get(column.name), self.text if _is_text(column) else self.body)

    def _source(self, column: Column) -> list[str] | str | None:
        if column.name == "shape":
            return SHAPE_LIST
        if column.kind == "bool":
            return ["是", "否"]
        if column.kind == "choice":
            return [*column.choices.values()]
        return self.lists.get(column.refers) if column.kind != "names" else None

    def _rows(self) -> dict[str, list[Row]]:
        items = [*self.standard.get("items", [])]
        supplements = [*self.standard.get("supplements", [])]
        specs = {spec.part: spec for spec in LISTS}
        everything = [row for each in (*items, *supplements) for row in (each, *each.get("indicators", []))]
        return {
            "areas": [_cells(specs["areas"], each) for each in self.standard.get("areas", [])],
            "items": [
                row
                for group, aside in ((items, False), (supplements, True))
                for each in group
                for row in _item_rows(specs["items"], each, aside=aside)
            ],
            "score": [row for each in everything for row in score_rows(each)],
            "evidence_needed": [
                {"of": each["id"], **_cells(specs["evidence_needed"], need)}
                for each in everything
                for need in each.get("evidence_needed", [])
            ],
            "levels": [_cells(specs["levels"], each) for each in self.standard.get("levels", [])],
            "peers": [_cells(specs["peers"], each) for each in self.standard.get("peers", [])],
            "facts": [_cells(specs["facts"], each) for each in self.facts],
            "parameters": [_cells(specs["parameters"], each) for each in self.parameters],
        }


def _is_text(column: Column) -> bool:
    """Tell whether cells hold texts that spreadsheets must not take for numbers or dates: 2.10 is no 2.1."""
    return column.kind not in ("number", "whole")


def _write(page: Worksheet, row: int, column: int, value: str | float | None, format_: Format) -> None:
    if isinstance(value, str):
        page.write_string(row, column, value, format_)
    elif value is not None:
        page.write_number(row, column, value, format_)


def _cells(spec: SheetSpec, data: Mapping[str, Any]) -> Row:
    return {column.name: written(column, _at(data, column.path)) for column in spec.columns if column.path}


def _at(data: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _item_rows(spec: SheetSpec, item: Mapping[str, Any], *, aside: bool) -> Iterator[Row]:
    own = {"area": item["area"], "item": item["id"], "indicator": None, "supplement": "是" if aside else None}
    yield {**_cells(spec, item), **own, **_shape(item)}
    for each in item.get("indicators", []):
        nested = {"area": item["area"], "item": item["id"], "indicator": each["id"]}
        yield {**_cells(spec, each), **nested, **_shape(each)}


def _shape(entry: Mapping[str, Any]) -> Row:
    """Tell a usual rule by its shape, every other one by its text."""
    told = told_of(entry.get("rule"))
    if told is None:
        return {"shape": "按规则文字" if "rule" in entry else "按评分表" if "score" in entry else None}
    return {
        "shape": NAMES[told.shape],
        "fact": told.fact,
        "over": told.over or None,
        "threshold": told.threshold or None,
        "rule": None,
    }


def score_rows(entry: Mapping[str, Any]) -> Iterator[Row]:
    """Yield the rows of scores of an item or an indicator."""
    for number, part in enumerate(entry.get("score", []), 1):
        own = {"of": entry["id"], "part": number}
        if "bands" in part:
            for band in part["bands"]:
                yield {**own, "way": PARTS["band"], "what": band["when"], "points": band["points"]}
            if "otherwise" in part:
                yield {**own, "way": PARTS["otherwise"], "points": part["otherwise"]}
        elif "judged" in part:
            ends = {"least": part["least"], "most": part["most"]}
            yield {**own, "way": PARTS["judged"], "what": part["judged"], **ends}
        else:
            numbers = {name: part.get(name) for name in ("start", "every", "above", "below")}
            yield {
                **own, **numbers, "way": PARTS["steps"], "what": part["of"], "points": part["each"],
                "rounding": ROUNDINGS[part["rounding"]],
            }  # fmt: skip
