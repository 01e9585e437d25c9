"""Holding a workbook's rows against the form's checks: every row at once, what is known beside what is new.

Columns of the rows: ``=field`` what the workbook says, ``<field`` what is known, ``!field`` what the round
knows, ``?field`` whether the cell could not be read.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from greenward.packs import rules
from greenward.packs.schema.forms import Check, Field, Form
from greenward.survey.answers.checks import fields_of, sentence
from greenward.survey.answers.words import as_written
from greenward.survey.workbooks.problems import Problem, Problems

Named = Mapping[str, tuple[Field, ...]]
"""The fields of each check, by the check's id."""


@dataclass(frozen=True)
class Places:
    """Where a field stands, by sheet and field id.

    ``letters``: the column. ``lines``: the row as Excel counts, only where fields stand below each other;
    such a sheet's rows say their own ``column``.
    """

    letters: Mapping[tuple[str, str], str]
    lines: Mapping[tuple[str, str], int]

    def of(self, row: Mapping[str, Any], name: str) -> tuple[int, str]:
        """Return the row as Excel counts and the column's letter of a field in a row of the plan."""
        key = (row["sheet"], name)
        return self.lines.get(key, row["row"]), row["column"] or self.letters[key]


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
    places: Places,
    problems: Problems,
    warnings: Problems,
    reasons: Mapping[str, str] | None = None,
) -> pl.DataFrame:
    """Return the rows with ``faulty`` set where the row breaks a check of level error, and ``reasons``.

    What is broken is told to ``problems`` or, where it is only a warning, to ``warnings``. Rows that write
    none of a check's fields do not break it, and what is unknown or unreadable breaks nothing. ``reasons``
    (check id → why such rows stand nevertheless) become JSON in the rows that break the check, else null.
    """
    checks = [check for check in form.checks if check.id in named]
    if not checks:
        return rows.with_columns(reasons=pl.lit(None, pl.String()))
    fields = {field.id: field for check in checks for field in named[check.id]}
    merged = rows.lazy().select(
        "sheet", "row", "column", *(_merged(rows, name) for name in fields), *_touched(rows, named)
    )
    judged = merged.with_columns(_breaks(check, day) for check in checks).collect()
    for check in checks:
        group = judged.filter(pl.col(f"?{check.id}"))
        where = warnings if check.level == "warning" else problems
        where.add(check.id, group.height, _problems(check, named[check.id], group, places))
        if check.level == "error":
            rows = rows.with_columns(faulty=rows["faulty"] | judged[f"?{check.id}"])
    explained = [check for check in checks if (reasons or {}).get(check.id)]
    if not explained:
        return rows.with_columns(reasons=pl.lit(None, pl.String()))
    return rows.with_columns(judged.select(reasons=_reasons(explained, reasons or {}))["reasons"])


def _reasons(checks: list[Check], reasons: Mapping[str, str]) -> pl.Expr:
    pairs = [
        pl.when(f"?{check.id}").then(
            pl.lit(f"{json.dumps(check.id)}:{json.dumps(reasons[check.id], ensure_ascii=False)}")
        )
        for check in checks
    ]
    inside = pl.concat_str(pairs, separator=",", ignore_nulls=True)
    return pl.when(inside.str.len_bytes() > 0).then(pl.format("{{{}}}", inside))


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
    check: Check, fields: tuple[Field, ...], rows: pl.DataFrame, places: Places
) -> Iterator[Problem]:
    """Yield a problem per row, at the first of the check's fields that the sheet has."""
    for row in rows.iter_rows(named=True):
        there = next(field.id for field in fields if (row["sheet"], field.id) in places.letters)
        value = row[there]
        line, letter = places.of(row, there)
        yield Problem(
            row["sheet"],
            line,
            letter,
            "" if value is None else as_written(value),
            check.id,
            sentence(check, fields, row),
        )
