"""The client's side of ``survey_api``: 32 programs on a few sockets each, in a process of its own.

Reads a task as JSON from standard input and writes what came of it to standard output. Whoever gets no
answer sends the same submission under the same number again, until it is acknowledged.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator

OK = b"HTTP/1.1 200"
PAUSE = 0.05
GIVE_UP = 600


async def main() -> None:
    task = json.load(sys.stdin)
    queue = iter(enumerate(task["bodies"]))
    outcome = {"acknowledged": {}, "repeated": 0, "taken": []}
    start = time.perf_counter()
    clients = (client(task, queue, outcome) for _ in range(task["clients"]))
    await asyncio.gather(*clients)
    outcome["seconds"] = time.perf_counter() - start
    json.dump(outcome, sys.stdout)


async def client(
    task: dict[str, object], queue: Iterator[tuple[int, str]], outcome: dict[str, object]
) -> None:
    wire: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    for number, body in queue:
        path, request = task["paths"][number], task["requests"][number]
        message = head(task["token"], path, request, len(body.encode())) + body.encode()
        began = time.perf_counter()
        while True:
            try:
                if wire is None:
                    wire = await asyncio.open_connection("127.0.0.1", task["port"])
                status, answer = await asked(wire, message)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                wire = None
                status, answer = b"", b""
            if status.startswith(OK):
                break
            if status and not status.startswith(b"HTTP/1.1 5"):
                raise SystemExit(f"{status!r} {answer!r}")
            if time.perf_counter() - began > GIVE_UP:
                raise SystemExit("the server does not come back")
            outcome["repeated"] += 1
            await asyncio.sleep(PAUSE)
        outcome["taken"].append(time.perf_counter() - began)
        outcome["acknowledged"][request] = json.loads(answer)["entry"]
        if task["tell"] and len(outcome["acknowledged"]) == task["tell"]:
            print("half", file=sys.stderr, flush=True)


def head(token: str, path: str, request: str, length: int) -> bytes:
    return (
        f"PUT {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
        f"Idempotency-Key: {request}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
    ).encode()


async def asked(
    wire: tuple[asyncio.StreamReader, asyncio.StreamWriter], message: bytes
) -> tuple[bytes, bytes]:
    reader, writer = wire
    writer.write(message)
    await writer.drain()
    top = await reader.readuntil(b"\r\n\r\n")
    length = int(
        next(line for line in top.split(b"\r\n") if line.lower().startswith(b"content-length:"))[15:]
    )
    return top.split(b"\r\n", 1)[0], await reader.readexactly(length)


if __name__ == "__main__":
    asyncio.run(main())
