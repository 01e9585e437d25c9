"""Reading .xlsx: every sheet within limits, with what its cells look like to people."""

from dataclasses import dataclass
from functools import cached_property

import fastexcel
import polars as pl

from greenward.survey.workbooks.formats.archive import Archive
from greenward.survey.workbooks.formats.cells import sheet_of, with_percents, written_in
from greenward.survey.workbooks.formats.extent import check_extent
from greenward.survey.workbooks.formats.large import LARGE, read_large
from greenward.survey.workbooks.formats.marks import Marks, marks_of
from greenward.survey.workbooks.formats.notes import hidden_sheets, stale_formulas
from greenward.survey.workbooks.formats.package import Listed, Package, described
from greenward.survey.workbooks.formats.reader import guarded, loaded
from greenward.survey.workbooks.grid import KEY_SHEET, Limits, Sheet, Workbook, letter


def read_xlsx(content: bytes, limits: Limits) -> Workbook:
    """Return the workbook; WorkbookError where it is damaged, too large, or reaches out of itself."""
    archive = Archive(content, limits)
    package = described(archive)
    listed = [one for one in package.sheets if "/chartsheets/" not in one.part]
    opened = _Opened(archive, package, content, limits)
    key: dict[str, str] = {}
    sheets: list[Sheet] = []
    notes: list[str] = []
    for one in listed:
        if one.name == KEY_SHEET:
            key = _key(opened, one)
        elif not one.visible:
            marks_of(archive.xml(one.part), one.name, package.percent)  # formulas are looked for everywhere
        elif (found := _sheet(opened, one)) is not None:
            sheets.append(found[0])
            notes += [stale_formulas(one.name)] if package.stale and found[1].formulas else []
    hidden = [one.name for one in listed if not one.visible and not one.name.startswith(KEY_SHEET)]
    return Workbook(tuple(sheets), key, (*hidden_sheets(hidden), *notes))


@dataclass(frozen=True)
class _Opened:
    archive: Archive
    package: Package
    content: bytes
    limits: Limits

    @cached_property
    def reader(self) -> fastexcel.ExcelReader:
        """The library's reader of the whole workbook."""
        with guarded():
            return fastexcel.read_excel(self.content)

    def check(self, one: Listed) -> None:
        """See how far a sheet reaches before it is read."""
        blocks, again = self.archive.xml(one.part), self.archive.xml(one.part)
        check_extent(blocks, again, one.name, self.limits)


def _sheet(opened: _Opened, one: Listed) -> tuple[Sheet, Marks] | None:
    """Return a sheet and its marks; None where it is blank."""
    if opened.archive.size(one.part) >= LARGE:
        large = read_large(opened.archive, opened.package, one.name, one.part, opened.limits)
        if large is not None:
            return _marked(one.name, (large.top, large.body, 0), large.marks, opened.package), large.marks
    opened.check(one)
    marks = marks_of(opened.archive.xml(one.part), one.name, opened.package.percent)
    with guarded():
        texts = loaded(opened.reader, one.name, opened.limits)
    if texts is None:
        return None
    return _marked(one.name, (texts[0], None, texts[2]), marks, opened.package), marks


def _marked(
    name: str, columns: tuple[pl.DataFrame, pl.DataFrame | None, int], marks: Marks, package: Package
) -> Sheet:
    top, body, first = columns
    letters = [letter(first + number) for number in range(top.width)]
    before = top.height
    top = with_percents(written_in(top, letters, marks.texts), letters, marks.percent)
    if body is not None:
        body = written_in(body, letters, marks.texts, before)
        body = with_percents(body, letters, marks.percent, before)
    return sheet_of(
        name,
        top,
        first,
        body=body,
        merged=marks.merged,
        hidden_rows=marks.hidden_rows,
        hidden_columns=marks.hidden_columns,
        since_1904=package.since_1904,
    )


def _key(opened: _Opened, one: Listed) -> dict[str, str]:
    opened.check(one)
    with guarded():
        sheet = opened.reader.load_sheet(one.name, header_row=None, skip_rows=0, n_rows=20, dtypes="string")
        cells = sheet.to_polars()
    if cells.width < 2:  # noqa: PLR2004 - a key and its value
        return {}
    pairs: pl.DataFrame = cells.select(cells.columns[:2])
    return {str(name): str(value) for name, value in pairs.iter_rows() if name}
