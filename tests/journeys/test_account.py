"""One's own account in a browser: a passkey set up and used, the account's pages, every one checked."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from tests.factories.accounts import PASSWORD, make_user

OWN_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(autouse=True)
def forgetful() -> None:
    cache.clear()


def sign_in(visit: object, password: str = PASSWORD) -> None:
    page = visit.open("/accounts/login/")
    page.get_by_label("用户名").fill("street-clerk")
    page.get_by_label("密码").fill(password)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    visit.settle()


@pytest.mark.parametrize("width", [390, 1280])
def test_own_pages_are_sound(page_at: Callable, width: int) -> None:
    make_user(password=PASSWORD)
    visit = page_at(width)
    sign_in(visit)
    for address in (
        "/accounts/settings/",
        "/accounts/tokens/",
        "/accounts/sessions/",
        "/accounts/second-factor/",
        "/accounts/password/",
        "/accounts/logout/",
        "/api/v1/docs",
    ):
        page = visit.open(address)
        assert page.get_by_role("heading", level=1).count() == 1


def test_passkey_is_set_up_and_then_opens_the_door_alone(page_at: Callable) -> None:
    user = make_user(password=PASSWORD)
    visit = page_at(1280)
    keys = visit.page.context.new_cdp_session(visit.page)
    keys.send("WebAuthn.enable")
    keys.send("WebAuthn.addVirtualAuthenticator", {"options": OWN_KEY})
    sign_in(visit)
    page = visit.open("/accounts/second-factor/webauthn/add/")
    page.get_by_label("密码").fill(PASSWORD)
    visit.follow("确认", role="button")
    page.get_by_label("不用密码，只用它就能登录").check()
    page.get_by_role("button", name="添加", exact=True).click()
    page.wait_for_url("**/recovery-codes/")
    visit.check()
    assert Authenticator.objects.filter(user=user, type="webauthn").count() == 1
    visit.open("/accounts/second-factor/webauthn/")
    visit.open("/accounts/second-factor/totp/activate/")
    visit.open("/accounts/logout/").get_by_role("main").get_by_role("button", name="退出登录").click()
    page.wait_for_url(lambda address: "/accounts/logout/" not in address)
    visit.open("/accounts/login/").get_by_role("button", name="用通行密钥登录").click()
    page.wait_for_url(lambda address: "/accounts/login/" not in address)
    visit.open("/accounts/settings/")
    assert page.get_by_text("street-clerk").count() >= 1


def test_lock_out_says_until_when(page_at: Callable) -> None:
    make_user(password=PASSWORD)
    visit = page_at(390)
    for _ in range(4):
        sign_in(visit, "wrong word 123")
    visit.check()
    visit.open("/accounts/login/")
    visit.expected = {429}
    page = visit.page
    page.get_by_label("用户名").fill("street-clerk")
    page.get_by_label("密码").fill("wrong word 123")
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    visit.check()
    assert "可以再次登录的时间" in page.get_by_role("alert").inner_text()
