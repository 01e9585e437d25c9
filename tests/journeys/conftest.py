"""Journeys in a real browser: every page that a journey sees is checked, not only where it ends.

A page passes if axe finds nothing, the console stays clean, the Content-Security-Policy reports
nothing, and no request fails.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response
from pytest_django.live_server_helper import LiveServer

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in this thread

FOLDER = Path(__file__).parent
AXE = FOLDER.parents[1] / "build" / "vendor" / "axe.min.js"
CHROMIUM = shutil.which("chromium")
INSTALL = "There is no chromium here. To mend it: apt-get install -y chromium fonts-noto-cjk"
HEIGHT = 900
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN_AXE = "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})"
LISTEN = """
window.cspReports = [];
document.addEventListener("securitypolicyviolation", event =>
  window.cspReports.push(`${event.violatedDirective} blocked ${event.blockedURI} ${event.sample}`));
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FOLDER in item.path.parents:
            item.add_marker(pytest.mark.django_db(transaction=True))
            if CHROMIUM is None:
                item.add_marker(pytest.mark.skip(reason=INSTALL))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Run Debian's Chromium, quietly and without calls home."""
    return {
        "executable_path": CHROMIUM,
        "args": [
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            "--disable-gpu",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-quic",
            "--no-first-run",
        ],
    }


@dataclass
class Visit:
    """A person at the product: a page of some width that checks whatever it shows."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.add_init_script(LISTEN)
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._answered)

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
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(AXE.read_text())
        for violation in self.page.evaluate(RUN_AXE, TAGS)["violations"]:
            targets = [" ".join(map(str, node["target"])) for node in violation["nodes"][:5]]
            self.faults.append(f"axe {violation['id']} ({violation['impact']}): {targets}")
        self.faults += [
            f"CSP: {report}" for report in self.page.evaluate("() => window.cspReports.splice(0)")
        ]
        found, self.faults, self.expected = self.faults, [], set()
        assert (self.page.url, found) == (self.page.url, [])

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(f"status of {code}" in message.text for code in self.expected):
            self.faults.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a download, or a page left before it had all
            self.faults.append(f"request failed: {request.url} {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"answered {response.status}: {response.url}")


@pytest.fixture
def page_at(browser: Browser, live_server: LiveServer) -> Iterator[Callable[[int], Visit]]:
    """Return a function from a width in pixels to a new person's visit: 390 is a phone, 1280 a desk."""
    contexts = []

    def open_at(width: int) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": HEIGHT}, locale="zh-CN")
        contexts.append(context)
        return Visit(context.new_page(), live_server.url)

    yield open_at
    for context in contexts:
        context.close()
