"""``greenward audit`` and ``greenward calendar``: what they print, and their exit status."""

import json

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from greenward.core import audit
from greenward.core.cli import audit as command
from greenward.core.cli import calendar
from greenward.core.models import CalendarOverride
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


def on_calendar(*arguments: str) -> Result:
    return CliRunner().invoke(calendar, arguments)


def test_calendar_days_are_set_listed_and_removed() -> None:
    assert on_calendar("list").stdout == "没有另行规定的日子。\n"
    made = on_calendar("set", "2022-09-17", "--working", "--reason", "值班", "--json")
    assert json.loads(made.stdout) == {"day": "2022-09-17", "is_working": True, "reason": "值班"}
    on_calendar("set", "2022-09-15", "--holiday", "--reason", "校庆")
    assert on_calendar("list").stdout == "2022-09-15  放假  校庆\n2022-09-17  上班  值班\n"
    assert on_calendar("remove", "2022-09-17").stdout == "2022-09-17  放假  按公布的日历\n"
    assert [row["day"] for row in json.loads(on_calendar("list", "--json").stdout)] == ["2022-09-15"]


def test_calendar_does_not_guess_whether_a_day_is_worked() -> None:
    result = on_calendar("set", "2022-09-15", "--reason", "校庆")
    assert (result.exit_code, CalendarOverride.objects.count()) == (2, 0)
