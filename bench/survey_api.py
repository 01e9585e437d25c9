"""Submissions of 250 answers by API from 32 clients at once, none lost when the server is killed.

The product is served as it serves itself (two workers) from a database of its own; the clients run in a
process of their own on the same machine, under one token, each submission about another community. The
limit is what the database alone takes for the same: a row of that size and an audit row chained to the one
before, each pair a transaction, at 32 connections, by plain SQL. In the last round the server is killed
(-9) in the middle; clients repeat under the same number until they are answered, and every acknowledged
submission must be one entry and one audit row, nothing lost and nothing twice.
``GREENWARD_BENCH_SUBMISSIONS`` makes it smaller.
"""

import hashlib
import json
import os
import random
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import psycopg

from bench import database
from bench.figures import Figure

SUBMISSIONS = int(os.environ.get("GREENWARD_BENCH_SUBMISSIONS", "3000"))
CLIENTS = 32
FIELDS = 250
AIM = 150
"""Submissions a second."""
NAME = "greenward_bench_survey"
CITY, FIRST = "990000000000", 990101001001
KINDS = ("bool", "count", "number", "choice", "text")
WORDS = ("良好", "老化", "破损")
AT = datetime(2022, 6, 15, 2, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """What the clients need: the token, the communities' codes."""

    token: str
    codes: list[str]


def run() -> Iterable[Figure]:
    with database.fresh(NAME):
        world = prepared()
        limit = seconds_of_sql()
        with server() as port:
            submitted(port, world, range(200), round_code="warm")
            told = submitted(port, world, range(SUBMISSIONS), round_code="bench")
        check_whole(told)
        rate, each = SUBMISSIONS / told["seconds"], told["seconds"] / SUBMISSIONS
        name = f"{FIELDS} answers by API, {CLIENTS} clients: {rate:,.0f}/s"
        yield Figure(f"{name} / {AIM} a second", each, 1 / AIM, 1)
        yield Figure(f"{name} / plain SQL", each, limit, 12)
        slow = statistics.quantiles(told["taken"], n=20)[-1]
        yield Figure(f"the same, p95 / {CLIENTS} clients at {AIM} a second", slow, CLIENTS / AIM, 1.5)
        killed = killed_in_the_middle(world)
        yield Figure(
            f"the same, killed -9 in the middle, {killed['repeated']} sent again, none lost",
            killed["seconds"] / SUBMISSIONS,
            each,
            2,
        )


def killed_in_the_middle(world: World) -> dict[str, object]:
    """Submit while the server is killed and started again; nothing may be lost or come twice."""
    with served() as (port, process):
        restarted: list[subprocess.Popen[bytes]] = []

        def kill() -> None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            restarted.append(started(port))

        try:
            told = submitted(port, world, range(SUBMISSIONS), round_code="killed", at_half=kill)
        finally:
            for one in restarted:
                stopped(one)
    assert restarted, "the server was not killed"
    check_whole(told)
    return told


def check_whole(told: dict[str, object]) -> None:
    """Hold what was acknowledged against what is there: each once, with its audit row, the chain whole."""
    from greenward.core import audit  # noqa: PLC0415 - Django is set up by now
    from greenward.core.models import AuditEntry  # noqa: PLC0415 - the same
    from greenward.survey.models import Entry  # noqa: PLC0415 - the same

    acknowledged = told["acknowledged"]
    assert len(acknowledged) == len(told["requests"]), "somebody was never answered"
    rows = Entry.objects.filter(request__in=told["requests"]).values_list("request", "pk")
    assert {str(request): pk for request, pk in rows} == acknowledged, "lost, or not what was acknowledged"
    assert Entry.objects.filter(round__code=told["round"]).count() == len(acknowledged), (
        "something came twice"
    )
    subjects = [f"survey.entry:{pk}" for pk in acknowledged.values()]
    assert AuditEntry.objects.filter(subject__in=subjects).count() == len(subjects), "audit rows differ"
    assert audit.verify() == [], "the audit trail does not hold"


def submitted(
    port: int, world: World, numbers: Iterable[int], *, round_code: str, at_half: object = None
) -> dict[str, object]:
    """Let the clients submit, one community a submission; returns what they were told."""
    dice = random.Random(round_code)  # noqa: S311 - figures for a benchmark
    numbers = list(numbers)
    task = {
        "port": port,
        "token": world.token,
        "clients": CLIENTS,
        "tell": len(numbers) // 2 if at_half else 0,
        "paths": [f"/api/v1/survey/values/{world.codes[n]}" for n in numbers],
        "requests": [str(uuid.UUID(int=dice.getrandbits(128), version=4)) for _ in numbers],
        "bodies": [json.dumps({"round": round_code, "values": answers(dice)}) for _ in numbers],
    }
    with subprocess.Popen(
        [sys.executable, "-m", "bench.submitting"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if at_half else None,
        text=True,
    ) as client:
        if at_half:
            threading.Thread(target=wait_for_half, args=(client, at_half)).start()
        assert client.stdin is not None
        json.dump(task, client.stdin)
        client.stdin.close()
        assert client.stdout is not None
        text = client.stdout.read()
    assert client.returncode == 0, f"a client was refused ({client.returncode})"
    return {**json.loads(text), "requests": task["requests"], "round": round_code}


def wait_for_half(client: "subprocess.Popen[str]", then: object) -> None:
    assert client.stderr is not None
    for line in client.stderr:
        if line.strip() == "half":
            then()  # type: ignore[operator]
        else:
            print(line, end="", file=sys.stderr)


def answers(dice: random.Random) -> dict[str, object]:
    made = {
        "bool": lambda: dice.random() < 0.5,
        "count": lambda: dice.randrange(5000),
        "number": lambda: round(dice.random() * 1000, 2),
        "choice": lambda: f"c{dice.randrange(3)}",
        "text": lambda: f"说明{dice.randrange(10**6)}",
    }
    return {f"f{number}": made[KINDS[number % len(KINDS)]]() for number in range(FIELDS)}


@contextmanager
def server() -> Iterator[int]:
    with served() as (port, _process):
        yield port


@contextmanager
def served() -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = started(port)
    try:
        yield port, process
    finally:
        if process.poll() is None:
            stopped(process)


def started(port: int) -> "subprocess.Popen[bytes]":
    """Start the product's own server in a process group of its own."""
    from greenward.config.serve import server_command, wait_until_ready  # noqa: PLC0415 - Django is set up

    process = subprocess.Popen(server_command(port), stderr=subprocess.DEVNULL, start_new_session=True)
    wait_until_ready(process, port)
    return process


def stopped(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait()


def seconds_of_sql() -> float:
    """Return the seconds for one row and its audit row by plain SQL, 32 connections at once."""
    address = os.environ["DATABASE_URL"]
    row = json.dumps(answers(random.Random(1)))  # noqa: S311 - figures for a benchmark
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS bench_row (id bigserial PRIMARY KEY, kept jsonb)")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS bench_head (id int PRIMARY KEY, number bigint, digest text)"
        )
        connection.execute("CREATE TABLE IF NOT EXISTS bench_audit (number bigint PRIMARY KEY, digest text)")
        connection.execute("INSERT INTO bench_head VALUES (1, 0, '') ON CONFLICT DO NOTHING")
    numbers, lock = iter(range(SUBMISSIONS)), threading.Lock()

    def work() -> None:
        with psycopg.connect(address) as connection:
            while True:
                with lock:
                    if next(numbers, None) is None:
                        return
                connection.execute("INSERT INTO bench_row (kept) VALUES (%s)", [row])
                head = connection.execute("SELECT number, digest FROM bench_head WHERE id = 1 FOR UPDATE")
                number, digest = head.fetchone()
                digest = hashlib.sha256(f"{digest}{number}".encode()).hexdigest()
                connection.execute("INSERT INTO bench_audit VALUES (%s, %s)", [number + 1, digest])
                connection.execute("UPDATE bench_head SET number = %s, digest = %s", [number + 1, digest])
                connection.commit()

    threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.perf_counter() - start) / SUBMISSIONS


def prepared() -> World:
    """Make a city of communities, three rounds that ask 250 fields, and a clerk's token."""
    from greenward.accounts import actions as accounts  # noqa: PLC0415 - Django is set up by now
    from greenward.core import clock  # noqa: PLC0415 - the same
    from greenward.core.bulk import analyse  # noqa: PLC0415 - the same
    from greenward.survey import actions  # noqa: PLC0415 - the same
    from greenward.territories.models import Kind, Level, Place, PlaceVersion  # noqa: PLC0415 - the same
    from tests.factories.programmes import programme  # noqa: PLC0415 - the same
    from tests.factories.territories import appoint, event, person, place  # noqa: PLC0415 - the same

    made_by = event()
    city = place(CITY, "示例市", Kind.CITY, None, made_by)
    district = place("990101000000", "甲区", Kind.DISTRICT, city, made_by)
    codes = [str(FIRST + number) for number in range(max(SUBMISSIONS, 200))]
    places = Place.objects.bulk_create([Place(code=code, level=Level.COMMUNITY) for code in codes])
    PlaceVersion.objects.bulk_create(
        PlaceVersion(
            place=one,
            during=(None, None),
            name=f"{one.code}社区",
            short_name=one.code,
            pinyin="",
            initials="",
            kind=Kind.RESIDENTS_COMMITTEE,
            parent=district,
            path=f"{CITY}/990101000000/{one.code}/",
            event=made_by,
        )
        for one in places
    )  # fmt: skip
    force = programme(CITY, forms=(wide_form(),), dictionary=(), checks=(), facts=())
    for code in ("warm", "bench", "killed"):
        actions.open_round(
            programme=force, code=code, title=code, reference_on=date(2022, 5, 31), opens_on=date(2022, 6, 1),
            closes_on=date(2099, 12, 31), by=None, at=AT,
        )  # fmt: skip
    analyse(Place, PlaceVersion)
    user = person("program")
    appoint(user, "district_lead", district)
    return World(accounts.issue_token(user, label="bench", by=user, at=clock.now())[1], codes)


def wide_form() -> object:
    """Return a form of 250 fields, with a dozen checks and as many conditions as a real one has."""
    from greenward.packs.schema.forms import Form  # noqa: PLC0415 - after Django's set-up

    def field(number: int) -> dict[str, object]:
        kind = KINDS[number % len(KINDS)]
        given: dict[str, object] = {"id": f"f{number}", "label": both(f"项目{number}"), "type": kind}
        if kind == "choice":
            given["choices"] = tuple({"value": f"c{n}", "label": both(word)} for n, word in enumerate(WORDS))
        if kind == "number":
            given["decimals"] = 2
        if number % 25 == 6:
            given["when"] = f"f{number - 5} >= 0"
        return given

    rules = [f"f{n} <= f{n + 5} + 5000" for n in range(1, 61, 5)]
    checks = tuple(
        {"id": f"check-{n}", "rule": rule, "message": both(rule), "level": "error"}
        for n, rule in enumerate(rules)
    )
    section = {"id": "all", "title": both("全部"), "fields": tuple(field(n) for n in range(FIELDS))}
    return Form.model_validate(
        {
            "id": "community",
            "title": both("社区"),
            "level": "community",
            "sections": (section,),
            "checks": checks,
        }
    )


def both(text: str) -> dict[str, str]:
    return {"zh": text, "en": text}
