"""Reading .xlsx: every sheet within limits, with what its cells look like to people."""

import fastexcel
import polars as pl

from greenward.survey.workbooks.formats.archive import Archive
from greenward.survey.workbooks.formats.cells import sheet_of, with_percents, written_in
from greenward.survey.workbooks.formats.extent import check_extent
from greenward.survey.workbooks.formats.marks import Marks, marks_of
from greenward.survey.workbooks.formats.notes import hidden_sheets, stale_formulas
from greenward.survey.workbooks.formats.package import Listed, Package, described
from greenward.survey.workbooks.formats.reader import guarded, loaded
from greenward.survey.workbooks.grid import KEY_SHEET, Limits, Sheet, Workbook


def read_xlsx(content: bytes, limits: Limits) -> Workbook:
    """Return the workbook; WorkbookError where it is damaged, too large, or reaches out of itself."""
    archive = Archive(content, limits)
    package = described(archive)
    listed = [one for one in package.sheets if "/chartsheets/" not in one.part]
    for one in listed:
        check_extent(archive.xml(one.part), archive.xml(one.part, again=True), one.name, limits)
    with guarded():
        reader = fastexcel.read_excel(content)
        key = _key(reader, listed)
        sheets, notes = [], []
        for one in listed:
            marks = marks_of(archive.xml(one.part, again=True), one.name, package.percent)
            if not one.visible:
                continue
            sheet = _sheet(reader, one, package, marks, limits)
            if sheet is not None:
                sheets.append(sheet)
                notes += [stale_formulas(one.name)] if package.stale and marks.formulas else []
    hidden = [one.name for one in listed if not one.visible and not one.name.startswith(KEY_SHEET)]
    return Workbook(tuple(sheets), key, (*hidden_sheets(hidden), *notes))


def _sheet(
    reader: fastexcel.ExcelReader, one: Listed, package: Package, marks: Marks, limits: Limits
) -> Sheet | None:
    found = loaded(reader, one.name, limits)
    if found is None:
        return None
    cells, letters, first = found
    cells = with_percents(written_in(cells, letters, marks.texts), letters, marks.percent)
    return sheet_of(
        one.name,
        cells,
        first,
        merged=marks.merged,
        hidden_rows=marks.hidden_rows,
        hidden_columns=marks.hidden_columns,
        since_1904=package.since_1904,
    )


def _key(reader: fastexcel.ExcelReader, listed: list[Listed]) -> dict[str, str]:
    if all(one.name != KEY_SHEET for one in listed):
        return {}
    cells = reader.load_sheet(KEY_SHEET, header_row=None, skip_rows=0, n_rows=20, dtypes="string").to_polars()
    if cells.width < 2:  # noqa: PLR2004 - a key and its value
        return {}
    pairs: pl.DataFrame = cells.select(cells.columns[:2])
    return {str(name): str(value) for name, value in pairs.iter_rows() if name}
