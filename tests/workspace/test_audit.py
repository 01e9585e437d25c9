"""The audit viewer: who may read what, filters, and the chain's verification."""

from django.db import connection
from django.test import Client

from greenward.core import audit, clock
from tests.factories.territories import CITY, DISTRICT, STREET
from tests.factories.workspace import City, clerk


def actions(client: Client, query: str = "") -> list[str]:
    return [entry.action for entry in client.get(f"/audit/{query}").context["page"]]


def test_the_auditor_reads_all_and_filters(city: City, client: Client) -> None:
    audit.record("test.here", "thing:1", by=None, at=clock.now(), scope=city.version(STREET).path)
    audit.record("test.nowhere", "thing:2", by=None, at=clock.now())
    client.force_login(clerk("auditor", CITY))
    assert {"test.here", "test.nowhere"} <= set(actions(client))
    assert actions(client, "?action=test.") == ["test.nowhere", "test.here"]
    assert actions(client, f"?action=test.&place={DISTRICT}") == ["test.here"]
    assert actions(client, "?subject=thing:2") == ["test.nowhere"]
    assert actions(client, "?action=test.&first=2022-09-16") == []
    assert actions(client, "?person=nobody") == []


def test_others_may_not(city: City, client: Client) -> None:
    client.force_login(clerk("district_lead", DISTRICT))
    assert client.get("/audit/").status_code == 403
    assert "审计日志" not in client.get("/communities/").content.decode()


def test_an_auditor_of_a_district_reads_its_entries_only(city: City, client: Client) -> None:
    audit.record("test.here", "thing:1", by=None, at=clock.now(), scope=city.version(STREET).path)
    audit.record("test.nowhere", "thing:2", by=None, at=clock.now())
    client.force_login(clerk("auditor", DISTRICT))
    assert actions(client, "?action=test.") == ["test.here"]
    assert client.get(f"/audit/?place={CITY}").status_code == 404


def test_a_changed_entry_is_found(city: City, client: Client) -> None:
    entry = audit.record("test.here", "thing:1", by=None, at=clock.now())
    client.force_login(clerk("auditor", CITY))
    assert client.get("/audit/?verify=yes").context["breaks"] == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE core_auditentry SET action = 'x' WHERE number = %s", [entry.number])
        cursor.execute("SET LOCAL session_replication_role = origin")
    breaks = client.get("/audit/?verify=yes").context["breaks"]
    assert [(found.number, found.code) for found in breaks] == [(entry.number, "changed")]
