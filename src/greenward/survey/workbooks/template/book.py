"""Putting a template together."""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import polars as pl
import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from greenward.packs.schema.forms import Column, Field, Form
from greenward.survey.models import Round
from greenward.survey.workbooks.grid import KEY_SHEET
from greenward.survey.workbooks.template.columns import explained, heading, in_cells, leading, tables_of
from greenward.survey.workbooks.template.validation import Lists, validate

EMPTY_ROWS = 300
"""Rows ready to be filled in below the last known unit, or the last row of a table."""
LONGEST_NAME = 31
WIDTH, WIDE = 14, 22


@dataclass(frozen=True)
class Page:
    """One form's sheet.

    ``rows``: the cells of :func:`leading`, then a column per field of ``in_cells``, then one per table (a
    list of rows). ``asked``: a column of bools per field, false where the round need not ask: what is known
    stays valid. ``until``: by field, how many are known so, and the first day on which one of them expires.
    """

    form: Form
    rows: pl.DataFrame
    asked: pl.DataFrame
    until: Mapping[str, tuple[int, date | None]]


@dataclass
class _Book:
    book: Workbook
    lists: Lists
    sheets: dict[str, str]

    def __post_init__(self) -> None:
        add = self.book.add_format
        self.bold, self.wrapped = add({"bold": True}), add({"text_wrap": True, "valign": "top"})
        self.head = add(
            {"bold": True, "text_wrap": True, "bg_color": "#E3EFE8", "border": 1, "valign": "top"}
        )
        grey = {"bg_color": "#EDEDED", "font_color": "#404040"}
        self.text = add({"num_format": "@"})
        self.plain: dict[tuple[bool, bool], Format | None] = {
            (False, False): None,
            (False, True): add({"num_format": "yyyy-mm-dd"}),
            (True, False): add(grey),
            (True, True): add({**grey, "num_format": "yyyy-mm-dd"}),
        }

    def name(self, wanted: str) -> str:
        """Return a sheet's name that Excel takes and that is not used yet."""
        plain = "".join("_" if sign in "[]:*?/\\'" else sign for sign in wanted)[:LONGEST_NAME]
        taken = {str(sheet.name).lower() for sheet in self.book.worksheets()}
        tries = (plain, *(f"{plain[:27]}({number})" for number in range(2, 100)))
        return next(one for one in tries if one.lower() not in taken)


def template(held: Round, pages: Sequence[Page], key: Mapping[str, str]) -> bytes:
    """Return the workbook. ``key``: what else the hidden sheet says, beside the sheets' forms."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    made = _Book(xlsxwriter.Workbook(buffer, options), Lists(), {})
    instructions = made.book.add_worksheet(made.name(_("填写说明")))
    first: Worksheet | None = None
    for page in pages:
        sheet = _page(made, page)
        first = first or sheet
        for table in tables_of(page.form):
            _table(made, page, table)
    _instructions(made, instructions, held, pages)
    if first is not None:
        first.activate()
    hidden = made.book.add_worksheet(KEY_SHEET)
    said = {**key, "round": held.code, "sheets": json.dumps(made.sheets, ensure_ascii=False)}
    for row, (name, value) in enumerate(said.items()):
        hidden.write_string(row, 0, name)
        hidden.write_string(row, 1, value)
    made.lists.write(hidden)
    hidden.very_hidden()
    made.book.close()
    return buffer.getvalue()


def _page(made: _Book, page: Page) -> Worksheet:
    form, fields = page.form, in_cells(page.form)
    name = made.name(str(form.title))
    sheet = made.book.add_worksheet(name)
    made.sheets[name] = form.id
    _heads(made, sheet, [*leading(form), *map(heading, fields)], len(leading(form)))
    skipped = len(leading(form))
    columns = page.rows.columns[: skipped + len(fields)]
    asked = page.asked.select(field.id for field in fields).rows()
    for number, row in enumerate(page.rows.select(columns).iter_rows()):
        for column, cell in enumerate(row[:skipped]):
            sheet.write_string(number + 1, column, cell or "", made.text)
        for place, (field, value) in enumerate(zip(fields, row[skipped:], strict=True)):
            _cell(made, sheet, (number + 1, place + skipped), field, value, asked=asked[number][place])
    spare = 0 if form.level == "community" else EMPTY_ROWS
    for column, field in enumerate(fields, skipped):
        validate(sheet, column, page.rows.height + spare, field, made.lists)
    return sheet


def _table(made: _Book, page: Page, table: Field) -> None:
    """Write a table's sheet: a row of the table in each, with the place that it belongs to in front."""
    form = page.form
    own = [field for field in in_cells(form) if field.id == form.key]
    name = made.name(str(table.label))
    sheet = made.book.add_worksheet(name)
    made.sheets[name] = f"{form.id}/{table.id}"
    front = [*leading(form), *map(heading, own)]
    _heads(made, sheet, [*front, *map(heading, table.columns)], len(front))
    number = 0
    shown = [*page.rows.columns[: len(leading(form))], *(field.id for field in own)]
    for *texts, listed in page.rows.select(*shown, table.id).iter_rows():
        for row in listed or ():
            number += 1
            for column, text in enumerate(texts):
                sheet.write_string(number, column, text or "", made.text)
            for column, one in enumerate(table.columns, len(front)):
                _cell(made, sheet, (number, column), one, row.get(one.id))
    for column, one in enumerate(table.columns, len(front)):
        validate(sheet, column, number + EMPTY_ROWS, one, made.lists)


