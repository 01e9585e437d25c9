"""The library that reads .xlsx and .xls, and what its troubles mean."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import fastexcel
import polars as pl

from greenward.survey.workbooks.formats.extent import SLACK
from greenward.survey.workbooks.grid import MOST_COLUMNS, Limits, letter
from greenward.survey.workbooks.refusals import damaged, too_many_rows

logging.getLogger("fastexcel").setLevel(logging.ERROR)  # it warns of every blank column


@contextmanager
def guarded() -> Iterator[None]:
    """Turn whatever the library says of a file that it cannot read into a refusal."""
    try:
        yield
    except fastexcel.FastExcelError as error:
        raise damaged() from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # raised by Rust, and not an Exception
            raise damaged() from error
        raise


def loaded(
    reader: fastexcel.ExcelReader, name: str, limits: Limits
) -> tuple[pl.DataFrame, list[str], int] | None:
    """Return a sheet's cells as text, its columns' letters, and the first one's index; None if blank."""
    sheet = reader.load_sheet(
        name,
        header_row=None,
        skip_rows=0,
        dtypes="string",
        n_rows=limits.rows + SLACK,
        whitespace_as_null=True,
    )
    if sheet.width == 0 or sheet.height == 0:
        return None
    columns = sheet.available_columns()
    cells = sheet.height * len(columns)
    if sheet.height > limits.rows or len(columns) > MOST_COLUMNS or cells > limits.cells:
        raise too_many_rows(name, limits)
    first = columns[0].absolute_index
    return sheet.to_polars(), [letter(first + number) for number in range(len(columns))], first
