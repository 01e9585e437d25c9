"""Which rows of a table are data: not totals, notes, signatures, units, numbering, or the headings again."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import polars as pl

from greenward.survey.answers.text import plain
from greenward.survey.answers.units import is_unit
from greenward.survey.workbooks.grid import Sheet
from greenward.survey.workbooks.headings import COMMUNITY_CODE, Headings, top_texts
from greenward.survey.workbooks.meanings import WHERE

TOTAL = r"(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|总\s*数|平\s*均\s*[值数]?|均\s*值)"
TOTALS = rf"^\s*(?:{TOTAL}\s*(?:[(（:：].*)?|.{{1,12}}{TOTAL})\s*$"
NOTES = (
    r"^\s*[*※★]?\s*(注|备注|说明|填表说明|填报说明|填写说明|例|示例|样例|填表人|填报人|制表|制表人|审核|审核人|复核人|负责人"
    r"|单位负责人|主管领导|联系人|联系电话|填报单位|填表单位|报送单位|填报日期|填表日期|报出日期|日期)"
    r"\s*[(（]?[^:：]{0,8}[)）]?\s*([:：]|\d*[.、．])"
)
ALONE = (
    r"[。；，：:]|^\s*[(（]?[\d一二三四五六七八九十]+[)）]?\s*[.、．）)]\s*\S{4}"
    r"|盖章|签字|签名|^\s*\d{4}\s*年\s*\d{1,2}\s*月"
)
"""What a row of one single cell says when it is a note."""
CODE = r"^\s*['’]?\d{12}(?:\.0)?\s*$"
FIRST_CELLS = 4
ACROSS = 3
NUMBERING = re.compile(
    r"[(（]?(?:\d{1,3}|[甲乙丙丁戊己庚辛a-z]|[①-⑳]|第?[一二三四五六七八九十]+列?)[)）]?", re.IGNORECASE
)
AGAIN = 3
"""Cells by which a repeated heading is told."""


@dataclass(frozen=True)
class Lines:
    """The rows below the headings.

    ``body`` begins at index ``begin`` of the sheet; ``kept`` says which of its rows are data, and
    ``skipped`` are the indexes in the sheet of those left out that are not blank. ``units``: a unit per
    column from a row below the headings.
    """

    body: pl.DataFrame
    begin: int
    kept: pl.Series
    skipped: tuple[int, ...]
    units: dict[int, str]


def lines_of(sheet: Sheet, headings: Headings) -> Lines:
    """Return which rows of the table are data."""
    texts = top_texts(sheet)
    begin = headings.row + 1
    units: dict[int, str] = {}
    while begin < len(texts) and (found := _about_columns(texts[begin])) is not None:
        units |= found
        begin += 1
    body = sheet.below(begin)
    first, filled = _first(body), pl.sum_horizontal(pl.all().is_not_null())
    alone = (filled == 1) & (first.str.contains(ALONE) | first.is_in(_titles(sheet, headings)))
    beside = (
        _totals(body, headings) | first.str.contains(NOTES) | alone | _again(sheet, body, headings, begin)
    )
    judged = body.select(blank=filled == 0, alone=filled == 1, beside=beside.fill_null(value=False))
    aside = (judged["beside"] | _banners(sheet, judged["alone"], begin)) & ~judged["blank"]
    skipped = tuple(begin + row for row in aside.arg_true().to_list())
    return Lines(body, begin, ~judged["blank"] & ~aside, skipped, units)


def _texts(body: pl.DataFrame) -> frozenset[str]:
    """Return the columns that are texts: words that matter stand nowhere else."""
    return frozenset(name for name, kind in body.schema.items() if kind == pl.String())


def _first(body: pl.DataFrame) -> pl.Expr:
    """Return the first cell of each row, where it is a text; empty where it is a number."""
    texts = _texts(body)
    return pl.coalesce(
        pl.col(name) if name in texts else pl.when(pl.col(name).is_not_null()).then(pl.lit(""))
        for name in body.columns
    )


def _totals(body: pl.DataFrame, headings: Headings) -> pl.Expr:
    """Tell rows that add up: the word stands in one of the first cells, and no code says otherwise."""
    names, texts = body.columns, _texts(body)
    where = [position for meaning, position in headings.columns.items() if meaning in WHERE]
    looked = [names[n] for n in dict.fromkeys((*range(min(FIRST_CELLS, len(names))), *where))]
    words = [pl.col(name).str.contains(TOTALS) for name in looked if name in texts]
    total = pl.any_horizontal(words) if words else pl.lit(value=False)
    code = names[headings.columns[COMMUNITY_CODE]] if COMMUNITY_CODE in headings.columns else ""
    if code in texts:
        total &= ~pl.col(code).str.contains(CODE).fill_null(value=False)
    return total.fill_null(value=False)


def _titles(sheet: Sheet, headings: Headings) -> list[str]:
    """Return what stands above the headings, alone in its row: it may come again on every page."""
    rows = ([text for text in row if text is not None] for row in sheet.head(headings.top).iter_rows())
    return [row[0] for row in rows if len(row) == 1]


def _again(sheet: Sheet, body: pl.DataFrame, headings: Headings, begin: int) -> pl.Expr:
    """Tell rows that say the headings again, as at the top of a printed page."""
    again, texts = pl.lit(value=False), _texts(body)
    for row in sheet.head(begin)[headings.top :].iter_rows():
        said = [(name, text) for name, text in zip(body.columns, row, strict=True) if text is not None]
        looked = _some(said) if len(said) > 1 else []
        if looked and all(name in texts for name, _text in looked):
            again |= pl.all_horizontal(pl.col(name) == text for name, text in looked)
    return again.fill_null(value=False)


def _some(said: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the first, the middle and the last of them."""
    return [said[0], said[len(said) // 2], said[-1]][: min(AGAIN, len(said))]


def _banners(sheet: Sheet, alone: pl.Series, begin: int) -> pl.Series:
    """Tell rows of one text across the table: the name of a street above its communities."""
    wide = [
        area.top - begin
        for area in sheet.merged
        if area.right - area.left + 1 >= ACROSS and area.top == area.bottom
    ]
    rows = pl.Series(wide, dtype=pl.Int64())
    return alone & pl.int_range(len(alone), eager=True).is_in(rows.implode())


def _about_columns(row: Sequence[str | None]) -> dict[int, str] | None:
    """Return the units that a row below the headings gives; {} if it numbers columns, None if it is data."""
    cells = {column: plain(text) for column, text in enumerate(row) if text is not None}
    if not cells:
        return None
    bare = {column: text.strip("()（）[]【】 ") for column, text in cells.items()}
    units = {column: text for column, text in bare.items() if is_unit(text)}
    marks = {"-", "—", "/", "单位", "计量单位"}
    if units and all(text in marks or column in units for column, text in bare.items()):
        return units
    if len(cells) > 1 and all(NUMBERING.fullmatch(text) for text in cells.values()) and _counts(cells):
        return {}
    return None


def _counts(cells: dict[int, str]) -> bool:
    """Tell whether cells count columns: the numbers among them go up by one."""
    numbers = [int(digits[0]) for text in cells.values() if (digits := re.findall(r"\d+", text))]
    return all(after == before + 1 for before, after in pairwise(numbers))
