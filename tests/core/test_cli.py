"""``greenward audit``: what it prints, and its exit status."""

import json

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from greenward.core import audit
from greenward.core.cli import audit as command
from tests.factories.accounts import AT, make_user

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def break_entry(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE core_auditentry DISABLE TRIGGER USER")
        cursor.execute("UPDATE core_auditentry SET action = 'x' WHERE number = %s", [number])
        cursor.execute("ALTER TABLE core_auditentry ENABLE TRIGGER USER")


def test_whole_trail_passes() -> None:
    for number in range(3):
        audit.record("test.act", f"thing:{number}", by=None, at=AT)
    result = run("verify", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"ok": True, "entries": 3, "breaks": []}


def test_broken_trail_fails_and_names_the_entry() -> None:
    for number in range(3):
        audit.record("test.act", f"thing:{number}", by=None, at=AT)
    break_entry(2)
    result = run("verify", "--json")
    assert result.exit_code == 1
    answer = json.loads(result.stdout)
    assert (answer["ok"], answer["entries"]) == (False, 3)
    assert [(b["number"], b["code"]) for b in answer["breaks"]] == [(2, "changed")]


def test_text_for_people() -> None:
    audit.record("test.act", "thing:1", by=None, at=AT)
    assert run("verify").stdout == "共 1 条审计记录，发现 0 处断裂。\n"


def test_list_filters_and_limits() -> None:
    user = make_user()
    audit.record("survey.import", "survey.round:1", by=user, at=AT, scope="/11/", rows=3)
    audit.record("survey.export", "survey.round:1", by=None, at=AT)
    audit.record("packs.install", "packs.edition:1", by=None, at=AT)
    rows = json.loads(run("list", "--action", "survey.", "--json").stdout)
    assert [(r["number"], r["action"], r["by"], r["data"]) for r in rows] == [
        (2, "survey.export", None, {}),
        (1, "survey.import", user.pk, {"rows": 3}),
    ]
    assert [r["number"] for r in json.loads(run("list", "--limit", "1", "--json").stdout)] == [3]
    assert json.loads(run("list", "--from", "2022-09-16", "--json").stdout) == []
