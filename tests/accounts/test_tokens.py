"""Tokens: issued once, used with the owner's reach, refused when expired, revoked or wrong."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from greenward.accounts import actions
from greenward.accounts.models import ApiToken, User
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.core.models import AuditEntry
from tests.factories.accounts import AT, make_token, make_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_day(settings: object) -> None:
    settings.GREENWARD_TODAY = AT.date()


def call(plain: str | None) -> tuple[int, dict[str, object]]:
    """Read through the API's own authentication."""
    headers = {} if plain is None else {"Authorization": f"Bearer {plain}"}
    answer = Client().get("/api/v1/me", headers=headers)
    return answer.status_code, answer.json()


def test_token_acts_as_its_owner_and_notes_the_day() -> None:
    user = make_user()
    token, plain = make_token(user)
    assert call(plain) == (200, {"username": "street-clerk", "display_name": "", "language": "zh-hans"})
    token.refresh_from_db()
    assert token.last_used_on == date(2022, 9, 15)


def test_plain_text_is_kept_nowhere() -> None:
    token, plain = make_token(make_user())
    assert plain.startswith("gw_")
    assert plain[:8] == token.prefix
    kept = " ".join(str(value) for value in ApiToken.objects.values().get().values())
    assert plain not in kept
    assert plain not in str(list(AuditEntry.objects.values()))


@pytest.mark.parametrize("reason", ["unknown", "expired", "revoked", "inactive"])
def test_unusable_token_is_refused_with_its_reason(reason: str) -> None:
    user = make_user()
    token, plain = make_token(user)
    if reason == "unknown":
        plain += "x"
    elif reason == "expired":
        ApiToken.objects.update(expires_at=AT - timedelta(days=1))
    elif reason == "revoked":
        actions.revoke_token(token, by=user, at=AT)
    else:
        User.objects.update(is_active=False)
    status, problem = call(plain)
    assert (status, problem["code"], problem["data"]) == (401, "token_refused", {"reason": reason})
    assert ApiToken.objects.get().last_used_on is None


def test_no_token_is_refused_as_a_problem_that_says_how() -> None:
    answer = Client().get("/api/v1/me")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == 'Bearer realm="greenward"'
    assert answer.json()["data"] == {"reason": "missing"}


def test_browser_reads_with_its_session() -> None:
    assert signed_in(make_user()).get("/api/v1/me").status_code == 200


@pytest.mark.parametrize("days", [0, -1, 367])
def test_validity_has_bounds(days: int) -> None:
    user = make_user()
    with pytest.raises(InvalidInputError):
        make_token(user, days=days)
    assert (ApiToken.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_issue_and_revoke_are_recorded() -> None:
    user = make_user()
    token, _plain = make_token(user, days=30)
    actions.revoke_token(token, by=user, at=AT)
    assert list(AuditEntry.objects.order_by("number").values_list("action", "subject", "data")) == [
        ("accounts.issue_token", f"accounts.apitoken:{token.pk}", {"owner": user.pk, "days": 30}),
        ("accounts.revoke_token", f"accounts.apitoken:{token.pk}", {"owner": user.pk}),
    ]


def test_revoking_twice_is_refused_and_changes_nothing() -> None:
    user = make_user()
    token, _plain = make_token(user)
    actions.revoke_token(token, by=user, at=AT)
    with pytest.raises(ConflictError):
        actions.revoke_token(token, by=user, at=AT + timedelta(days=1))
    token.refresh_from_db()
    assert (token.revoked_at, AuditEntry.objects.count()) == (AT, 2)


def test_page_issues_and_shows_the_plain_text_once() -> None:
    client = signed_in(make_user())
    answer = client.post("/accounts/tokens/", {"label": "夜间导出", "days": "30"})
    plain = answer.context["plain"]
    assert plain in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert plain not in client.get("/accounts/tokens/").content.decode()
    assert call(plain)[0] == 200


def test_page_says_what_is_wrong() -> None:
    client = signed_in(make_user())
    answer = client.post("/accounts/tokens/", {"label": "", "days": "400"})
    assert (answer.status_code, sorted(answer.context["form"].errors)) == (422, ["days", "label"])
    assert ApiToken.objects.count() == 0


def test_page_revokes_ones_own() -> None:
    user = make_user()
    token, plain = make_token(user)
    assert signed_in(user).post(f"/accounts/tokens/{token.pk}/revoke/")["Location"] == "/accounts/tokens/"
    assert call(plain)[0] == 401


def test_strangers_cannot_tell_that_it_exists() -> None:
    token, plain = make_token(make_user())
    stranger = signed_in(make_user("auditor"))
    assert stranger.post(f"/accounts/tokens/{token.pk}/revoke/").status_code == 404
    assert token.prefix not in stranger.get("/accounts/tokens/").content.decode()
    assert call(plain)[0] == 200


@pytest.mark.parametrize("address", ["/accounts/tokens/", "/accounts/settings/", "/accounts/sessions/"])
def test_visitors_are_sent_to_sign_in_and_back(address: str) -> None:
    assert Client().get(address)["Location"] == f"/accounts/login/?next={address}"


def test_page_costs_no_query_per_token() -> None:
    user = make_user()
    client = signed_in(user)
    counts = []
    for number in (2, 18):
        for _ in range(number):
            make_token(user)
        client.get("/accounts/tokens/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/accounts/tokens/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
