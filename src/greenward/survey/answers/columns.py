"""Reading a whole column of cells: the plain cases as columns, the odd ones once each by ``single.read``."""

import polars as pl

from greenward.packs.schema.forms import Column, Field
from greenward.survey.answers.manner import PLAIN, Manner
from greenward.survey.answers.problems import MOST_CHARACTERS, AnswerError
from greenward.survey.answers.single import Answer, read
from greenward.survey.answers.text import BROKEN, CONTROLS, UNKNOWN

KINDS: dict[str, pl.DataType] = {
    "bool": pl.Boolean(),
    "count": pl.Int64(),
    "number": pl.Float64(),
    "choice": pl.String(),
    "date": pl.Date(),
    "year": pl.Int64(),
    "text": pl.String(),
    "position": pl.String(),
    "file": pl.String(),
    "table": pl.String(),
}
"""The column type of each type of field; null is unknown. Of a table: JSON."""
NUMERIC = frozenset({"count", "number", "year"})
IN_CELL = {"file": "file_in_cell", "table": "table_in_cell"}
"""What a cell of a workbook cannot hold."""


def read_column(
    field: Field | Column, cells: pl.Series, manner: Manner = PLAIN
) -> tuple[pl.Series, pl.Series]:
    """Return the answers, typed, and the code of the problem where a cell does not fit (else null).

    ``cells`` are texts or numbers. Gives for every cell what ``single.read`` gives for it; files and tables
    fit no cell. Blank cells are null in both.
    """
    kind, text = KINDS[field.type], pl.String()
    given = cells.str.strip_chars() if cells.dtype == text else cells
    plain = _plain_cases(field, given, manner)
    odd = given.is_not_null() & plain.is_null()
    if not odd.any():
        return plain.cast(kind), pl.repeat(None, len(cells), dtype=text, eager=True).alias(cells.name)
    strange = pl.select(pl.when(odd).then(as_text(given))).to_series()
    answers, codes = _one_by_one(field, strange.drop_nulls().unique(), manner)
    mapped = strange.replace_strict(answers["cell"], answers["answer"], default=None, return_dtype=kind)
    problems = strange.replace_strict(codes["cell"], codes["code"], default=None, return_dtype=text)
    return pl.select(pl.coalesce(plain.cast(kind), mapped)).to_series(), problems.alias(cells.name)


def as_text(cells: pl.Series) -> pl.Series:
    """Return cells as people see them: whole numbers without a point."""
    if cells.dtype == pl.String():
        return cells
    if cells.dtype == pl.Float64():
        whole = (cells == cells.round(0)) & (cells.abs() < 10**15)
        short = pl.when(whole).then(cells).cast(pl.Int64()).cast(pl.String())
        return pl.select(pl.coalesce(short, cells.cast(pl.String()))).to_series().alias(cells.name)
    if cells.dtype in {pl.Datetime(), pl.Date()} or isinstance(cells.dtype, pl.Datetime):
        return cells.dt.strftime("%Y-%m-%d %H:%M:%S")
    return cells.cast(pl.String())


def _plain_cases(field: Field | Column, cells: pl.Series, manner: Manner) -> pl.Series:
    """Return the answers that need no second look, null for all others."""
    none = pl.repeat(None, len(cells), dtype=KINDS[field.type], eager=True).alias(cells.name)
    if field.type == "text" and cells.dtype == pl.String():
        fine = (
            (cells.str.len_chars() <= MOST_CHARACTERS)
            & ~cells.str.contains(CONTROLS)
            & ~cells.str.starts_with("=")
            & ~cells.str.to_lowercase().is_in(list(UNKNOWN | BROKEN))
        )
        return pl.select(pl.when(fine).then(cells)).to_series()
    if field.type not in NUMERIC or manner.share or manner.factor != 1 or not _may_be_numbers(cells):
        return none
    return _in_bounds(field, cells.cast(pl.Float64(), strict=False))


def _may_be_numbers(cells: pl.Series) -> bool:
    return cells.dtype == pl.String() or cells.dtype.is_numeric()


def _in_bounds(field: Field | Column, number: pl.Series) -> pl.Series:
    places = field.decimals if field.type == "number" else 0
    fine = number.is_finite() & (number.abs() < 2**53)
    if places is not None:
        fine &= number.round(places) == number
    if field.type == "count":
        fine &= number >= 0
    if field.type == "year":
        fine &= (number >= 1000) & (number <= 9999)  # noqa: PLR2004 - four digits
    if field.min is not None:
        fine &= number >= float(field.min)
    if field.max is not None:
        fine &= number <= float(field.max)
    return pl.select(pl.when(fine).then(number)).to_series()


def _one_by_one(field: Field | Column, cells: pl.Series, manner: Manner) -> tuple[pl.DataFrame, pl.DataFrame]:
    answers: dict[str, Answer | None] = {}
    codes: dict[str, str] = {}
    for cell in cells:
        if field.type in IN_CELL:
            codes[cell] = IN_CELL[field.type]
            continue
        try:
            answers[cell] = read(field, cell, manner)
        except AnswerError as error:
            codes[cell] = error.code
    text = pl.String()
    return (
        pl.DataFrame(
            {"cell": list(answers), "answer": list(answers.values())},
            {"cell": text, "answer": KINDS[field.type]},
        ),
        pl.DataFrame({"cell": list(codes), "code": list(codes.values())}, {"cell": text, "code": text}),
    )
