"""An export as an Excel workbook: what it is, a sheet per subject and table, sums, dictionary, sources."""

import io
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import polars as pl
import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.workbook import Workbook

from greenward.core.errors import InvalidInputError
from greenward.packs.schema.pack import Pack
from greenward.survey.exports import spliced
from greenward.survey.exports.chosen import Chosen, Subject
from greenward.survey.exports.columns import Column, columns_of, table_columns, table_rows
from greenward.survey.exports.dictionary import dictionary_frame, headings
from greenward.survey.exports.manifest import facts_about
from greenward.survey.exports.parts import source_columns, source_rows, sum_columns, sums_frame
from greenward.survey.exports.rows import Block, blocks

LONGEST_NAME = 31
FORBIDDEN = str.maketrans("", "", "[]:*?/\\'")
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
TITLE = {"bold": True, "bg_color": "#E3EFE8", "border": 1, "text_wrap": True, "valign": "top"}
WIDTHS = {"text": 18, "bool": 8, "whole": 12, "number": 14, "day": 12}


class TooLargeError(InvalidInputError):
    """The export does not fit into a sheet."""

    code = "too_large"


@dataclass
class Sheet:
    """A sheet in the making: its rows are kept as text in a file until the workbook is put together."""

    name: str
    columns: Sequence[Column]
    file: Path
    rows: int = 0
    styles: list[int] = field(default_factory=list)

    def add(self, frame: pl.DataFrame) -> None:
        """Append rows of a frame over which the columns are."""
        if self.rows + frame.height >= spliced.MOST_ROWS:
            raise TooLargeError(
                _("“%(sheet)s”超过 Excel 的行数上限（%(most)d 行）。")
                % {"sheet": self.name, "most": spliced.MOST_ROWS},
                hint=_("请选小一些的范围，不带来源，或改用 CSV、Parquet。"),
                sheet=self.name,
            )
        cells = frame.select(column.selected() for column in self.columns)
        texts = spliced.row_texts(cells, self.columns, self.styles, self.rows + 2)
        with self.file.open("ab") as out:
            texts.to_frame().write_csv(out, include_header=False, quote_style="never")
        self.rows += frame.height

    @property
    def last(self) -> str:
        """The reference of the last cell."""
        return f"{spliced.letters(len(self.columns) - 1)}{self.rows + 1}"


def write_workbook(chosen: Chosen, pack: Pack, target: IO[bytes]) -> int:
    """Write the workbook; return how many rows of places it has. Memory is bounded by a block."""
    with tempfile.TemporaryDirectory(prefix="greenward-export-") as name:
        folder = Path(name)
        sheets = _sheets(chosen, folder)
        book = _book(chosen, pack, sheets)
        _learn_styles(book, sheets)
        total = _fill(chosen, sheets)
        parts = {f"xl/worksheets/sheet{number}.xml": one for number, one in enumerate(sheets.values(), 2)}
        spliced.splice(
            book,
            target,
            {part: one.file for part, one in parts.items()},
            {part: one.last for part, one in parts.items()},
        )
    return total


def _sheets(chosen: Chosen, folder: Path) -> dict[str, Sheet]:
    """Return the sheets by key, in order: subjects and their tables, sums, sources."""
    found: dict[str, Sheet] = {}
    names: set[str] = {_("说明"), _("数据字典")}

    def add(key: str, title: str, columns: Sequence[Column]) -> None:
        name = _name(title, names)
        names.add(name)
        file = folder / f"{len(found)}.xml"
        file.touch()
        found[key] = Sheet(name, columns, file)

    for subject in chosen.subjects:
        add(subject.id, subject.title, columns_of(subject, chosen.wording))
        for one in subject.tables:
            title = f"{subject.title} {one.label}"
            add(f"{subject.id}/{one.id}", title, table_columns(subject, one, chosen.wording))
    add("#sums", _("按街道合计"), sum_columns(chosen.wording))
    if chosen.sources:
        add("#sources", _("来源"), source_columns(chosen.wording))
    return found


def _fill(chosen: Chosen, sheets: dict[str, Sheet]) -> int:
    total = 0
    for subject in chosen.subjects:
        for block in blocks(chosen, subject):
            total += block.rows.height
            _add(block, subject, sheets)
    sheets["#sums"].add(sums_frame(chosen))
    return total


def _add(block: Block, subject: Subject, sheets: dict[str, Sheet]) -> None:
    sheets[subject.id].add(block.rows)
    for one in subject.tables:
        sheets[f"{subject.id}/{one.id}"].add(table_rows(block.rows, one))
    if block.sources is not None:
        sheets["#sources"].add(source_rows(block))


def _book(chosen: Chosen, pack: Pack, sheets: dict[str, Sheet]) -> io.BytesIO:
    """Return the workbook with everything but the rows; row 2 of each sheet is a sample of its styles."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    title = book.add_format(TITLE)
    _explanation(book, chosen)
    for sheet in sheets.values():
        page = book.add_worksheet(sheet.name)
        page.freeze_panes(1, min(len(sheet.columns), 4) if sheet.columns[0].name.startswith("place_") else 0)
        page.set_row(0, 45)
        for position, column in enumerate(sheet.columns):
            page.write_string(0, position, column.heading, title)
            page.write_blank(1, position, None, book.add_format(_format(column)))
            page.set_column(position, position, WIDTHS[column.kind])
        page.autofilter(0, 0, 0, len(sheet.columns) - 1)
    _dictionary(book, pack, title)
    book.close()
    buffer.seek(0)
    return buffer


def _format(column: Column) -> dict[str, Any]:
    if column.kind == "day":
        return {"num_format": "yyyy-mm-dd"}
    if column.kind == "number" and column.decimals:
        return {"num_format": f"0.{'0' * column.decimals}"}
    if column.kind == "whole" or column.decimals == 0:
        return {"num_format": "0"}
    return {"num_format": "@"} if column.kind == "text" else {}


def _learn_styles(book: io.BytesIO, sheets: dict[str, Sheet]) -> None:
    with zipfile.ZipFile(book) as archive:
        for number, sheet in enumerate(sheets.values(), 2):
            sheet.styles = spliced.styles_of(archive.read(f"xl/worksheets/sheet{number}.xml"))
    book.seek(0)


def _explanation(book: Workbook, chosen: Chosen) -> None:
    page = book.add_worksheet(_("说明"))
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 90)
    for number, (name, text) in enumerate(facts_about(chosen)):
        page.write_string(number, 0, name, bold)
        page.write_string(number, 1, text, wrapped)


def dictionary_workbook(pack: Pack) -> bytes:
    """Return a workbook with the field dictionary alone."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, OPTIONS)
    _dictionary(book, pack, book.add_format(TITLE))
    book.close()
    return buffer.getvalue()


def _dictionary(book: Workbook, pack: Pack, title: Any) -> None:
    page = book.add_worksheet(_("数据字典"))
    named = headings()
    page.freeze_panes(1, 2)
    page.set_column(0, len(named) - 1, 18)
    page.write_row(0, 0, list(named.values()), title)
    for number, row in enumerate(dictionary_frame(pack).iter_rows(), 1):
        for position, text in enumerate(row):
            if text:
                page.write_string(number, position, text)


def _name(title: str, taken: Iterable[str]) -> str:
    """Return a name that Excel takes for a sheet, unlike those taken."""
    plain = title.translate(FORBIDDEN).strip()[:LONGEST_NAME] or "_"
    name, number = plain, 2
    while name.lower() in {one.lower() for one in taken}:
        name = f"{plain[: LONGEST_NAME - len(str(number)) - 1]} {number}"
        number += 1
    return name
