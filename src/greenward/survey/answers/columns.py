"""Reading a whole column of texts: the plain cases as columns, the odd ones once each by ``single.read``."""

import polars as pl

from greenward.packs.schema.forms import Field
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
}
"""The column type of each type of field; null is unknown."""


def read_column(field: Field, cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the answers, typed, and the code of the problem where a cell does not fit (else null).

    Gives for every cell what ``single.read`` gives for it. Blank cells are null in both.
    """
    kind = KINDS[field.type]
    text = cells.str.strip_chars()
    plain = _plain_cases(field, text)
    odd = text.is_not_null() & plain.is_null()
    if not odd.any():
        return plain.cast(kind), pl.Series(cells.name, [None], dtype=pl.String()).new_from_index(
            0, len(cells)
        )
    answers, codes = _one_by_one(field, text.filter(odd).unique(), kind)
    strange = pl.select(pl.when(odd).then(text)).to_series()
    mapped = strange.replace_strict(answers["cell"], answers["answer"], default=None, return_dtype=kind)
    problems = strange.replace_strict(codes["cell"], codes["code"], default=None, return_dtype=pl.String())
    return pl.select(pl.coalesce(plain.cast(kind), mapped)).to_series(), problems


def _plain_cases(field: Field, text: pl.Series) -> pl.Series:
    """Return the answers that need no second look, null for all others."""
    if field.type == "text":
        fine = (
            (text.str.len_chars() <= MOST_CHARACTERS)
            & ~text.str.contains(CONTROLS)
            & ~text.str.to_lowercase().is_in(list(UNKNOWN | BROKEN))
        )
        return pl.select(pl.when(fine).then(text)).to_series()
    if field.type not in {"count", "number"}:
        return pl.Series(text.name, [None], dtype=KINDS[field.type]).new_from_index(0, len(text))
    number = text.cast(pl.Float64(), strict=False)
    places = 0 if field.type == "count" else field.decimals
    fine = number.is_finite() & (number.abs() < 2**53)
    if places is not None:
        fine &= number.round(places) == number
    if field.type == "count":
        fine &= number >= 0
    if field.min is not None:
        fine &= number >= float(field.min)
    if field.max is not None:
        fine &= number <= float(field.max)
    return pl.select(pl.when(fine).then(number)).to_series()


def _one_by_one(field: Field, cells: pl.Series, kind: pl.DataType) -> tuple[pl.DataFrame, pl.DataFrame]:
    answers: dict[str, Answer | None] = {}
    codes: dict[str, str] = {}
    for cell in cells:
        try:
            answers[cell] = read(field, cell)
        except AnswerError as error:
            codes[cell] = error.code
    text = pl.String()
    return (
        pl.DataFrame(
            {"cell": list(answers), "answer": list(answers.values())}, {"cell": text, "answer": kind}
        ),
        pl.DataFrame({"cell": list(codes), "code": list(codes.values())}, {"cell": text, "code": text}),
    )
