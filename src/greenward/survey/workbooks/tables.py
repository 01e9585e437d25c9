"""A table's sheet: many rows of one place become one value, a list."""

import json
from collections.abc import Sequence
from datetime import date

import polars as pl

from greenward.packs.schema.forms import Field
from greenward.survey.workbooks.communities import ASKED, TEXT
from greenward.survey.workbooks.sheets import OWN_NAME

WHOSE = (*ASKED, "compound")


def gathered(rows: pl.DataFrame, columns: Sequence[Field], table: Field, key: str | None) -> pl.DataFrame:
    """Return one row per place as it is written, at the place's first line, with the table's column.

    ``rows`` are those of a ``Reading``; rows that give no column of the table are no rows of it.
    """
    if key and f"={OWN_NAME}" in rows.columns:
        rows = rows.rename({f"={OWN_NAME}": f"={key} of unit"})
    named = [f"={key} of unit"] if key and f"={key} of unit" in rows.columns else []
    whose = [name for name in WHOSE if name in rows.columns] + named
    found = [field for field in columns if f"={field.id}" in rows.columns and field.id != OWN_NAME]
    given = pl.any_horizontal(pl.col(f"={field.id}").is_not_null() for field in found)
    filled = rows.filter(given | pl.col("faulty")) if found else rows.clear()
    done = filled.group_by(["sheet", *whose], maintain_order=True).agg(
        pl.col("row").first(),
        pl.col("column").first(),
        pl.col("faulty").any(),
        pl.struct([pl.col(f"={field.id}").alias(field.id) for field in found] or [pl.lit(None).alias("none")])
        .map_batches(_text, return_dtype=TEXT, returns_scalar=True)
        .alias(f"={table.id}"),
    )
    return done.rename(dict.fromkeys(named, f"={key}"))


def _text(rows: pl.Series) -> str:
    listed = [
        {name: _plain(value) for name, value in row.items() if value is not None} for row in rows.to_list()
    ]
    return json.dumps([row for row in listed if row], ensure_ascii=False, sort_keys=True)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
