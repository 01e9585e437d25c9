"""Writing many rows at once: PostgreSQL's COPY, a tenth of the time that single rows take."""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Model
from psycopg import sql


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Append ``rows`` (values in the order of ``columns``, the table's own names) to the model's table.

    Runs in the current transaction; triggers and constraints hold as for any insert.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),  # noqa: SLF001 — Django documents _meta
        sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def copy_csv(model: type[Model], columns: Sequence[str], rows: bytes) -> None:
    """Append ``rows``, CSV without a heading in which an empty field is NULL, to the model's table.

    For frames that are text already: no row passes through Python.
    """
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
        sql.Identifier(model._meta.db_table),  # noqa: SLF001 — Django documents _meta
        sql.SQL(", ").join(map(sql.Identifier, columns)),
    )
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        copy.write(rows)


def analyse(*models: type[Model]) -> None:
    """Let the planner count the models' tables anew: after many new rows, before anybody reads them.

    The server does so by itself within minutes; until then a join can take seconds.
    """
    tables = sql.SQL(", ").join(sql.Identifier(model._meta.db_table) for model in models)  # noqa: SLF001 — Django documents _meta
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("ANALYZE {}").format(tables))
