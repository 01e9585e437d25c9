"""From a sheet to columns: its data rows, who they are about as written, and every answer, typed."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from greenward.packs.schema.forms import Field, Form
from greenward.survey.answers.columns import read_column
from greenward.survey.answers.problems import described
from greenward.survey.workbooks.headings import (
    COMMUNITY_CODE,
    COMMUNITY_NAME,
    DISTRICT,
    STREET,
    Headings,
    find_headings,
)
from greenward.survey.workbooks.opening import Sheet
from greenward.survey.workbooks.problems import Problem, Problems, sentence

TOTALS = r"^\s*(合\s*计|总\s*计|小\s*计|共\s*计|总\s*数)"
NOTES = (
    r"^\s*(注|备注|说明|填表说明|填表人|填报人|制表|审核|审核人|负责人|联系人|联系电话|填报单位|填报日期|填表日期)"
    r"\s*([:：]|\d*[.、．])"
)
WHERE = {"code": COMMUNITY_CODE, "community": COMMUNITY_NAME, "street": STREET, "district": DISTRICT}


@dataclass(frozen=True)
class Reading:
    """What a sheet says.

    ``rows``: sheet, row, code, community, street, district, faulty (some cell does not fit), then a column
    ``=field`` per field found, and ``?field`` (the cell does not fit) where any does not. ``letters``:
    field id → column. ``skipped``: total and note rows, by their Excel numbers.
    """

    sheet: str
    rows: pl.DataFrame
    fields: tuple[Field, ...]
    letters: Mapping[str, str]
    skipped: tuple[int, ...]
    unknown_headings: tuple[str, ...]


def read_sheet(sheet: Sheet, form: Form, problems: Problems) -> Reading | None:
    """Read one sheet; None when it has no heading row. Cells that do not fit are told to ``problems``."""
    headings = find_headings(sheet, form)
    if headings is None:
        return None
    _tell_repeated(sheet, headings, problems)
    cells = sheet.cells.with_row_index("row", offset=1)
    cells = cells.with_columns(sheet=pl.lit(sheet.name), row=pl.col("row").cast(pl.Int64))[headings.row + 1 :]
    first = pl.coalesce(pl.col(sheet.cells.columns))
    beside = first.str.contains(TOTALS) | first.str.contains(NOTES)
    kept = cells.filter(first.is_not_null() & ~beside)
    skipped = cells.filter(first.is_not_null() & beside)["row"].to_list()
    fields = tuple(field for field in form.fields if field.id in headings.columns)
    answers: dict[str, pl.Series] = {}
    unread: dict[str, pl.Series] = {}
    faulty = pl.Series("faulty", [False], dtype=pl.Boolean()).new_from_index(0, kept.height)
    for field in fields:
        column = headings.columns[field.id]
        answers[field.id], codes = read_column(field, kept[:, column + 1])
        _tell_cells(
            field,
            sheet.letters[column],
            kept.select("sheet", "row", value=kept[:, column + 1]),
            codes,
            problems,
        )
        if codes.null_count() < len(codes):
            unread[field.id] = codes.is_not_null()
            faulty |= unread[field.id]
    where = {
        name: kept[:, headings.columns[meaning] + 1].str.strip_chars()
        if meaning in headings.columns
        else pl.Series(name, [None], dtype=pl.String()).new_from_index(0, kept.height)
        for name, meaning in WHERE.items()
    }
    rows = kept.select("sheet", "row").with_columns(
        *(series.alias(name) for name, series in where.items()),
        faulty.alias("faulty"),
        *(series.alias(f"={name}") for name, series in answers.items()),
        *(series.alias(f"?{name}") for name, series in unread.items()),
    )
    letters = {field.id: sheet.letters[headings.columns[field.id]] for field in fields}
    return Reading(sheet.name, rows, fields, letters, tuple(skipped), _unknown(sheet, headings))


def _tell_repeated(sheet: Sheet, headings: Headings, problems: Problems) -> None:
    for column in headings.repeated:
        title = str(sheet.cells[headings.row, column])
        letter = sheet.letters[column]
        problem = Problem(
            sheet.name, headings.row + 1, letter, title, "heading_twice", sentence("heading_twice")
        )
        problems.add("heading_twice", 1, [problem])


def _tell_cells(field: Field, letter: str, cells: pl.DataFrame, codes: pl.Series, problems: Problems) -> None:
    if codes.null_count() == len(codes):
        return
    wrong = cells.with_columns(code=codes).filter(pl.col("code").is_not_null())
    for (code,), group in wrong.group_by("code", maintain_order=True):
        message = f"{field.label}：{described(field, str(code)).message}"
        details = (
            Problem(sheet, row, letter, value, str(code), message)
            for sheet, row, value, _code in group.iter_rows()
        )
        problems.add(str(code), group.height, details)


def _unknown(sheet: Sheet, headings: Headings) -> tuple[str, ...]:
    return tuple(
        f"{sheet.letters[column]} {sheet.cells[headings.row, column]}" for column in headings.unknown
    )
