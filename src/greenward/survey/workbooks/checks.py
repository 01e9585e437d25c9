"""Holding a workbook's rows against the form's checks: every row at once, what is known beside what is new.

Columns of the rows: ``=field`` what the workbook says, ``<field`` what is known, ``!field`` what the round
knows, ``?field`` whether the cell could not be read.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

import polars as pl

from greenward.packs import rules
from greenward.packs.schema.forms import Check, Field, Form
from greenward.survey.answers.checks import fields_of, sentence
from greenward.survey.answers.words import as_written
from greenward.survey.workbooks.problems import Problem, Problems

Named = Mapping[str, tuple[Field, ...]]
"""The fields of each check, by the check's id."""
Letters = Mapping[tuple[str, str], str]
"""The letter of a column, by sheet and field id."""


def concerned(form: Form, asked: Collection[str]) -> Named:
    """Return the checks that a workbook with the ``asked`` fields (ids) can break, with all their fields."""
    named = {check.id: fields_of(form, check) for check in form.checks}
    return {check: fields for check, fields in named.items() if any(field.id in asked for field in fields)}


def held_against(
    rows: pl.DataFrame,
    form: Form,
    named: Named,
    day: date,
    *,
    letters: Letters,
    problems: Problems,
    warnings: Problems,
) -> pl.DataFrame:
    """Return the rows with ``faulty`` set where the row breaks a check of level error.

    What is broken is told to ``problems`` or, where it is only a warning, to ``warnings``. Rows that write
    none of a check's fields do not break it, and what is unknown or unreadable breaks nothing.
    """
    checks = [check for check in form.checks if check.id in named]
    if not checks:
        return rows
    fields = {field.id: field for check in checks for field in named[check.id]}
    merged = rows.lazy().select(
        "sheet", "row", *(_merged(rows, name) for name in fields), *_touched(rows, named)
    )
    judged = merged.with_columns(_breaks(check, day) for check in checks).collect()
    for check in checks:
        group = judged.filter(pl.col(f"?{check.id}"))
        where = warnings if check.level == "warning" else problems
        where.add(check.id, group.height, _problems(check, named[check.id], group, letters))
        if check.level == "error":
            rows = rows.with_columns(faulty=rows["faulty"] | judged[f"?{check.id}"])
    return rows


def _merged(rows: pl.DataFrame, name: str) -> pl.Expr:
    """Return a field's value as it would be after the import; null where its cell could not be read."""
    known = pl.col(f"<{name}")
    value = pl.coalesce(f"={name}", known) if f"={name}" in rows.columns else known
    if f"?{name}" in rows.columns:
        value = pl.when(pl.col(f"?{name}").not_().fill_null(value=True)).then(value)
    return value.alias(name)


def _touched(rows: pl.DataFrame, named: Named) -> Iterator[pl.Expr]:
    """Yield for each check whether a row writes any of its fields."""
    for check, fields in named.items():
        asked = [field.id for field in fields if f"={field.id}" in rows.columns]
        yield pl.any_horizontal(_written(name) for name in asked).alias(f"!{check}")


def _written(name: str) -> pl.Expr:
    new = pl.col(f"={name}")
    return new.is_not_null() & (new.ne_missing(pl.col(f"<{name}")) | new.ne_missing(pl.col(f"!{name}")))


def _breaks(check: Check, day: date) -> pl.Expr:
    holds = rules.reader().column(check.rule, day).fill_null(value=True)
    return (pl.col(f"!{check.id}") & ~holds).alias(f"?{check.id}")


def _problems(
    check: Check, fields: tuple[Field, ...], rows: pl.DataFrame, letters: Letters
) -> Iterator[Problem]:
    """Yield a problem per row, at the first of the check's fields that the sheet has."""
    for row in rows.iter_rows(named=True):
        there = next(field.id for field in fields if (row["sheet"], field.id) in letters)
        value = row[there]
        yield Problem(
            row["sheet"],
            row["row"],
            letters[row["sheet"], there],
            "" if value is None else as_written(value),
            check.id,
            sentence(check, fields, row),
        )