def _heads(made: _Book, sheet: Worksheet, titles: Sequence[str], frozen: int) -> None:
    for column, title in enumerate(titles):
        sheet.write_string(0, column, title, made.head)
    sheet.set_row(0, 45)
    sheet.set_column(0, len(titles) - 1, WIDTH)
    sheet.set_column(0, 1, WIDE, made.text)
    sheet.freeze_panes(1, frozen)


def _cell(
    made: _Book, sheet: Worksheet, at: tuple[int, int], one: Field | Column, value: Any, *, asked: bool = True
) -> None:
    if value is None:
        return
    kind = one.type
    day = _day(value) if kind == "date" else None
    style = made.plain[not asked, day is not None]
    if day is not None:
        sheet.write_datetime(*at, datetime.combine(day, time.min), style)
    elif isinstance(value, bool):
        sheet.write_string(*at, _("是") if value else _("否"), style)
    elif kind == "choice":
        label = next((str(choice.label) for choice in one.choices if choice.value == value), str(value))
        sheet.write_string(*at, label, style)
    elif isinstance(value, int | float):
        sheet.write_number(*at, value, style)
    else:
        sheet.write_string(*at, str(value), style)


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    return date.fromisoformat(value) if isinstance(value, str) else None


def _instructions(made: _Book, page: Worksheet, held: Round, pages: Sequence[Page]) -> None:
    page.set_column(0, 0, 30)
    page.set_column(1, 1, 70, made.wrapped)
    page.set_column(2, 2, 34, made.wrapped)
    lines = (
        (_("轮次"), held.title),
        (_("基准日"), f"{held.reference_on:%Y-%m-%d}"),
        (
            _("怎么填"),
            _("在后面的工作表中逐行填写，每行一个对象；带 * 的为必填。新的小区、楼栋、设施加在末尾。"),
        ),
        (_("不清楚"), _("留空，或写“不清楚”，不要填 0。空格和“不清楚”不会改动系统里已有的数据。")),
        (_("灰色的格"), _("系统里已有，而且仍在有效期内，不用再填；有变化时直接改。")),
        (_("不灰的旧值"), _("已过期或要重新确认；没有变化就留着，导入即为确认。")),
        (_("是否项"), _("从下拉中选“是”或“否”。")),
        (_("不要改"), _("社区代码；表头可以换位置，也可以删去不填的列。")),
    )
    for number, (title, text) in enumerate(lines):
        page.write_string(number, 0, title, made.bold)
        page.write_string(number, 1, text, made.wrapped)
    row = len(lines) + 1
    for one in pages:
        page.write_row(row, 0, (str(one.form.title), _("说明"), _("已知")), made.bold)
        for field in one.form.fields:
            row += 1
            page.write_string(row, 0, heading(field))
            page.write_string(row, 1, explained(field, field.type), made.wrapped)
            page.write_string(row, 2, _known(one.until.get(field.id, (0, None))), made.wrapped)
        row += 2


def _known(known: tuple[int, date | None]) -> str:
    count, until = known
    if not count:
        return ""
    if until is None:
        return _("%(n)d 处已知，不用再填") % {"n": count}
    return _("%(n)d 处已知，不用再填；最早 %(day)s 到期") % {"n": count, "day": until}
