"""Reading .csv: whatever the encoding and the separator, as texts."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable, Sequence

import polars as pl
from django.utils.translation import gettext as _

from greenward.survey.workbooks.formats.cells import sheet_of
from greenward.survey.workbooks.formats.formulas import looks_like_formula
from greenward.survey.workbooks.grid import MOST_COLUMNS, Limits, Workbook
from greenward.survey.workbooks.refusals import (
    WorkbookError,
    damaged,
    empty,
    formulas,
    not_a_workbook,
    refuse,
    too_large_unpacked,
    too_many_rows,
)

MARKED = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
ENCODINGS = ("utf-8", "gb18030")
SEPARATORS = ",;\t"
SAMPLE = 30
"""Lines by which the separator is told."""
LONGEST = 32_767
"""Characters that a cell of Excel may have."""
NAME = "CSV"
SAID = "sep="


def read_csv(content: bytes, limits: Limits) -> Workbook:
    """Return the table as a workbook of one sheet; WorkbookError where it is no text or too large."""
    if len(content) > limits.unpacked:
        raise too_large_unpacked()
    text = decoded(content)
    rows, width = _rows(text, limits)
    if not rows or not width:
        raise empty()
    if width * len(rows) > limits.cells:
        raise too_many_rows(NAME, limits)
    columns = [[_cell(row[n]) if n < len(row) else None for row in rows] for n in range(width)]
    for column in columns:
        _check_formulas(column)
    frame = pl.DataFrame(
        {f"column_{n}": column for n, column in enumerate(columns)},
        schema=dict.fromkeys([f"column_{n}" for n in range(width)], pl.String()),
    )
    return Workbook((sheet_of(NAME, frame),), {})


def decoded(content: bytes) -> str:
    """Return the text: by its mark, else as UTF-8, else as GB 18030."""
    for mark, encoding in MARKED.items():
        if content.startswith(mark):
            return _strictly(content, encoding)
    if b"\x00" in content:
        raise not_a_workbook()
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise _unreadable()


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unreadable() from error


def _unreadable() -> WorkbookError:
    return refuse(
        "encoding",
        _("文件的文字编码读不出来。"),
        _("请用“另存为”选择“CSV UTF-8”或 .xlsx，再上传。"),
    )


def _rows(text: str, limits: Limits) -> tuple[list[list[str]], int]:
    """Return the rows up to the last one that says something, and the width up to the last such column."""
    separator = separator_of(text)
    rows: list[list[str]] = []
    last = width = 0
    csv.field_size_limit(LONGEST)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append(row)
            used = next((n for n in range(len(row), 0, -1) if row[n - 1].strip()), 0)
            if used:
                last, width = len(rows), max(width, used)
            if last > limits.rows or width > MOST_COLUMNS:
                raise too_many_rows(NAME, limits)
            if len(rows) - last > limits.rows:
                break
    except csv.Error as error:
        raise damaged() from error
    if rows and "".join(rows[0]).strip().lower().startswith(SAID):
        rows[0] = []
    return rows[:last], width


def separator_of(text: str) -> str:
    """Return the separator: as the file says itself (``sep=;``), else what most lines have as often."""
    lines = text.lstrip("\ufeff").splitlines()[: SAMPLE * 4]
    if lines and lines[0].strip().lower().startswith(SAID) and len(lines[0].strip()) == len(SAID) + 1:
        return lines[0].strip()[-1]
    sample = [line for line in lines if line.strip()][:SAMPLE]
    return max(SEPARATORS, key=lambda sign: _steady(sign, sample))


def _steady(sign: str, lines: Iterable[str]) -> tuple[int, int]:
    """Return how many lines have the sign equally often, and how often."""
    counts = Counter(n for line in lines if (n := _outside_quotes(line).count(sign)))
    often, many = max(counts.items(), key=lambda pair: (pair[1], pair[0]), default=(0, 0))
    return many * often, often


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _cell(text: str) -> str | None:
    """Return a cell's text; ``="0123"`` is how a text of digits is kept in .csv."""
    bare = text.strip()
    if bare.startswith('="') and bare.endswith('"') and len(bare) > 3:  # noqa: PLR2004 - the quotes
        return bare[2:-1]
    return text if bare else None


def _check_formulas(column: Sequence[str | None]) -> None:
    for text in column:
        if text and text[0] in "=+-@" and looks_like_formula(text):
            raise formulas(NAME, text)
