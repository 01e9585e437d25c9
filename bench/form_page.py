"""A survey form of 500 questions: how soon a person can type into it, and whether anything makes them wait.

The product is served as it serves itself, from a database of its own, and opened in Chromium. The server's
limit is a page with nothing but the frame; the browser's is the same HTML without our scripts, which is
what showing so many controls costs in any case. Tasks of the browser above 50 ms are what people feel as a
pause: the longest, while the form opens and while somebody types, is held against that.
``GREENWARD_BENCH_OPENINGS`` makes it shorter.
"""

import os
import re
import shutil
import socket
import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from bench import database
from bench.figures import Figure
from bench.pages import application_server, measured

FIELDS, SECTIONS = 500, 13
OPENINGS = int(os.environ.get("GREENWARD_BENCH_OPENINGS", "7"))
NAME = "greenward_bench_form"
CITY, COMMUNITY = "990000000000", "990101001001"
ADDRESS = f"/survey/bench/{COMMUNITY}/"
EMPTY = "/bench/empty/"
PASSWORD = "Bench-ring-47-river"  # noqa: S105 - of a database that is dropped
KINDS = ("count", "bool", "number", "choice", "text", "date", "count", "year", "count", "text")
AT = datetime(2022, 6, 15, 2, tzinfo=UTC)
PAUSE_S = 0.05
"""A task that takes longer is felt (W3C Long Tasks)."""
LISTEN = """
window.longTasks = [];
new PerformanceObserver(list => longTasks.push(...list.getEntries().map(one => one.duration)))
  .observe({type: "longtask", buffered: true});
"""
READY = "() => document.documentElement.hasAttribute('data-ready')"


@dataclass(frozen=True)
class Opened:
    """Seconds from the navigation until one can type, and the longest tasks while opening and typing."""

    ready: float
    opening: float
    typing: float


def run() -> Iterable[Figure]:
    with database.fresh(NAME):
        prepared()
        with served() as port, sync_playwright() as playwright:
            browser = launched(playwright)
            address = f"http://127.0.0.1:{port}"
            page, cookies = signed_in(browser, address)
            limit = statistics.median(measured(port, EMPTY, cookies))
            taken = statistics.median(measured(port, ADDRESS, cookies))
            yield Figure(f"form of {FIELDS}, server, 8 clients / empty page", taken, limit, 12)
            html = page.request.get(f"{address}{ADDRESS}").text()
            bare = [shown(page, f"{address}{ADDRESS}", without_scripts(html)) for _ in range(OPENINGS)]
            opened = [typed_into(page, f"{address}{ADDRESS}") for _ in range(OPENINGS)]
            ready = statistics.median(one.ready for one in opened)
            yield Figure(
                f"form of {FIELDS}, until one can type / its HTML alone", ready, statistics.median(bare), 3
            )
            yield Figure(f"form of {FIELDS}, until one can type / a second", ready, 1, 1)
            for name in ("opening", "typing"):
                longest = statistics.median(getattr(one, name) for one in opened)
                yield Figure(f"longest task while {name} / a pause that is felt", longest, PAUSE_S, 1)
            browser.close()


def launched(playwright: Playwright) -> Browser:
    arguments = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)


def signed_in(browser: Browser, address: str) -> tuple[Page, str]:
    """Return a page in which the clerk is signed in, and the session's cookies."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN").new_page()
    page.add_init_script(LISTEN)
    page.goto(f"{address}/accounts/login/")
    page.locator("input[name=login]").fill("clerk")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(f"{address}/")
    return page, "; ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())


def without_scripts(html: str) -> str:
    return re.sub(r"<script[^>]*>.*?</script>", "", html, flags=re.DOTALL)


def shown(page: Page, address: str, html: str) -> float:
    """Return the seconds until HTML without scripts has been laid out; fetching it is left to nobody."""
    page.route(address, lambda route: route.fulfill(body=html, content_type="text/html"))
    start = time.perf_counter()
    page.goto(address, wait_until="load")
    page.evaluate("document.body.offsetHeight")
    taken = time.perf_counter() - start
    page.unroute(address)
    return taken


def typed_into(page: Page, address: str) -> Opened:
    """Open the form and type into it; what was saved is taken back by the next opening's figures."""
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function(READY)
    ready = time.perf_counter() - start
    page.wait_for_load_state("networkidle")
    opening = page.evaluate("Math.max(0, ...longTasks.splice(0)) / 1000")
    for number in range(0, 100, 10):
        page.locator(f"#f-f{number}").press_sequentially(str(number + 1), delay=20)
        page.keyboard.press("Tab")
    page.wait_for_timeout(1500)  # until the last set is saved
    typing = page.evaluate("Math.max(0, ...longTasks.splice(0)) / 1000")
    return Opened(ready, opening, typing)


