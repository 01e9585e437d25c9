"""Where one is signed in: listed, ended one by one or all, and over by itself in time."""

import time

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from greenward.accounts.web.devices import device_of
from greenward.core.models import AuditEntry
from tests.factories.accounts import PASSWORD, make_user, sign_in

pytestmark = pytest.mark.django_db
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 MicroMessenger/8.0"


def browser(user_agent: str, username: str = "street-clerk") -> Client:
    client = Client(headers={"User-Agent": user_agent})
    assert sign_in(client, username, PASSWORD).status_code == 302
    return client


def is_in(client: Client) -> bool:
    return client.get("/accounts/settings/").status_code == 200


def rows(client: Client) -> list[str]:
    return sorted(row["device"] for row in client.get("/accounts/sessions/").context["rows"])


def number_of(client: Client, device: str) -> int:
    found = client.get("/accounts/sessions/").context["rows"]
    return next(row["session"].pk for row in found if row["device"] == device)


def test_own_sign_ins_are_listed_and_nobody_elses() -> None:
    make_user(password=PASSWORD)
    make_user("auditor", password=PASSWORD)
    office, _phone = browser(WINDOWS), browser(PHONE)
    browser(WINDOWS, "auditor")
    assert rows(office) == ["Chrome · Windows", "WeChat · Android"]


def test_one_is_ended() -> None:
    user = make_user(password=PASSWORD)
    office, phone = browser(WINDOWS), browser(PHONE)
    answer = office.post("/accounts/sessions/end/", {"session": number_of(office, "WeChat · Android")})
    assert answer["Location"] == "/accounts/sessions/"
    assert (is_in(office), is_in(phone)) == (True, False)
    entry = AuditEntry.objects.filter(action="accounts.end_sessions").get()
    assert (entry.by_id, entry.data) == (user.pk, {"number": 1})


def test_all_are_ended_this_one_included() -> None:
    make_user(password=PASSWORD)
    office, phone = browser(WINDOWS), browser(PHONE)
    answer = office.post("/accounts/sessions/end/", {"everywhere": "1"})
    assert answer["Location"] == "/accounts/login/"
    assert (is_in(office), is_in(phone)) == (False, False)


def test_anothers_cannot_be_ended() -> None:
    make_user(password=PASSWORD)
    make_user("auditor", password=PASSWORD)
    mine, theirs = browser(WINDOWS), browser(WINDOWS, "auditor")
    answer = mine.post("/accounts/sessions/end/", {"session": number_of(theirs, "Chrome · Windows")})
    assert answer.status_code == 404
    assert is_in(theirs)


def test_choosing_nothing_ends_nothing() -> None:
    make_user(password=PASSWORD)
    client = browser(WINDOWS)
    assert client.post("/accounts/sessions/end/", {})["Location"] == "/accounts/sessions/"
    assert is_in(client)


def test_new_password_ends_the_others() -> None:
    make_user(password=PASSWORD)
    office, phone = browser(WINDOWS), browser(PHONE)
    office.post(
        "/accounts/password/",
        {"oldpassword": PASSWORD, "password1": "River-stone-58-moss", "password2": "River-stone-58-moss"},
    )
    assert (is_in(office), is_in(phone)) == (True, False)
    assert AuditEntry.objects.filter(action="accounts.change_password").count() == 1


@pytest.mark.parametrize(
    "field,seconds,still_in",
    [
        ("seen", 3590, True),
        ("seen", 3610, False),
        ("began", 8 * 3600 - 10, True),
        ("began", 8 * 3600 + 10, False),
    ],
)
def test_over_after_an_idle_hour_or_eight_hours(field: str, seconds: int, still_in: bool) -> None:  # noqa: FBT001 — a case's expected answer
    make_user(password=PASSWORD)
    client = browser(WINDOWS)
    client.get("/accounts/settings/")
    session = client.session
    session[field] = int(time.time()) - seconds
    session.save()
    assert is_in(client) is still_in


def test_activity_is_noted_but_not_at_every_request() -> None:
    make_user(password=PASSWORD)
    client = browser(WINDOWS)
    client.get("/accounts/settings/")
    before = Session.objects.get().session_data
    client.get("/accounts/settings/")
    assert Session.objects.get().session_data == before
    session = client.session
    session["seen"] -= 120
    session.save()
    client.get("/accounts/settings/")
    assert time.time() - client.session["seen"] < 5


@pytest.mark.parametrize(
    "user_agent,name",
    [
        (WINDOWS, "Chrome · Windows"),
        (PHONE, "WeChat · Android"),
        ("curl/8", ""),
        ("Firefox", "Firefox"),
    ],
)
def test_device_names(user_agent: str, name: str) -> None:
    assert device_of(user_agent) == name
