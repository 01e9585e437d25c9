"""The benchmarks' own databases, beside the product's and never mixed with it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.sql import SQL, Identifier

EMPTY = "greenward_bench_empty"
DEMONSTRATION = "greenward_bench"


@contextmanager
def opened(database: str) -> Iterator[None]:
    """Start the embedded server, make and migrate ``database`` if need be, and set Django up on it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenward.config.settings")
    os.environ.setdefault("GREENWARD_TODAY", "2022-09-15")
    from greenward.config import embedded  # noqa: PLC0415 - after the environment

    with embedded.running(database=database) as cluster:
        os.environ["DATABASE_URL"] = cluster.url(database)
        import django  # noqa: PLC0415 - the database's address must be known first

        django.setup()
        from django.db import connections  # noqa: PLC0415 - now that Django is set up

        from greenward.config.database import migrate  # noqa: PLC0415 - the same

        connections["default"].settings_dict["NAME"] = database  # a benchmark before may have set Django up
        connections.close_all()
        migrate()
        try:
            yield
        finally:
            connections.close_all()


@contextmanager
def fresh(database: str) -> Iterator[None]:
    """Open ``database`` anew, without anything that a run before left in it; it is dropped afterwards."""
    from greenward.config import embedded  # noqa: PLC0415 - after the environment

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "greenward.config.settings")
    with embedded.running() as cluster:
        _drop(cluster.url(), database)
        try:
            with opened(database):
                yield
        finally:
            _drop(cluster.url(), database)


def _drop(address: str, database: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(database)))


@contextmanager
def empty() -> Iterator[None]:
    """Open an empty database in a transaction that is rolled back."""
    with opened(EMPTY):
        from django.db import transaction  # noqa: PLC0415 - now that Django is set up

        with transaction.atomic():
            yield
            transaction.set_rollback(True)
