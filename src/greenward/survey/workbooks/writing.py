"""Writing a plan's rows as entries, by COPY: a block becomes text while the server takes the one before."""

import io
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import polars as pl
import psycopg
from django.db import connection

from greenward.packs.schema.forms import Field, Form
from greenward.survey.models import Entry, ImportFile
from greenward.survey.states import Way
from greenward.survey.workbooks.changes import kept_json

COLUMNS = (
    "round_id", "form", "level", "place_id", "values", "way", "reasons", "at", "by_id", "file_id", "sheet",
    "row",
)  # fmt: skip
BLOCK = 8_000


def keep_content(file: ImportFile, content: bytes) -> None:
    """Store an uploaded workbook, sent as bytes: Django's own way writes it out as text, twice as long."""
    with kept_meanwhile(file, content):
        pass


@contextmanager
def kept_meanwhile(file: ImportFile, content: bytes) -> Iterator[None]:
    """Store an uploaded workbook while something else is done, which must not use the database."""
    connection.ensure_connection()
    with connection.wrap_database_errors, ThreadPoolExecutor(1) as aside:
        kept = aside.submit(_keep, connection.connection, file.pk, content)
        yield
        kept.result()


def _keep(raw: psycopg.Connection[Any], number: int, content: bytes) -> None:
    with psycopg.Cursor(raw) as cursor:
        cursor.execute("UPDATE survey_importfile SET content = %b WHERE id = %s", [content, number])


def write_entries(file: ImportFile, form: Form, fields: Sequence[Field], rows: pl.DataFrame) -> int:
    """Append an entry per row (``place_id``, ``+field`` columns, ``reasons``, ``sheet``, ``row``).

    Return how many.
    """
    table = connection.ops.quote_name(Entry._meta.db_table)  # noqa: SLF001 - Django documents _meta
    columns = ", ".join(map(connection.ops.quote_name, COLUMNS))
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.cursor.copy(f"COPY {table} ({columns}) FROM STDIN (FORMAT csv)") as copy,
    ):
        for block in _ahead(file, form, fields, rows):
            copy.write(block.getbuffer())
    return rows.height


def _ahead(file: ImportFile, form: Form, fields: Sequence[Field], rows: pl.DataFrame) -> Iterator[io.BytesIO]:
    """Yield the blocks, the next one in the making while the server takes this one."""
    with ThreadPoolExecutor(1) as aside:
        coming = None
        for block in rows.iter_slices(BLOCK):
            made = aside.submit(_text, file, form, fields, block)
            if coming is not None:
                yield coming.result()
            coming = made
        if coming is not None:
            yield coming.result()


def _text(file: ImportFile, form: Form, fields: Sequence[Field], block: pl.DataFrame) -> io.BytesIO:
    entries = block.lazy().select(
        pl.lit(file.round_id).alias("round_id"),
        pl.lit(form.id).alias("form"),
        pl.lit(form.level).alias("level"),
        "place_id",
        kept_json(fields).alias("values"),
        pl.lit(Way.WORKBOOK.value).alias("way"),
        pl.col("reasons").fill_null("{}"),
        pl.lit(file.at.isoformat()).alias("at"),
        pl.lit(file.by_id, pl.Int64()).alias("by_id"),
        pl.lit(file.pk).alias("file_id"),
        "sheet",
        "row",
    )
    buffer = io.BytesIO()
    entries.collect().write_csv(buffer, include_header=False)
    return buffer
