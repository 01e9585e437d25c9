"""A sheet as a table: headings above, a row per object below."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl
from django.utils.translation import gettext as _

from greenward.packs.schema.forms import Form
from greenward.survey.workbooks.blocks import TEXT, Block, ColumnRead, Place
from greenward.survey.workbooks.context import about, completed
from greenward.survey.workbooks.grid import Area, Sheet
from greenward.survey.workbooks.headings import Heading, Headings
from greenward.survey.workbooks.lines import lines_of
from greenward.survey.workbooks.manners import NUMBERS
from greenward.survey.workbooks.meanings import OPTION, WHERE

DITTO = ("同上", "〃", '"', "″", "”", "同左上")
SHOWN_ROWS = 20


def table_of(sheet: Sheet, form: Form, headings: Headings) -> Block:
    """Return the table's data rows."""
    lines = lines_of(sheet, headings)
    said = completed(headings.columns, about(sheet, headings.top))
    names, begin = lines.body.columns, lines.begin
    cells = lines.body.select(
        pl.int_range(begin + 1, begin + 1 + pl.len(), dtype=pl.Int64()).alias("row"),
        pl.lit(None, TEXT).alias("column"),
        *(pl.col(names[position]).alias(meaning) for meaning, position in headings.columns.items()),
        *(pl.lit(text, TEXT).alias(mark) for mark, text in said.items()),
    )
    below = [_moved(area, begin) for area in sheet.merged if area.top >= begin]
    cells, merged = _unmerged(cells, below, form, headings)
    cells = _without_ditto(cells, [mark for mark in headings.columns if mark in WHERE], lines.kept)
    rows = cells.filter(lines.kept)
    return Block(
        sheet=sheet.name,
        rows=rows,
        places=dict(_places(sheet, headings, lines.units)),
        columns=tuple(_column(sheet, one) for one in headings.found),
        skipped=tuple(row + 1 for row in lines.skipped),
        heading_row=headings.row + 1,
        merged=_within(merged, lines.kept),
        notes=tuple(_hidden(sheet, headings, rows["row"])),
        since_1904=sheet.since_1904,
    )


def _places(sheet: Sheet, headings: Headings, units: Mapping[int, str]) -> Iterator[tuple[str, Place]]:
    for one in headings.found:
        meaning = one.found.meaning
        if headings.columns.get(meaning) == one.column and one.state in {"known", "given"}:
            below = (units[one.column],) if one.column in units else ()
            yield (
                meaning,
                Place(
                    sheet.letters[one.column],
                    headings.row + 1,
                    one.title,
                    (*one.found.remarks, *below),
                    given=one.found.given,
                ),
            )


def _field(one: Heading) -> str:
    return one.found.meaning.partition(OPTION)[0]


def _column(sheet: Sheet, one: Heading) -> ColumnRead:
    read = one.state in {"known", "given"}
    origin = "refused" if one.state == "unclear" else one.state
    return ColumnRead(sheet.letters[one.column], one.title, one.key, _field(one) if read else "", origin)


def _moved(area: Area, up: int) -> Area:
    return replace(area, top=area.top - up, bottom=area.bottom - up)


def _unmerged(
    cells: pl.DataFrame, merged: Sequence[Area], form: Form, headings: Headings
) -> tuple[pl.DataFrame, dict[str, list[tuple[int, int]]]]:
    """Return the cells with what merged ones say in each row; one number for several rows is not spread.

    Such runs are returned by field: rows from 0.
    """
    numbers = {one.id for one in form.fields if one.type in NUMBERS}
    at = {position: meaning for meaning, position in headings.columns.items()}
    shared: dict[str, list[tuple[int, int]]] = {}
    filled: dict[str, tuple[list[int], list[object]]] = {}
    for area in merged:
        meaning = at.get(area.left)
        if meaning is None or area.bottom == area.top:
            continue
        text = cells[area.top, meaning]
        if meaning in numbers and text is not None:
            shared.setdefault(meaning, []).append((area.top, area.bottom))
        elif text is not None:
            rows, texts = filled.setdefault(meaning, ([], []))
            rows += range(area.top, area.bottom + 1)
            texts += [text] * (area.bottom + 1 - area.top)
    columns = [cells[meaning].scatter(rows, texts) for meaning, (rows, texts) in filled.items()]
    return cells.with_columns(columns), shared


def _within(merged: Mapping[str, list[tuple[int, int]]], kept: pl.Series) -> dict[str, list[tuple[int, int]]]:
    """Return runs of the sheet's rows as runs of the rows that are kept; those of one row are none."""
    if not merged:
        return {}
    before = kept.cast(pl.Int64()).cum_sum()
    found: dict[str, list[tuple[int, int]]] = {}
    for meaning, runs in merged.items():
        for first, last in runs:
            begin = before[first] - int(kept[first])
            end = before[last] - 1
            if end > begin:
                found.setdefault(meaning, []).append((begin, end))
    return found


def _without_ditto(cells: pl.DataFrame, marks: Sequence[str], kept: pl.Series) -> pl.DataFrame:
    """Return the cells with what 同上 stands for."""
    for mark in (mark for mark in marks if cells[mark].dtype == TEXT):
        ditto = (cells[mark].str.strip_chars().is_in(list(DITTO)) & kept).fill_null(value=False)
        if ditto.any():
            last = pl.when(ditto | ~kept).then(None).otherwise(pl.col(mark)).forward_fill()
            cells = cells.with_columns(pl.when(ditto).then(last).otherwise(pl.col(mark)).alias(mark))
    return cells


def _hidden(sheet: Sheet, headings: Headings, rows: pl.Series) -> Iterator[str]:
    """Say which hidden rows and columns were read: filters leave them hidden, and nobody thinks of them."""
    hidden = sorted(set(sheet.hidden_rows) & set(rows.to_list())) if sheet.hidden_rows else []
    if hidden:
        yield _("“%(sheet)s”有 %(n)d 行是隐藏的，也读取了：第 %(rows)s 行；不要的请先删去。") % {
            "sheet": sheet.name, "n": len(hidden), "rows": "、".join(map(str, hidden[:SHOWN_ROWS])),
        }  # fmt: skip
    read = {sheet.letters[position] for position in headings.columns.values()}
    columns = [letter for letter in sheet.hidden_columns if letter in read]
    if columns:
        yield _("“%(sheet)s”的隐藏列也读取了：%(columns)s。") % {
            "sheet": sheet.name, "columns": "、".join(columns),
        }  # fmt: skip
