"""The second factor: asked for at sign-in, enforced by a setting, stored encrypted, written down."""

import json
from urllib.parse import unquote

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from greenward.accounts.models import User
from greenward.core.models import AuditEntry
from tests.factories.accounts import PASSWORD, make_token, make_user, sign_in, signed_in

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture
def required(settings: object) -> None:
    settings.GREENWARD_REQUIRE_SECOND_FACTOR = True


def code_now() -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return f"{hotp_value(SECRET, counter):06d}"


def give_factor(user: User) -> None:
    TOTP.activate(user, SECRET)


def test_sign_in_asks_for_the_code_and_lets_in_with_it() -> None:
    give_factor(make_user(password=PASSWORD))
    client = Client()
    assert sign_in(client, "street-clerk", PASSWORD)["Location"] == "/accounts/second-factor/authenticate/"
    assert "_auth_user_id" not in client.session
    page = client.get("/accounts/second-factor/authenticate/").content.decode()
    assert "请输入验证器应用上的六位数字" in page
    wrong = client.post("/accounts/second-factor/authenticate/", {"code": "000000"})
    assert wrong.status_code == 200
    assert "_auth_user_id" not in client.session
    right = client.post("/accounts/second-factor/authenticate/", {"code": code_now()})
    assert right["Location"] == "/"
    assert "_auth_user_id" in client.session


def test_secret_is_not_readable_in_the_database() -> None:
    give_factor(make_user())
    stored = json.dumps(Authenticator.objects.get().data)
    assert SECRET not in stored
    assert get_adapter().decrypt(Authenticator.objects.get().data["secret"]) == SECRET


def test_setting_it_up_demands_the_password_again_and_is_recorded(
    django_capture_on_commit_callbacks: object,
) -> None:
    user = make_user(password=PASSWORD)
    client = signed_in(user)
    first = client.get("/accounts/second-factor/totp/activate/")
    assert unquote(first["Location"]) == (
        "/accounts/reauthenticate/?next=/accounts/second-factor/totp/activate/"
    )
    again = client.post(first["Location"], {"password": PASSWORD})
    assert again["Location"] == "/accounts/second-factor/totp/activate/"
    page = client.get("/accounts/second-factor/totp/activate/")
    secret = page.context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(
            "/accounts/second-factor/totp/activate/", {"code": f"{hotp_value(secret, counter):06d}"}
        )
    assert done["Location"] == "/accounts/second-factor/recovery-codes/"
    assert len(client.get("/accounts/second-factor/recovery-codes/").context["unused_codes"]) == 10
    entry = AuditEntry.objects.filter(action="accounts.add_second_factor").order_by("number").first()
    assert (entry.by_id, entry.data) == (user.pk, {"kind": "totp"})


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/second-factor/",
        "/accounts/second-factor/webauthn/",
        "/accounts/second-factor/webauthn/add/",
        "/accounts/second-factor/totp/deactivate/",
        "/accounts/second-factor/recovery-codes/generate/",
        "/accounts/second-factor/reauthenticate/",
        "/accounts/password/",
        "/accounts/reauthenticate/",
    ],
)
def test_pages_are_ours(address: str) -> None:
    user = make_user(password=PASSWORD)
    give_factor(user)
    client = signed_in(user)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.get(address)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="content"' in page
    assert "<h1>" in page


def test_passkey_sign_in_offers_a_challenge() -> None:
    answer = Client().get("/accounts/second-factor/webauthn/login/", headers={"Accept": "application/json"})
    assert "challenge" in answer.json()["request_options"]["publicKey"]


@pytest.mark.usefixtures("required")
def test_without_one_only_setting_it_up_is_open() -> None:
    client = signed_in(make_user())
    assert client.get("/accounts/tokens/")["Location"] == "/accounts/second-factor/"
    assert "工作账户必须设置第二重验证" in client.get("/accounts/second-factor/").content.decode()
    assert client.get("/health/live").status_code == 200


@pytest.mark.usefixtures("required")
def test_without_one_nothing_is_written() -> None:
    user = make_user()
    client = signed_in(user)
    client.post("/accounts/tokens/", {"label": "test", "days": "9"})
    client.post("/accounts/settings/", {"language": "en"})
    user.refresh_from_db()
    assert (user.tokens.count(), user.language) == (0, "zh-hans")


@pytest.mark.usefixtures("required")
def test_programs_and_fragments_are_told() -> None:
    client = signed_in(make_user())
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.json()["code"]) == (403, "second_factor_required")
    fragment = client.get("/accounts/tokens/", headers={"HX-Request": "true"})
    assert (fragment.status_code, "<html" in fragment.content.decode()) == (403, False)


@pytest.mark.usefixtures("required")
def test_with_one_everything_is_open() -> None:
    user = make_user()
    give_factor(user)
    assert signed_in(user).get("/accounts/tokens/").status_code == 200


@pytest.mark.usefixtures("required")
def test_strangers_and_tokens_are_not_concerned() -> None:
    _token, plain = make_token(make_user())
    assert Client().get("/accounts/login/").status_code == 200
    answer = Client().get("/api/v1/openapi.json", headers={"Authorization": f"Bearer {plain}"})
    assert answer.status_code == 200


def test_off_by_default() -> None:
    assert signed_in(make_user()).get("/accounts/tokens/").status_code == 200
