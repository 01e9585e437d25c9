"""Signing in by password: who gets in, where to, what is written down, when the door closes."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client

from greenward.core.models import AuditEntry
from tests.factories.accounts import PASSWORD, make_user, sign_in, signed_in

pytestmark = pytest.mark.django_db


def actions_recorded() -> list[str]:
    return list(AuditEntry.objects.order_by("number").values_list("action", flat=True))


def test_page_offers_password_and_passkey_without_sign_up() -> None:
    page = Client().get("/accounts/login/").content.decode()
    assert 'name="login"' in page
    assert 'id="passkey_login"' in page
    assert "signup" not in page


def test_right_password_leads_home_and_is_recorded() -> None:
    user = make_user(password=PASSWORD)
    client = Client()
    answer = sign_in(client, "street-clerk", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.by_id, entry.subject, entry.data) == (
        "accounts.sign_in",
        user.pk,
        f"accounts.user:{user.pk}",
        {},
    )


def test_next_leads_to_our_own_page() -> None:
    make_user(password=PASSWORD)
    answer = sign_in(Client(), "street-clerk", PASSWORD, next="/accounts/tokens/")
    assert answer["Location"] == "/accounts/tokens/"


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "http:evil.example",
    ],
)
def test_next_never_leads_elsewhere(address: str) -> None:
    make_user(password=PASSWORD)
    answer = sign_in(Client(), "street-clerk", PASSWORD, next=address)
    assert answer["Location"] == "/"


def test_session_ends_with_the_browser() -> None:
    make_user(password=PASSWORD)
    client = Client()
    sign_in(client, "street-clerk", PASSWORD)
    assert client.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == ""
    assert client.cookies[settings.SESSION_COOKIE_NAME]["httponly"] is True


def test_wrong_name_and_wrong_password_look_the_same() -> None:
    make_user(password=PASSWORD)
    wrong_password = sign_in(Client(), "street-clerk", "not this one 1")
    wrong_name = sign_in(Client(), "nobody-here", "not this one 1")
    texts = [
        answer.content.decode().replace(name, "NAME")
        for answer, name in ((wrong_password, "street-clerk"), (wrong_name, "nobody-here"))
    ]
    strip = [text.split("csrfmiddlewaretoken")[0] for text in texts]
    assert wrong_password.status_code == wrong_name.status_code == 200
    assert strip[0] == strip[1]
    assert "您提供的用户名或密码不正确。" in texts[0]
    assert "您提供的用户名或密码不正确。" in texts[1]


def test_failure_is_recorded_without_what_was_typed() -> None:
    user = make_user(password=PASSWORD)
    sign_in(Client(), "street-clerk", "wrong word 123")
    sign_in(Client(), "my-password-by-mistake", "wrong word 123")
    assert list(AuditEntry.objects.order_by("number").values_list("action", "subject", "data")) == [
        ("accounts.sign_in_failed", f"accounts.user:{user.pk}", {}),
        ("accounts.sign_in_failed", "accounts.user:unknown", {}),
    ]


@pytest.mark.parametrize("name", ["street-clerk", "nobody-here"])
def test_fifth_failure_closes_the_door_even_for_the_right_password(name: str) -> None:
    make_user(password=PASSWORD)
    client = Client()
    for _ in range(4):
        assert sign_in(client, name, "wrong word 123").status_code == 200
    fifth = sign_in(client, name, "wrong word 123")
    after = sign_in(client, name, PASSWORD)
    assert (fifth.status_code, after.status_code) == (429, 429)
    assert "_auth_user_id" not in client.session
    assert "暂停登录 15 分钟" in after.content.decode()
    assert 0 < int(after["Retry-After"]) <= 900
    assert actions_recorded() == ["accounts.sign_in_failed"] * 4 + ["accounts.locked_out"]


def test_door_opens_again_after_fifteen_minutes() -> None:
    make_user(password=PASSWORD)
    client = Client()
    for _ in range(5):
        sign_in(client, "street-clerk", "wrong word 123")
    attempt = AccessAttempt.objects.get()
    attempt.attempt_time -= timedelta(minutes=15, seconds=1)
    attempt.save()
    assert sign_in(client, "street-clerk", PASSWORD).status_code == 302


def test_lock_out_does_not_touch_others() -> None:
    make_user(password=PASSWORD)
    make_user("auditor", password=PASSWORD)
    client = Client()
    for _ in range(5):
        sign_in(client, "street-clerk", "wrong word 123")
    assert sign_in(client, "auditor", PASSWORD).status_code == 302


def test_inactive_account_stays_outside() -> None:
    make_user(password=PASSWORD, is_active=False)
    client = Client()
    answer = sign_in(client, "street-clerk", PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/inactive/")
    assert "_auth_user_id" not in client.session
    assert "账户已停用" in client.get("/accounts/inactive/").content.decode()


def test_sign_out_asks_by_post_only() -> None:
    user = make_user()
    client = signed_in(user)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session
    assert actions_recorded()[-1] == "accounts.sign_out"


@pytest.mark.parametrize("address", ["/accounts/signup/", "/accounts/email/", "/accounts/password/reset/"])
def test_doors_that_are_not_used_do_not_exist(address: str) -> None:
    assert Client().get(address).status_code == 404


def test_flood_from_one_address_is_slowed(settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip"}
    client = Client()
    answers = [sign_in(client, f"name-{number}", "wrong word 123") for number in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "短时间内请求过多" in answers[2].content.decode()
    assert answers[2]["Retry-After"] == "60"