@contextmanager
def served() -> Iterator[int]:
    """Serve the product with an empty page beside it; yields the port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with application_server(port):
        yield port


def prepared() -> None:
    """Make a community, a round that asks 500 fields of it, half of them answered, and a clerk."""
    from greenward.survey import actions  # noqa: PLC0415 - Django is set up by now
    from greenward.territories.models import Kind  # noqa: PLC0415 - the same
    from tests.factories.programmes import programme  # noqa: PLC0415 - the same
    from tests.factories.territories import appoint, event, person, place  # noqa: PLC0415 - the same

    made_by = event()
    city = place(CITY, "示例市", Kind.CITY, None, made_by)
    district = place("990101000000", "甲区", Kind.DISTRICT, city, made_by)
    street = place("990101001000", "东街街道", Kind.STREET, district, made_by)
    community = place(COMMUNITY, "一里社区居委会", Kind.RESIDENTS_COMMITTEE, street, made_by)
    force = programme(CITY, forms=(long_form(),), dictionary=(), checks=(), facts=())
    held = actions.open_round(
        programme=force, code="bench", title="摸底", reference_on=date(2022, 5, 31),
        opens_on=date(2022, 6, 1), closes_on=date(2099, 12, 31), by=None, at=AT,
    )  # fmt: skip
    answers = {f"f{n}": "12" for n in range(FIELDS) if KINDS[n % len(KINDS)] == "count" and n % 2 == 0}
    actions.record_values(held, "community", community, answers, by=None, at=AT)
    clerk = person("clerk")
    clerk.set_password(PASSWORD)
    clerk.save()
    appoint(clerk, "street_clerk", street)


def long_form() -> object:
    """Return a form of 500 fields in 13 sections: kinds, help, conditions and checks as real forms have."""
    from greenward.packs.schema.forms import Form  # noqa: PLC0415 - after Django's set-up

    def field(number: int) -> dict[str, object]:
        kind = KINDS[number % len(KINDS)]
        given: dict[str, object] = {"id": f"f{number}", "label": both(f"项目{number}"), "type": kind}
        if kind == "choice":
            words = ("良好", "老化", "破损", "没有")
            given["choices"] = tuple({"value": f"c{n}", "label": both(word)} for n, word in enumerate(words))
        if kind in {"count", "number"}:
            given["unit"] = "平方米"
        if number % 3 == 0:
            given["help"] = both("按常住统计，不含临时居住；不清楚时留空。")
        if number % 10 == 1 and number > 10:
            given["when"] = f"f{number - 1} >= 1"
        return given

    per = -(-FIELDS // SECTIONS)
    sections = tuple(
        {
            "id": f"part-{n}",
            "title": both(f"第{n + 1}部分"),
            "fields": tuple(field(i) for i in range(n * per, min(FIELDS, (n + 1) * per))),
        }
        for n in range(SECTIONS)
    )
    checks = tuple(
        {"id": f"check-{n}", "rule": f"f{n} <= f{n + 10} + 5000", "message": both("核对"), "level": "warning"}
        for n in range(0, 200, 10)
    )
    return Form.model_validate(
        {
            "id": "community",
            "title": both("社区"),
            "level": "community",
            "sections": sections,
            "checks": checks,
        }
    )


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}
