"""The ground of every test: a database server of the tests' own, and a loud word on what was skipped."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import dj_database_url
import psycopg
import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.test import TransactionTestCase
from django.utils import translation
from psycopg.sql import SQL, Identifier
from pytest_django import DjangoDbBlocker, Settings

from greenward.config import embedded

ROOT = Path(__file__).resolve().parents[1]
JOURNEYS = "tests/journeys/"
FAST = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SHARED = "GREENWARD_TESTS_SHARED"
"""The variable that names the folder which all processes of one run share."""


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """Start the tests' own server where DATABASE_URL names none, so that a demonstration may run beside."""
    if address := os.environ.get("DATABASE_URL"):
        with django_db_blocker.unblock():
            begin_with_migrated(address)
        yield
        return
    home = Path(os.environ.get("GREENWARD_HOME") or ROOT)
    with embedded.running(embedded.Cluster(home / "var" / "postgres-test", durable=False)) as cluster:
        os.environ["DATABASE_URL"] = cluster.url()  # for the commands that tests run
        options = dj_database_url.parse(cluster.url())["OPTIONS"]
        connections["default"].settings_dict["OPTIONS"] = options
        with django_db_blocker.unblock():
            begin_with_migrated(cluster.url())
        yield
        with django_db_blocker.unblock():
            connections.close_all()


def begin_with_migrated(server: str) -> None:
    """Let test databases begin as copies of one that is migrated: once for all processes and later runs.

    It is named by what the migrations are; those of other migrations are dropped.
    """
    settings, ready = connections["default"].settings_dict, f"greenward_migrated_{digest_of_migrations()}"
    with psycopg.connect(server, autocommit=True) as maintenance:
        maintenance.execute("SELECT pg_advisory_lock(hashtext('greenward_migrated'))")
        found = maintenance.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'greenward_migrated%'"
        )
        if (ready,) not in (names := found.fetchall()):
            for (name,) in names:
                maintenance.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))
            making = "greenward_migrated_not_yet"
            maintenance.execute(SQL("CREATE DATABASE {}").format(Identifier(making)))
            settings["NAME"], named = making, settings["NAME"]
            call_command("migrate", verbosity=0, interactive=False)
            connections.close_all()
            settings["NAME"] = named
            rename = SQL("ALTER DATABASE {} RENAME TO {}")
            maintenance.execute(rename.format(Identifier(making), Identifier(ready)))
    settings["TEST"]["TEMPLATE"] = ready


def digest_of_migrations() -> str:
    """Return a short digest of the names of all migrations and of what ours say."""
    digest = hashlib.sha256(repr(sorted(MigrationLoader(None).disk_migrations)).encode())
    for file in sorted(ROOT.glob("src/greenward/*/migrations/*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


@pytest.fixture(scope="session", autouse=True)
def emptied_tables() -> Iterator[None]:
    """Let tests that commit empty every table afterwards, the audit trail too."""
    flush = TransactionTestCase._fixture_teardown  # noqa: SLF001 - where Django empties the tables

    def flush_without_triggers(case: TransactionTestCase) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
        flush(case)
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = origin")

    TransactionTestCase._fixture_teardown = flush_without_triggers  # noqa: SLF001 - the same
    yield
    TransactionTestCase._fixture_teardown = flush  # noqa: SLF001 - the same


@pytest.fixture(scope="session", autouse=True)
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Let the processes of a run leave each other what takes long to make."""
    own = tmp_path_factory.getbasetemp()
    os.environ[SHARED] = str(own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own)


@pytest.fixture(autouse=True)
def fast_settings(settings: Settings) -> None:
    """Hash test passwords quickly (how strong the real hashes are, Django tests itself).

    Look static files up when they are asked for: a client of a test need not list them all first.
    """
    settings.PASSWORD_HASHERS = FAST
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True)
def chinese(settings: Settings) -> Iterator[None]:
    """Begin in Chinese, whatever the page before left in the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in capitals when the browser tests did not run, and how to make them run."""
    skipped = [
        report for report in terminalreporter.stats.get("skipped", []) if report.nodeid.startswith(JOURNEYS)
    ]
    if not skipped:
        return
    reason = skipped[0].longrepr[2] if isinstance(skipped[0].longrepr, tuple) else str(skipped[0].longrepr)
    terminalreporter.write_sep("!", "BROWSER TESTS WERE SKIPPED", red=True, bold=True)
    terminalreporter.write_line(f"{len(skipped)} tests of {JOURNEYS} did not run. {reason}", red=True)
