"""Language, large print and one's own settings; password rules; what settings promise."""

import pytest
from django.conf import settings as real
from django.test import Client

from greenward.accounts import actions
from greenward.accounts.models import User
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.core.models import AuditEntry
from tests.factories.accounts import AT, PASSWORD, make_user, signed_in

pytestmark = pytest.mark.django_db


def language_of(client: Client, address: str = "/accounts/login/") -> str:
    page = client.get(address).content.decode()
    return page.split('<html lang="')[1].split('"')[0]


def test_visitor_chooses_a_language() -> None:
    client = Client()
    assert language_of(client) == "zh-hans"
    client.post("/language/", {"language": "en", "next": "/accounts/login/"})
    assert language_of(client) == "en"


def test_persons_language_holds_on_every_device() -> None:
    user = make_user()
    signed_in(user).post("/language/", {"language": "en"})
    user.refresh_from_db()
    assert user.language == "en"
    other = signed_in(user)
    assert language_of(other, "/accounts/settings/") == "en"
    assert other.cookies["language"].value == "en"


def test_unknown_language_changes_nothing() -> None:
    user = make_user()
    signed_in(user).post("/language/", {"language": "xx"})
    user.refresh_from_db()
    assert user.language == "zh-hans"


@pytest.mark.parametrize("address", ["/language/", "/large-print/"])
def test_next_never_leads_elsewhere(address: str) -> None:
    answer = Client().post(address, {"language": "en", "large_print": "1", "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_visitors_large_print_is_a_cookie() -> None:
    client = Client()
    answer = client.post("/large-print/", {"on": "1", "next": "/accounts/login/"})
    assert answer["Location"] == "/accounts/login/"
    assert client.get("/accounts/login/").context["large_print"] is True
    client.post("/large-print/", {"on": "0"})
    assert client.get("/accounts/login/").context["large_print"] is False


def test_persons_large_print_is_kept() -> None:
    user = make_user()
    signed_in(user).post("/large-print/", {"on": "1"})
    assert signed_in(user).get("/accounts/settings/").context["large_print"] is True


def test_settings_are_saved_and_recorded_without_their_content() -> None:
    user = make_user()
    data = {"display_name": "街道经办", "email": "a@example.org", "language": "en", "large_print": "on"}
    assert signed_in(user).post("/accounts/settings/", data)["Location"] == "/accounts/settings/"
    user.refresh_from_db()
    assert (user.display_name, user.email, user.language, user.large_print) == (
        "街道经办",
        "a@example.org",
        "en",
        True,
    )
    entry = AuditEntry.objects.filter(action="accounts.change_settings").get()
    assert entry.data == {"fields": ["display_name", "email", "language", "large_print"]}


def test_wrong_input_stands_at_its_field_and_saves_nothing() -> None:
    user = make_user()
    answer = signed_in(user).post("/accounts/settings/", {"email": "no address", "language": "en"})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["email"])
    assert 'aria-invalid="true"' in answer.content.decode()
    user.refresh_from_db()
    assert (user.email, user.language) == ("", "zh-hans")


def test_nothing_changed_leaves_no_entry() -> None:
    user = make_user()
    actions.change_settings(user, by=user, at=AT, language="zh-hans")
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize("changes", [{"is_superuser": True}, {"language": "xx"}])
def test_nothing_else_can_be_changed(changes: dict[str, object]) -> None:
    user = make_user()
    with pytest.raises(InvalidInputError):
        actions.change_settings(user, by=user, at=AT, **changes)
    user.refresh_from_db()
    assert (user.is_superuser, user.language, AuditEntry.objects.count()) == (False, "zh-hans", 0)


@pytest.mark.parametrize(
    "password", ["short-9a", "password1234", "12345678901234", "street-clerk", "street-clerk1"]
)
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        actions.create_account("street-clerk", password=password, by=None, at=AT)
    assert refused.value.data == {"field": "password"}
    assert (User.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_account_is_made_and_recorded() -> None:
    user = actions.create_account("street-clerk", password=PASSWORD, by=None, at=AT)
    assert user.check_password(PASSWORD)
    assert AuditEntry.objects.get().action == "accounts.create"


def test_name_is_taken_whatever_its_case() -> None:
    make_user("Street-Clerk")
    with pytest.raises(ConflictError):
        actions.create_account("street-clerk", password=PASSWORD, by=None, at=AT)
    assert User.objects.count() == 1


def test_passwords_are_hashed_memory_hard() -> None:
    from greenward.config.settings import PASSWORD_HASHERS

    assert PASSWORD_HASHERS[0] == "django.contrib.auth.hashers.ScryptPasswordHasher"


def test_session_limits() -> None:
    assert (real.SESSION_COOKIE_AGE, real.GREENWARD_IDLE_SECONDS) == (28_800, 3600)
    assert real.SESSION_EXPIRE_AT_BROWSER_CLOSE is True
