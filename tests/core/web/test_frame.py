"""What every answer carries: strict headers, identifier, banner, language, large print; health."""

import json
import logging
import re
from datetime import date

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from structlog.testing import capture_logs

from tests.factories.accounts import make_user, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/accounts/login/"


def test_content_security_policy_is_exactly_this() -> None:
    policy = Client().get(PAGE)["Content-Security-Policy"]
    assert sorted(part.strip() for part in policy.split(";")) == [
        "base-uri 'none'",
        "connect-src 'self'",
        "default-src 'none'",
        "font-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "report-uri /csp-report",
        "script-src 'self'",
        "style-src 'self'",
        "worker-src 'self'",
    ]


@pytest.mark.parametrize(
    "name,value",
    [
        ("X-Frame-Options", "DENY"),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ],
)
def test_other_headers(name: str, value: str) -> None:
    assert Client().get(PAGE)[name] == value


def test_request_gets_an_identifier_or_keeps_a_sound_one() -> None:
    assert re.fullmatch("[0-9a-f]{32}", Client().get(PAGE)["X-Request-ID"])
    assert Client().get(PAGE, headers={"X-Request-ID": "proxy-12345"})["X-Request-ID"] == "proxy-12345"
    assert Client().get(PAGE, headers={"X-Request-ID": 'a" b\tc'})["X-Request-ID"] != 'a" b\tc'


def test_line_holds_route_and_number_and_nothing_personal() -> None:
    user = make_user(display_name="某某")
    with capture_logs() as logs:
        signed_in(user).get("/accounts/tokens/?name=secret")
    line = logs[-1]
    assert {k: line[k] for k in ("event", "method", "route", "status", "user")} == {
        "event": "request",
        "method": "GET",
        "route": "accounts:tokens",
        "status": 200,
        "user": user.pk,
    }
    assert set(line) == {"event", "method", "route", "status", "user", "ms", "log_level"}


def test_lines_are_json() -> None:
    from greenward.core.web.logging import JsonFormatter

    record = logging.LogRecord("greenward", logging.WARNING, "", 1, "街道 %s", ("甲",), None)
    line = json.loads(JsonFormatter().format(record))
    assert (line["event"], line["level"], line["logger"]) == ("街道 甲", "warning", "greenward")


def test_demonstration_day_shows_in_a_banner(settings: object) -> None:
    settings.GREENWARD_TODAY = date(2022, 9, 15)
    assert "2022-09-15" in Client().get(PAGE).content.decode()
    settings.GREENWARD_TODAY = None
    assert "演示时间" not in Client().get(PAGE).content.decode()


def test_health() -> None:
    assert Client().get("/health/live").json() == {"status": "ok"}
    assert Client().get("/health/ready").json() == {"status": "ok"}


@pytest.mark.parametrize("number", [1, 2])
def test_alive_asks_no_database(number: int, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):
        Client().get("/health/live")


def test_not_ready_without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_anything: object) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(MigrationExecutor, "__init__", unreachable)
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "reason": "database"})


def test_not_ready_with_an_older_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_anything: ["one"])
    answer = Client().get("/health/ready")
    assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "reason": "migrations"})


def report(body: bytes) -> list[dict[str, object]]:
    with capture_logs() as logs:
        answer = Client().post("/csp-report", body, content_type="application/csp-report")
    assert answer.status_code == 204
    return [line for line in logs if line["event"] == "csp_report"]


def test_csp_report_is_logged_without_query_strings() -> None:
    body = {"csp-report": {"violated-directive": "script-src", "document-uri": "http://x/p?name=a"}}
    assert report(json.dumps(body).encode()) == [
        {
            "event": "csp_report",
            "log_level": "warning",
            "violated_directive": "script-src",
            "blocked_uri": "",
            "document_uri": "http://x/p",
        }
    ]


def test_csp_report_too_large_is_dropped() -> None:
    assert report(b"x" * 8193) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"\xff", b'{"csp-report": 3}'])
def test_unreadable_csp_report_breaks_nothing(body: bytes) -> None:
    assert [set(line) for line in report(body)] == [{"event", "log_level"}]
