"""Keeping a preview so that its pages need not read the workbook again: as Parquet, in small row groups."""

import io
from collections.abc import Sequence

import polars as pl

from greenward.survey.workbooks.communities import ID, TEXT
from greenward.survey.workbooks.opening import Sheet
from greenward.survey.workbooks.plan import Plan
from greenward.survey.workbooks.problems import Problem

GROUP = 2_000
FAULT: dict[str, pl.DataType] = {
    "level": TEXT, "code": TEXT, "sheet": TEXT, "row": ID, "column": TEXT, "value": TEXT, "message": TEXT
}  # fmt: skip
"""A problem or a warning (``level``) with its cell; ``column`` is empty where it is the whole row."""


def plan_kept(plan: Plan) -> bytes:
    """Return what becomes of each row: the columns ``ROW``."""
    return _parquet(plan.rows)


def cells_kept(sheets: Sequence[Sheet]) -> bytes:
    """Return the sheets as they came: ``sheet``, ``row`` as Excel counts, and a column per letter."""
    frames = [
        sheet.cells.rename(dict(zip(sheet.cells.columns, sheet.letters, strict=True)))
        .with_row_index("row", offset=1)
        .select(pl.lit(sheet.name).alias("sheet"), pl.col("row").cast(ID), *sheet.letters)
        for sheet in sheets
    ]
    return _parquet(pl.concat(frames, how="diagonal")) if frames else b""


def faults_kept(plan: Plan) -> bytes:
    """Return every problem and warning: the columns :data:`FAULT`, in the order of the workbook."""
    listed = [("problem", one) for one in plan.problems.sorted()]
    listed += [("warning", one) for one in plan.warnings.sorted()]
    return _parquet(pl.DataFrame([_fault(level, one) for level, one in listed], FAULT, orient="row"))


def frame_of(kept: bytes | memoryview) -> pl.DataFrame:
    """Return a frame that was kept; none for nothing."""
    return pl.read_parquet(io.BytesIO(kept)) if kept else pl.DataFrame()


def some_of(kept: bytes | memoryview, where: pl.Expr, first: int, most: int) -> pl.DataFrame:
    """Return ``most`` of the rows that fit, from ``first`` on; only what is needed is unpacked."""
    if not kept:
        return pl.DataFrame()
    return pl.scan_parquet(io.BytesIO(kept)).filter(where).slice(first, most).collect()


def _fault(level: str, one: Problem) -> tuple[object, ...]:
    return (level, one.code, one.sheet, one.row, one.column, one.value, one.message)


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd", row_group_size=GROUP)
    return buffer.getvalue()
