"""A workbook of the same cells, for files that are no .xlsx: what it said, marked, and the list."""

import io
from collections.abc import Iterable, Mapping, Sequence

import polars as pl
import xlsxwriter
from xlsxwriter.workbook import Workbook

from greenward.survey.workbooks.grid import index_of
from greenward.survey.workbooks.marking.faults import LIST_SHEET, MOST_COMMENTS, PROBLEM, WARNING, Mark

FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", "_"))
LONGEST_NAME = 31
WIDTH = 14


def plain_copy(
    cells: pl.DataFrame, marks: Mapping[str, Sequence[Mark]], rows: Iterable[Sequence[str]]
) -> bytes:
    """Return an .xlsx with the cells as text; ``cells`` as ``storing.cells_kept`` keeps them."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(buffer, {**options, "in_memory": True})
    for name in cells["sheet"].unique(maintain_order=True) if cells.width else ():
        _sheet(book, str(name), cells.filter(pl.col("sheet") == name), marks.get(str(name), ()))
    page = book.add_worksheet(_title(LIST_SHEET, book))
    page.set_column(0, 3, WIDTH)
    page.set_column(4, 4, 80)
    for number, texts in enumerate(rows):
        for column, text in enumerate(texts):
            page.write_string(number, column, text)
    book.close()
    return buffer.getvalue()


def _sheet(book: Workbook, name: str, cells: pl.DataFrame, marks: Sequence[Mark]) -> None:
    page = book.add_worksheet(_title(name, book))
    grounds = {
        warning: book.add_format({"bg_color": f"#{colour[2:]}", "num_format": "@"})
        for warning, colour in ((False, PROBLEM), (True, WARNING))
    }
    text = book.add_format({"num_format": "@"})
    marked = {(mark.row, mark.column): mark for mark in marks}
    there = [letter for letter in cells.columns[2:] if cells[letter].null_count() < cells.height]
    places = sorted({*map(index_of, there), *(mark.column for mark in marks)})
    by_place = {index_of(letter): letter for letter in there}
    page.set_column(0, max(places, default=0), WIDTH)
    for row in cells.iter_rows(named=True):
        for column in places:
            mark = marked.get((row["row"], column))
            value = row[by_place[column]] if column in by_place else None
            if mark is not None:
                page.write_string(row["row"] - 1, column, value or "", grounds[mark.is_warning])
            elif value is not None:
                page.write_string(row["row"] - 1, column, value, text)
    for mark in marks[:MOST_COMMENTS]:
        page.write_comment(mark.row - 1, mark.column, mark.text)


def _title(name: str, book: Workbook) -> str:
    """Return a name that Excel takes and that the book does not have yet."""
    plain = name.translate(FORBIDDEN).strip("'")[:LONGEST_NAME] or "1"
    taken = {str(page.name).lower() for page in book.worksheets()}
    tries = (plain, *(f"{plain[:26]}({number})" for number in range(2, 1000)))
    return next(one for one in tries if one.lower() not in taken)
