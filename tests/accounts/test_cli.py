"""``greenward accounts``: make an account, issue a token."""

import json

import pytest
from click.testing import CliRunner

from greenward.accounts.cli import accounts
from greenward.accounts.models import ApiToken, User
from greenward.accounts.queries import digest_of
from greenward.core.errors import InvalidInputError, NotFoundError
from tests.factories.accounts import PASSWORD, make_user

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
