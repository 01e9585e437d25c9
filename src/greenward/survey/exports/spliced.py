"""Large sheets in a workbook: rows as columns of text, put into what XlsxWriter made of the rest.

XlsxWriter writes cell by cell, a minute for ten million; whole columns at a time take seconds.
"""

import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

import polars as pl

from greenward.survey.exports.columns import Column

SHEET_DATA_END = b"</sheetData>"
SAMPLE = re.compile(rb'<row r="2"[^>]*>(.*?)</row>', re.DOTALL)
STYLE = re.compile(rb'<c r="[A-Z]+2"(?: s="(\d+)")?')
DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
CHUNK = 1 << 20
MOST_ROWS = 1_048_576
"""Rows that a sheet of Excel can have."""
EPOCH_DAYS = 25_569
"""Days from Excel's day 0 to 1970-01-01."""
UNWRITABLE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"


def letters(column: int) -> str:
    """Return the letters of a column, counted from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def row_texts(rows: pl.DataFrame, columns: Sequence[Column], styles: Sequence[int], first: int) -> pl.Series:
    """Return a row element per row. ``rows`` has the columns by name, ``first`` is the first row's number."""
    numbered = rows.with_row_index("#n", offset=first)
    cells = [
        _cell(column, letters(position), style)
        for position, (column, style) in enumerate(zip(columns, styles, strict=True))
    ]
    number = pl.col("#n").cast(pl.String)
    text = pl.concat_str(
        [pl.lit('<row r="'), number, pl.lit('">'), *cells, pl.lit("</row>")], ignore_nulls=True
    )
    return numbered.select(text.alias("row")).to_series()


def _cell(column: Column, letter: str, style: int) -> pl.Expr:
    """Return a cell element; null where there is no value."""
    value, number = pl.col(column.name), pl.col("#n").cast(pl.String)
    start = [pl.lit(f'<c r="{letter}'), number]
    if column.kind == "text":
        plain = (
            value.str.replace_all(UNWRITABLE, "")
            .str.replace_all("&", "&amp;", literal=True)
            .str.replace_all("<", "&lt;", literal=True)
            .str.replace_all(">", "&gt;", literal=True)
        )
        tail = f'" s="{style}" t="inlineStr"><is><t xml:space="preserve">'
        return pl.concat_str([*start, pl.lit(tail), plain, pl.lit("</t></is></c>")])
    if column.kind == "bool":
        bit = value.cast(pl.Int8).cast(pl.String)
        return pl.concat_str([*start, pl.lit(f'" s="{style}" t="b"><v>'), bit, pl.lit("</v></c>")])
    if column.kind == "day":
        value = value.cast(pl.Int32) + EPOCH_DAYS
    return pl.concat_str([*start, pl.lit(f'" s="{style}"><v>'), value.cast(pl.String), pl.lit("</v></c>")])


def styles_of(sheet: bytes) -> list[int]:
    """Return the styles of the cells of row 2, which XlsxWriter wrote as a sample."""
    found = SAMPLE.search(sheet)
    return [int(style or 0) for style in STYLE.findall(found[1])] if found else []


def splice(book: IO[bytes], target: IO[bytes], rows: Mapping[str, Path], last: Mapping[str, str]) -> None:
    """Copy the workbook to ``target`` with rows put in.

    ``rows``: part of the archive → file with its row elements, which replace everything from row 2 on.
    ``last``: part → the reference of the last cell.
    """
    with (
        zipfile.ZipFile(book) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as made,
    ):
        for name in source.namelist():
            if name not in rows:
                made.writestr(source.getinfo(name), source.read(name), zipfile.ZIP_DEFLATED, 6)
                continue
            sheet = DIMENSION.sub(b'<dimension ref="A1:%s"/>' % last[name].encode(), source.read(name))
            before, after = sheet.split(SHEET_DATA_END)
            with made.open(name, "w", force_zip64=True) as part, rows[name].open("rb") as texts:
                part.write(SAMPLE.sub(b"", before))
                while chunk := texts.read(CHUNK):
                    part.write(chunk)
                part.write(SHEET_DATA_END + after)
