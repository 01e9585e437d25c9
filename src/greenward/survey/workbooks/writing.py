"""Writing a plan's rows as entries, by COPY."""

import io

import polars as pl
import psycopg
from django.db import connection

from greenward.survey.models import Entry, ImportFile
from greenward.survey.states import Way

COLUMNS = ("round_id", "form", "level", "place_id", "values", "way", "at", "by_id", "file_id", "sheet", "row")
BLOCK = 20_000


def keep_content(file: ImportFile, content: bytes) -> None:
    """Store an uploaded workbook, sent as bytes: Django's own way writes it out as text, twice as long."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("UPDATE survey_importfile SET content = %b WHERE id = %s", [content, file.pk])


def write_entries(file: ImportFile, level: str, rows: pl.DataFrame) -> int:
    """Append an entry per row (``place_id``, ``kept``, ``sheet``, ``row``); return how many."""
    entries = rows.select(
        pl.lit(file.round_id).alias("round_id"),
        pl.lit(file.form).alias("form"),
        pl.lit(level).alias("level"),
        "place_id",
        pl.col("kept").alias("values"),
        pl.lit(Way.WORKBOOK.value).alias("way"),
        pl.lit(file.at.isoformat()).alias("at"),
        pl.lit(file.by_id, pl.Int64()).alias("by_id"),
        pl.lit(file.pk).alias("file_id"),
        "sheet",
        "row",
    )
    table = connection.ops.quote_name(Entry._meta.db_table)  # noqa: SLF001 - Django documents _meta
    columns = ", ".join(map(connection.ops.quote_name, COLUMNS))
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)") as copy,
    ):
        for block in entries.iter_slices(BLOCK):
            buffer = io.BytesIO()
            block.write_csv(buffer, include_header=False)
            copy.write(buffer.getbuffer())
    return entries.height
