"""Journeys in a real browser: every page that a journey sees is checked, not only where it ends."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

pytest.register_assert_rewrite("tests.journeys.visits")

from tests.journeys.visits import Visit  # noqa: E402 - what it asserts should be told in full

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright keeps an event loop in this thread

FOLDER = Path(__file__).parent
CHROMIUM = shutil.which("chromium")
INSTALL = "There is no chromium here. To mend it: apt-get install -y chromium fonts-noto-cjk"
HEIGHT = 900


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


@pytest.fixture
def page_at(browser: Browser, live_server: LiveServer) -> Iterator[Callable[..., Visit]]:
    """Return a function from a width in pixels to a new person's visit: 390 is a phone, 1280 a desk.

    ``keeping``: the visit may keep pages for reading without a network.
    """
    contexts = []

    def open_at(width: int, *, keeping: bool = False) -> Visit:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale="zh-CN",
            reduced_motion="reduce",
            service_workers="allow" if keeping else "block",
        )
        contexts.append(context)
        return Visit(context.new_page(), live_server.url)

    yield open_at
    for context in contexts:
        context.close()
