"""``greenward accounts``: make an account, give it a new password, issue a token."""

import json

import pytest
from click.testing import CliRunner
from django.test import Client

from greenward.accounts.cli import accounts
from greenward.accounts.models import ApiToken, User
from greenward.accounts.queries import digest_of
from greenward.core.errors import InvalidInputError, NotFoundError
from greenward.core.models import AuditEntry
from tests.factories.accounts import PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db


def test_create_reads_the_password_from_a_pipe() -> None:
    result = CliRunner().invoke(accounts, ["create", "auditor", "--json"], input=f"{PASSWORD}\n")
    user = User.objects.get()
    assert json.loads(result.stdout) == {"id": user.pk, "username": "auditor"}
    assert user.check_password(PASSWORD)


def test_create_without_password() -> None:
    result = CliRunner().invoke(accounts, ["create", "exporter", "--no-password"])
    assert result.stdout == "已开立账户 exporter。\n"
    assert User.objects.get().has_usable_password() is False


def test_weak_password_makes_no_account() -> None:
    result = CliRunner().invoke(accounts, ["create", "auditor"], input="short\n")
    assert isinstance(result.exception, InvalidInputError)
    assert User.objects.count() == 0


def test_token_prints_the_plain_text_only() -> None:
    make_user("exporter")
    result = CliRunner().invoke(accounts, ["token", "exporter", "--label", "nightly export"])
    assert digest_of(result.stdout.strip()) == ApiToken.objects.get().digest


def test_token_for_nobody() -> None:
    result = CliRunner().invoke(accounts, ["token", "nobody", "--label", "x"])
    assert isinstance(result.exception, NotFoundError)
    assert ApiToken.objects.count() == 0


def test_a_new_password_ends_the_sign_ins_of_the_old_one() -> None:
    user = make_user("auditor", password=PASSWORD)
    client = Client()
    sign_in(client, "auditor", PASSWORD)
    assert client.get("/accounts/settings/").status_code == 200
    result = CliRunner().invoke(accounts, ["set-password", "auditor", "--json"], input="River-52-stone-oak\n")
    assert json.loads(result.stdout) == {"username": "auditor", "sessions_ended": 1}
    user.refresh_from_db()
    assert (user.check_password("River-52-stone-oak"), user.check_password(PASSWORD)) == (True, False)
    assert client.get("/accounts/settings/").status_code == 302
    newest = AuditEntry.objects.get(action="accounts.set_password")
    assert (newest.subject, newest.by, newest.data) == (f"accounts.user:{user.pk}", None, {"sessions": 1})


def test_a_weak_new_password_changes_nothing() -> None:
    user = make_user("auditor", password=PASSWORD)
    result = CliRunner().invoke(accounts, ["set-password", "auditor"], input="short\n")
    assert isinstance(result.exception, InvalidInputError)
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not AuditEntry.objects.filter(action="accounts.set_password").exists()
