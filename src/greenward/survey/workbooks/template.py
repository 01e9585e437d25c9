"""The workbook that people fill in: instructions, one row per community or compound, choices to pick from."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time

import polars as pl
import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from greenward.packs.schema.forms import Field, Form
from greenward.survey.models import Round
from greenward.survey.workbooks.opening import KEY_SHEET

EMPTY_ROWS = 300
"""Rows ready to be filled in below the last known compound."""
WIDTH = 14


def template(held: Round, form: Form, digest: str, rows: pl.DataFrame) -> bytes:
    """Return the workbook. ``rows``: the columns of :func:`leading`, then a column of answers per field."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    data_name = _("社区") if form.level == "community" else _("小区")
    _instructions(book, held, form, data_name)
    page = book.add_worksheet(data_name)
    _headings(book, page, form)
    _fill(book, page, form, rows)
    spare = EMPTY_ROWS if form.level == "compound" else 0
    for number, field in enumerate(form.fields, len(leading(form))):
        _validate(page, number, max(rows.height + spare, 1), field)
    page.activate()
    _key(
        book,
        {"form": form.id, "round": held.code, "pack": digest, "fields": " ".join(f.id for f in form.fields)},
    )
    book.close()
    return buffer.getvalue()


def leading(form: Form) -> tuple[str, ...]:
    """Return the headings before the fields: which community a row is about."""
    if form.level == "community":
        return (_("社区代码"), _("社区名称"), _("街道"))
    return (_("社区代码"), _("社区名称"))


def _instructions(book: Workbook, held: Round, form: Form, data_name: str) -> None:
    page = book.add_worksheet(_("填写说明"))
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 90)
    lines = (
        (_("表"), f"{form.title}（{held.title}）"),
        (_("基准日"), f"{held.reference_on:%Y-%m-%d}"),
        (_("怎么填"), _("在“%(sheet)s”表中逐行填写，每行一个对象；带 * 的为必填。") % {"sheet": data_name}),
        (_("不清楚"), _("留空，不要填 0。空格不会改动系统里已有的数据。")),
        (_("是否项"), _("从下拉中选“是”或“否”。")),
        (_("不要改"), _("社区代码；表头可以换位置，也可以删去不填的列。")),
    )
    for number, (title, text) in enumerate(lines):
        page.write_string(number, 0, title, bold)
        page.write_string(number, 1, text, wrapped)
    start = len(lines) + 1
    page.write_row(start, 0, (_("项目"), _("说明")), bold)
    for number, field in enumerate(form.fields, start + 1):
        page.write_string(number, 0, heading(field))
        page.write_string(number, 1, explained(field), wrapped)


def heading(field: Field) -> str:
    """Return a field's column heading: label, unit in brackets, a star if required."""
    unit = f"（{field.unit}）" if field.unit else ""
    return f"{field.label}{unit}{'*' if field.required else ''}"


def explained(field: Field) -> str:
    """Return how to fill a field in, in one sentence or two."""
    kinds = {
        "bool": _("是 / 否"),
        "count": _("整数，没有填 0"),
        "number": _("数字"),
        "choice": "、".join(str(choice.label) for choice in field.choices),
        "date": _("日期，如 2021-09-30"),
        "year": _("四位年份"),
        "text": _("文字"),
        "file": _("请在网页上上传文件，这里不填"),
        "position": _("经度,纬度，如 116.40740,39.90420"),
        "table": _("请在网页上逐行填写，这里不填"),
    }
    return f"{kinds[field.type]}。{field.help or ''}"


def _headings(book: Workbook, page: Worksheet, form: Form) -> None:
    style = book.add_format(
        {"bold": True, "text_wrap": True, "bg_color": "#E3EFE8", "border": 1, "valign": "top"}
    )
    titles = [*leading(form), *(heading(field) for field in form.fields)]
    for column, title in enumerate(titles):
        page.write_string(0, column, title, style)
    page.set_row(0, 45)
    page.set_column(0, len(titles) - 1, WIDTH)
    page.freeze_panes(1, len(leading(form)))


def _fill(book: Workbook, page: Worksheet, form: Form, rows: pl.DataFrame) -> None:
    text, day = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd"})
    page.set_column(0, 0, WIDTH + 2, text)
    skipped = len(leading(form))
    for number, row in enumerate(rows.iter_rows(), 1):
        for column, cell in enumerate(row[:skipped]):
            page.write_string(number, column, cell or "", text)
        for column, (field, value) in enumerate(zip(form.fields, row[skipped:], strict=True), skipped):
            if isinstance(value, date):
                page.write_datetime(number, column, datetime.combine(value, time.min), day)
            elif value is not None:
                page.write(number, column, _cell(field, value))


def _cell(field: Field, value: bool | float | str) -> float | str:  # noqa: FBT001 - an answer, no switch
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field.type == "choice":
        return next((str(choice.label) for choice in field.choices if choice.value == value), str(value))
    return value


def _validate(page: Worksheet, column: int, rows: int, field: Field) -> None:
    rule = _rule(field)
    if rule is not None:
        message = {"error_title": str(field.label)[:32], "error_message": explained(field)[:255]}
        page.data_validation(1, column, rows, column, {**rule, **message, "ignore_blank": True})


def _rule(field: Field) -> dict[str, object] | None:
    if field.type == "bool":
        return {"validate": "list", "source": [_("是"), _("否")]}
    if field.type == "choice":
        return _list([str(choice.label) for choice in field.choices])
    if field.type in {"count", "year"}:
        return _bounded("integer", field, least=0)
    if field.type == "number":
        return _bounded("decimal", field, least=-1e15)
    if field.type == "date":
        return {"validate": "date", "criteria": ">=", "value": date(1900, 1, 1)}
    return None


def _list(labels: Sequence[str]) -> dict[str, object] | None:
    fits = len(",".join(labels)) <= 255 and not any("," in label for label in labels)  # noqa: PLR2004 - Excel's limit
    return {"validate": "list", "source": list(labels)} if fits else None


def _bounded(kind: str, field: Field, *, least: float) -> dict[str, object]:
    low = float(field.min) if field.min is not None else least
    high = float(field.max) if field.max is not None else 1e15
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high}


def _key(book: Workbook, pairs: dict[str, str]) -> None:
    page = book.add_worksheet(KEY_SHEET)
    for row, (name, value) in enumerate(pairs.items()):
        page.write_string(row, 0, name)
        page.write_string(row, 1, value)
    page.very_hidden()
