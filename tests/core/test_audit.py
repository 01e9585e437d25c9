"""The audit trail finds whatever was done to it."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from greenward.core import audit
from greenward.core.models import AuditEntry

AT = datetime(2022, 9, 15, 9, tzinfo=UTC)


@pytest.fixture
def trail(db: None) -> None:
    for number in range(1, 6):
        audit.record("test.act", f"thing:{number}", by=None, at=AT, step=number)


def tamper(sql: str) -> None:
    """Run SQL as somebody would who first switched the triggers off."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")
        cursor.execute(sql)
        cursor.execute("ALTER TABLE core_auditentry ENABLE TRIGGER USER")


def found() -> set[tuple[int, str]]:
    return {(b.number, b.code) for b in audit.verify()}


@pytest.mark.usefixtures("trail")
def test_whole_trail_has_no_break() -> None:
    assert found() == set()


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize(
    "change",
    [
        "action = 'test.other'",
        "data = '{\"step\": 9}'",
        "at = at + interval '1 second'",
        "scope = '/somewhere/'",
        "subject = 'thing:9'",
    ],
)
def test_changed_row_is_found(change: str) -> None:
    tamper(f"UPDATE core_auditentry SET {change} WHERE number = 3")
    assert found() == {(3, "changed")}


@pytest.mark.usefixtures("trail")
def test_removed_row_is_found() -> None:
    tamper("DELETE FROM core_auditentry WHERE number = 3")
    assert found() == {(3, "removed"), (4, "reordered")}


@pytest.mark.usefixtures("trail")
def test_removed_tail_is_found() -> None:
    tamper("DELETE FROM core_auditentry WHERE number = 5")
    assert found() == {(5, "removed")}


@pytest.mark.usefixtures("trail")
def test_swapped_rows_are_found() -> None:
    tamper(
        "UPDATE core_auditentry SET number = 10 WHERE number = 2;"
        "UPDATE core_auditentry SET number = 2 WHERE number = 3;"
        "UPDATE core_auditentry SET number = 3 WHERE number = 10"
    )
    assert {number for number, _code in found()} >= {2, 3}


@pytest.mark.usefixtures("trail")
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_auditentry SET action = 'x'",
        "DELETE FROM core_auditentry",
        "TRUNCATE core_auditentry",
    ],
)
def test_database_refuses_changes(sql: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEntry.objects.count() == 5
