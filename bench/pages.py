"""Pages under eight clients: how long they take, against an empty page of the same stack.

The demonstration is served as ``make demo`` serves it, from a database of its own; eight clients, signed
in as the city, ask one page after another. The limit is a page with nothing but the frame: the same
server, middleware, session, navigation and template, no figures.
"""

import http.client
import os
import re
import socket
import statistics
import subprocess
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from urllib.parse import urlencode

from bench import database
from bench.figures import Figure

CLIENTS = 8
REQUESTS = int(os.environ.get("GREENWARD_BENCH_REQUESTS", "40"))  # a client
EMPTY = "/bench/empty/"
PAGES = {
    "city dashboard": ("/dashboard/110000000000/", 10),
    "district dashboard": ("/dashboard/110108000000/", 10),
    "list of 50 communities out of 3,730": ("/communities/", 5),
    "one community's assessment": ("/assessment/110108006011/", 5),
}


def run() -> Iterable[Figure]:
    with served() as port:
        cookie = sign_in(port)
        limit = measured(port, EMPTY, cookie)
        for name, (path, aim) in PAGES.items():
            taken = measured(port, path, cookie)
            for label, of in (("p50", statistics.median), ("p95", p95)):
                yield Figure(f"{name}, {CLIENTS} clients, {label} / empty page", of(taken), of(limit), aim)


def p95(taken: list[float]) -> float:
    return statistics.quantiles(taken, n=20)[-1]


def measured(port: int, path: str, cookie: str) -> list[float]:
    """Return the seconds of every request, after one a client to warm up."""

    def ask(_client: int) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        taken = [asked(connection, path, cookie) for _ in range(REQUESTS + 1)]
        return taken[1:]

    with ThreadPoolExecutor(CLIENTS) as clients:
        return [seconds for found in clients.map(ask, range(CLIENTS)) for seconds in found]


def asked(connection: http.client.HTTPConnection, path: str, cookie: str) -> float:
    start = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == http.HTTPStatus.OK, (path, answer.status)
    return time.perf_counter() - start


def sign_in(port: int) -> str:
    """Return the cookies of a session of the city's lead."""
    from greenward.config.demonstration.people import PASSWORD  # noqa: PLC0415 - Django is set up by now

    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/accounts/login/")
    answer = connection.getresponse()
    form = answer.read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert token, "the sign-in page has no form"
    cookies = cookies_of(answer)
    body = urlencode({"login": "city", "password": PASSWORD, "csrfmiddlewaretoken": token[1]})
    headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/accounts/login/", body, headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == http.HTTPStatus.FOUND, answer.status
    return f"{cookies}; {cookies_of(answer)}"


def cookies_of(answer: http.client.HTTPResponse) -> str:
    found = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return "; ".join(found)


@contextmanager
def served() -> Iterator[int]:
    """Serve the demonstration with an empty page beside it; yields the port."""
    with database.opened(database.DEMONSTRATION):
        from django.db import connections  # noqa: PLC0415 - now that Django is set up

        from greenward.config.demonstration.load import load  # noqa: PLC0415 - the same

        load()
        connections.close_all()
        port = free_port()
        with application_server(port):
            yield port


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def application_server(port: int) -> Iterator[None]:
    from greenward.config.serve import collect_static, server_command, wait_until_ready  # noqa: PLC0415

    collect_static()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "bench.empty_page",
        "GREENWARD_COLLECTED_STATIC": "1",
    }
    with subprocess.Popen(server_command(port), env=environment, stderr=subprocess.DEVNULL) as server:
        try:
            wait_until_ready(server, port)
            yield
        finally:
            server.terminate()
