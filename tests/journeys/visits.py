"""A person's visit to the product, and what journeys do on it: sign in, press, read.

A page passes if axe finds nothing, the console stays clean, the Content-Security-Policy reports
nothing, and no request fails. Axe is asked about the first page of each kind, and again where one shows
something it has not seen.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from greenward.accounts.models import User
from tests.factories.territories import appoint, person

AXE = Path(__file__).parents[2] / "build" / "vendor" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"
LISTEN = """
window.cspReports = [];
document.addEventListener("securitypolicyviolation", event =>
  window.cspReports.push(`${event.violatedDirective} blocked ${event.blockedURI} ${event.sample}`));
"""
BUSY = "() => document.querySelector('.htmx-request, .htmx-swapping, .htmx-settling') !== null"
KINDS = """
() => {
  const marks = one => one.getAttributeNames()
    .filter(name => /^(aria-|role$|type$|lang$|alt$|tabindex$|open$)/.test(name));
  const kinds = [...document.querySelectorAll("body, body *")].map(one =>
    `${one.localName}.${one.getAttribute("class")} ${marks(one)}`);
  return [...new Set(kinds)];
}
"""
PATIENCE = 30  # seconds

_passed: set[tuple[int, str]] = set()
"""What passed axe in this process, by width: address patterns with a language, kinds of elements."""


@dataclass
class Visit:
    """A person at the product: a page of some width that checks whatever it shows."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    waiting: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.add_init_script(LISTEN)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("request", self._asked)
        self.page.on("requestfinished", self._came)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

    def sign_in(self, username: str) -> "Visit":
        """Be signed in as somebody, without the form: that is the subject of other tests."""
        let_in(self.page.context, self.address, username)
        return self

    def open(self, path: str, *, status: int = 200) -> Page:
        """Go to ``path``, which must answer with ``status``, and check the page."""
        self.expected = {status}
        response = self.page.goto(f"{self.address}{path}")
        assert response
        assert (path, response.status) == (path, status)
        self.check()
        return self.page

    def follow(self, name: str, *, role: Any = "link") -> Page:
        """Use the link (or button) called ``name``, wait for what comes, and check the page."""
        self.page.get_by_role(role, name=name, exact=True).click()
        self.check()
        return self.page

    def check(self) -> None:
        """Fail on anything wrong with the page as it stands."""
        self.settle()
        self._ask_axe()
        self.faults += [
            f"CSP: {report}" for report in self.page.evaluate("() => window.cspReports.splice(0)")
        ]
        found, self.faults, self.expected = self.faults, [], set()
        assert (self.page.url, found) == (self.page.url, [])

    def settle(self) -> None:
        """Wait until the page is there, and everything that it asked for."""
        self.page.wait_for_load_state()
        end = time.monotonic() + PATIENCE
        while self.page.evaluate(BUSY) or self.waiting:
            assert time.monotonic() < end, [one.url for one in self.waiting]
            self.page.wait_for_timeout(20)

    def _ask_axe(self) -> None:
        width = self.page.viewport_size["width"]
        seen = {(width, one) for one in [self._pattern(), *self.page.evaluate(KINDS)]}
        if seen <= _passed:
            return
        self.page.evaluate(AXE.read_text())
        violations = self.page.evaluate(RUN_AXE, TAGS)["violations"]
        for violation in violations:
            targets = [" ".join(map(str, node["target"])) for node in violation["nodes"][:5]]
            self.faults.append(f"axe {violation['id']} ({violation['impact']}): {targets}")
        if not violations:
            _passed.update(seen)

    def _pattern(self) -> str:
        language = self.page.locator("html").get_attribute("lang")
        try:
            return f"{language} {resolve(urlsplit(self.page.url).path).route}"
        except Resolver404:
            return f"{language} nowhere"

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(f"status of {code}" in message.text for code in self.expected):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        self.waiting.add(request)

    def _came(self, request: Request) -> None:
        self.waiting.discard(request)

    def _failed(self, request: Request) -> None:
        self.waiting.discard(request)
        if request.failure != "net::ERR_ABORTED":  # a download, or a page left before it had all
            self.faults.append(f"request failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"answered {response.status}: {response.url}")


def let_in(context: BrowserContext, address: str, username: str) -> None:
    """Give a browser the session of somebody who signed in."""
    client = Client()
    client.force_login(User.objects.get(username=username))
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}])


def official(name: str, role: str, place: str) -> User:
    """Make somebody with a role at a place."""
    user = person(name, display_name=name)
    appoint(user, role, place)
    return user


def visit_of(page_at: Callable[[int], Any], width: int, name: str) -> Any:
    """Return the visit of somebody who is signed in."""
    return page_at(width).sign_in(name)


def press(visit: Any, name: str) -> str:
    """Press a button, check what comes, return the page's words."""
    visit.follow(name, role="button")
    return words(visit.page)


def words(page: Page) -> str:
    """Return what the main part of a page says."""
    return page.get_by_role("main").inner_text()
