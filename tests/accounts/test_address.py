"""An address is confirmed by whoever gets its mail and signs in; nothing is done by merely opening a link."""

import re

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from greenward.accounts.models import User
from greenward.accounts.queries import confirmed_address
from greenward.core.models import AuditEntry
from tests.factories.accounts import make_user, signed_in
from tests.factories.mail import confirmed

pytestmark = pytest.mark.django_db
ADDRESS = "Person@example.gov.cn"


@pytest.fixture(autouse=True)
def sends_mail(settings: Settings) -> None:
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "mail.example.gov.cn", "greenward@example.gov.cn"
    settings.GREENWARD_SITE = "https://greenward.example.gov.cn"


@pytest.fixture
def user() -> User:
    made = make_user("person")
    made.email = ADDRESS
    made.save()
    return made


def link(browser: Client) -> str:
    assert browser.post("/accounts/address/", {"next": "/accounts/settings/"}).status_code == 302
    found = re.search(r"https://greenward\.example\.gov\.cn(/\S+)", mail.outbox[-1].body)
    assert found
    return found[1]


def test_the_link_confirms_after_a_click(user: User) -> None:
    browser = signed_in(user)
    assert "发送确认邮件" in browser.get("/accounts/settings/").content.decode()
    path = link(browser)
    assert (mail.outbox[0].to, mail.outbox[0].subject) == ([ADDRESS], "绿社：确认您的电子邮件")
    assert ADDRESS in browser.get(path).content.decode()
    assert confirmed_address(user) == ""
    assert browser.post(path).status_code == 302
    assert confirmed_address(user) == ADDRESS
    assert "已确认" in browser.get("/accounts/settings/").content.decode()
    assert {one.action for one in AuditEntry.objects.filter(action__startswith="accounts.c")} >= {
        "accounts.confirm_address"
    }


def test_another_cannot_use_it_and_visitors_sign_in_first(user: User) -> None:
    path = link(signed_in(user))
    assert signed_in(make_user("other")).post(path).status_code == 404
    assert "/accounts/login/" in Client().get(path)["Location"]
    assert signed_in(user).post(f"{path[:-3]}x/").status_code == 404
    assert confirmed_address(user) == ""


def test_a_changed_address_is_confirmed_anew(user: User) -> None:
    browser = signed_in(user)
    path = link(browser)
    browser.post(path)
    user.email = "other@example.gov.cn"
    user.save()
    assert (confirmed_address(user), browser.post(path).status_code) == ("", 409)


def test_an_address_belongs_to_one_account(user: User) -> None:
    confirmed(make_user("first"), ADDRESS)
    browser = signed_in(user)
    assert browser.post(link(browser)).status_code == 409
    assert confirmed_address(user) == ""


def test_without_address_or_server_nothing_is_sent(user: User, settings: Settings) -> None:
    assert signed_in(make_user("without")).post("/accounts/address/").status_code == 422
    settings.EMAIL_HOST = ""
    browser = signed_in(user)
    assert "本站没有设置发送邮件" in browser.get("/accounts/settings/").content.decode()
    assert browser.post("/accounts/address/").status_code == 409
    assert mail.outbox == []
