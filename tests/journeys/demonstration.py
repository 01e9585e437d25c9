"""What journeys through the demonstration share: loading it, and signing in to it."""

import json
import os
from fcntl import LOCK_EX, flock
from functools import cache as once
from pathlib import Path

from django.core.cache import cache
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import Settings

from greenward.config.demonstration.load import load
from greenward.config.demonstration.people import PASSWORD
from greenward.config.demonstration.story import AS_OF
from tests.conftest import FAST, SHARED

CITY, HAIDIAN, PINGGU = "110000000000", "110108000000", "110117000000"
STREET, OTHER_STREET = "110108006000", "110108007000"
COMMUNITY, NEIGHBOUR, FAR = "110108006011", "110108006006", "110117001001"


BACK = """SELECT format('SELECT setval(%L, %s)', seqrelid::regclass, coalesce(last_value, seqstart))
FROM pg_sequence JOIN pg_sequences ON (schemaname || '.' || sequencename)::regclass = seqrelid
WHERE last_value IS NOT NULL"""

Copies = dict[str, bytes]
Kept = tuple[Copies, list[str]]


def stand_up(settings: Settings) -> None:
    """Make the empty database the demonstration as of its day."""
    settings.GREENWARD_TODAY = AS_OF
    cache.clear()
    bring_in()


def bring_in() -> None:
    """Fill the empty tables with the demonstration: loaded once, copied from then on."""
    put_back(*demonstration())


@once
def demonstration() -> Kept:
    """Return what every table of the demonstration holds, and what sets the sequences.

    The first process of a run loads it, into its own empty database; the others read what that one left.
    """
    folder = Path(os.environ[SHARED]) / "demonstration"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        flock(lock, LOCK_EX)
        whole = folder / "sequences.json"
        if not whole.exists():
            with override_settings(GREENWARD_TODAY=AS_OF, PASSWORD_HASHERS=FAST):
                load()
            kept = _taken()
            for table, rows in kept[0].items():
                (folder / f"{table}.rows").write_bytes(rows)
            whole.write_text(json.dumps(kept[1]))
            return kept
    copies = {file.stem: file.read_bytes() for file in folder.glob("*.rows")}
    return copies, json.loads(whole.read_text())


def _taken() -> Kept:
    """Return what every table holds, and what sets the sequences."""
    copies: Copies = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            with cursor.copy(f'COPY "{table}" TO STDOUT (FORMAT binary)') as rows:
                copies[table] = b"".join(rows)
        cursor.execute(BACK)
        return copies, [row[0] for row in cursor.fetchall()]


@transaction.atomic
def put_back(copies: Copies, sequences: list[str]) -> None:
    """Fill every table with its copy, in any order: foreign keys and triggers rest meanwhile."""
    connection.check_constraints()  # a table with checks pending cannot be emptied
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("TRUNCATE " + ", ".join(f'"{table}"' for table in copies))
        for table, rows in copies.items():
            with cursor.copy(f'COPY "{table}" FROM STDIN (FORMAT binary)') as into:
                into.write(rows)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        for statement in sequences:
            cursor.execute(statement)
        cursor.execute("ANALYZE")


def sign_in(visit: object, username: str) -> None:
    """Sign in to a demonstration account; checks both pages."""
    page = visit.open("/accounts/login/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    visit.check()
