"""What journeys through the survey form share: a small city with a round, people, the page's words."""

import re
from collections.abc import Mapping

from django.core.cache import cache
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from greenward.accounts.models import User
from greenward.survey.models import Entry, Round
from greenward.territories.models import Place
from tests.factories import survey as make
from tests.factories.territories import COMMUNITY, STREET, appoint, person

PASSWORD = "a-password-of-the-tests"
FORM = f"/survey/r2022/{COMMUNITY}/"
SAVED = re.compile(r"已存 \d\d:\d\d")
PATIENCE = 15_000  # ms; two browsers and a server share two cores


def small_city(settings: Settings) -> Round:
    """Make the small city with a round, as of its day."""
    settings.GREENWARD_TODAY = make.TODAY
    cache.clear()
    return make.survey_round()


def worker(name: str, role: str = "street_clerk", place: str = STREET) -> User:
    """Make somebody who fills in forms, and can sign in."""
    user = person(name)
    user.set_password(PASSWORD)
    user.save()
    appoint(user, role, place)
    return user


def sign_in(page: Page, address: str, name: str, *, at: str = "/accounts/login/") -> None:
    """Sign in by the form, wherever it stands."""
    if at:
        page.goto(f"{address}{at}")
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="登录", exact=True).click()
    page.wait_for_url(lambda url: "/accounts/login/" not in url)


def open_form(page: Page, address: str, path: str = FORM) -> None:
    """Open a form and wait until autosave is on and the page is kept for reading without a network."""
    page.goto(f"{address}{path}")
    page.wait_for_selector("html[data-ready]")
    for _again in range(PATIENCE // 100):
        if page.evaluate("async path => Boolean(await caches.match(path))", path):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the page was not kept")


def field(page: Page, name: str) -> Locator:
    """Return the control of a field."""
    return page.locator(f"#f-{name}")


def question(page: Page, name: str) -> Locator:
    """Return a field with all that stands at it."""
    return page.locator(f"#q-{name}")


def says(page: Page, text: "str | re.Pattern[str]") -> None:
    """Wait until the line about saving says so."""
    expect(page.locator("#autosave [data-text]")).to_have_text(text, timeout=PATIENCE)


def entries() -> list[Mapping[str, object]]:
    """Return the values of every entry of the community, oldest first."""
    place = Place.objects.get(code=COMMUNITY)
    return list(Entry.objects.filter(place=place).order_by("id").values_list("values", flat=True))


def merged() -> dict[str, object]:
    """Return what the community's entries leave standing."""
    return {name: value for values in entries() for name, value in values.items()}
