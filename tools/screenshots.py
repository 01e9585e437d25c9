"""Make the pictures of README and docs from the demonstration: docs/images/*.png, desktop and phone.

tools/screenshots.py                                   starts the demonstration and stops it again
tools/screenshots.py --address http://127.0.0.1:8000   takes the pictures of one that runs
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / "docs" / "images"
GREENWARD = ROOT / ".venv" / "bin" / "greenward"
PASSWORD = "lvshe-yanshi-2022"  # noqa: S105 — of the demonstration, printed when it starts
SIZES = {"": (1440, 1000), "-phone": (390, 844)}
START_WITHIN = 180  # seconds
ROUND = "/survey/baseline-2022/"


@dataclass(frozen=True)
class Picture:
    """One page to show: the file's name, who looks (nobody: a visitor), and where."""

    name: str
    user: str
    path: str


PICTURES = (
    Picture("public", "", "/public/"),
    Picture("my-work", "haidian", "/"),
    Picture("city-dashboard", "city", "/dashboard/110000000000/"),
    Picture("district-dashboard", "haidian", "/dashboard/110108000000/"),
    Picture("communities", "city", "/communities/"),
    Picture("community-overview", "street", "/communities/110108006011/"),
    Picture("community-assessment", "street", "/communities/110108006011/?tab=assessment"),
    Picture("gaps", "haidian", "/assessment/gaps/110108000000/"),
    Picture("duties", "haidian", "/duties/"),
    Picture("plan", "haidian", "/plans/110108000000/"),
    Picture("pilots", "haidian", "/pilots/110108000000/"),
    Picture("certification-queue", "haidian", "/certification/"),
    Picture("judging", "haidian", "/judging/"),
    Picture("register", "", "/register/"),
    Picture("evidence-questions", "street", "/evidence/110108006000/questions/"),
    Picture("survey-round", "haidian", f"{ROUND}?place=110108000000"),
    Picture("survey-queue", "street", f"{ROUND}cases/"),
    Picture("survey-form", "community", f"{ROUND}110108006011/"),
    Picture("data-quality", "haidian", f"{ROUND}quality/"),
    Picture("audit", "auditor", "/audit/?verify=yes"),
)


def main() -> int:
    """Take every picture; 1 with the mending line when there is no Chromium."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--address", help="a demonstration that runs already")
    asked = parser.parse_args()
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium; mend it: apt-get install -y chromium fonts-noto-cjk", file=sys.stderr)
        return 1
    IMAGES.mkdir(parents=True, exist_ok=True)
    with demonstration(asked.address) as address, sync_playwright() as playwright:
        as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu", *as_root])
        for picture in PICTURES:
            for suffix, size in SIZES.items():
                take(browser, address, picture, suffix, size)
    return 0


@contextmanager
def demonstration(address: str | None) -> Iterator[str]:
    """Give the address of a demonstration; start one, and stop it at the end, where none was given."""
    if address:
        yield address.rstrip("/")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([GREENWARD, "demo", "serve", "--port", str(port)], stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Return when the demonstration answers; leave with its exit code, or when it takes too long."""
    end = time.monotonic() + START_WITHIN
    while time.monotonic() < end:
        if server.poll() is not None:
            sys.exit(f"the demonstration ended with {server.returncode}; see its message above")
        try:
            urllib.request.urlopen(f"{address}/health/ready", timeout=2)  # noqa: S310 — our own server
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return
    sys.exit(f"the demonstration did not answer within {START_WITHIN} s")


def take(browser: Browser, address: str, picture: Picture, suffix: str, size: tuple[int, int]) -> None:
    """Open the page as its person sees it, and keep what fits on the screen."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
    page = context.new_page()
    if picture.user:
        sign_in(page, address, picture.user)
    answer = page.goto(f"{address}{picture.path}", wait_until="networkidle")
    if answer is None or not answer.ok:
        sys.exit(f"{picture.path} answered {answer.status if answer else 'nothing'}")
    page.wait_for_timeout(1200)  # charts draw themselves in
    page.screenshot(path=IMAGES / f"{picture.name}{suffix}.png")
    context.close()
    print(f"docs/images/{picture.name}{suffix}.png")


def sign_in(page: Page, address: str, user: str) -> None:
    """Sign in by the form, as people do."""
    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=login]").fill(user)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(f"{address}/")


if __name__ == "__main__":
    sys.exit(main())
