"""One command serves the demonstration, says what is in its way, and takes everything down with it."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from greenward.config import serve
from greenward.config.embedded import Cluster

GREENWARD = [sys.executable, "-c", "from greenward.config.cli import main; main()"]


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind((serve.HOST, 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((serve.HOST, 0))
        return int(probe.getsockname()[1])


def test_taken_port_is_refused_naming_the_process(taken_port: int) -> None:
    with pytest.raises(serve.PortTakenError) as refused:
        serve.check_port(taken_port)
    assert refused.value.data == {"port": taken_port}
    if Path("/proc/net/tcp").exists():
        assert str(os.getpid()) in str(refused.value)


def test_free_port_passes(free_port: int) -> None:
    serve.check_port(free_port)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_ends_the_block_and_not_its_cleaning_up(number: int) -> None:
    done = []
    before = signal.getsignal(number)
    with serve.ended_by_signals():
        try:
            os.kill(os.getpid(), number)
            time.sleep(5)
            done.append("slept")
        finally:
            os.kill(os.getpid(), number)
            done.append("cleaned")
    assert done == ["cleaned"]
    assert signal.getsignal(number) == before


def test_server_that_dies_is_not_waited_for(free_port: int) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as server:
        began = time.monotonic()
        serve.wait_until_ready(server, free_port)
        assert time.monotonic() - began < serve.READY_WITHIN / 2


def test_demonstration_comes_up_on_an_empty_machine_and_leaves_nothing_behind(
    free_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENWARD_HOME", str(tmp_path))
    cluster = Cluster()
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [*GREENWARD, "demo", "serve", "--port", str(free_port)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as served:
        assert served.stdout
        assert f"http://{serve.HOST}:{free_port}/" in served.stdout.readline()
        with urllib.request.urlopen(f"http://{serve.HOST}:{free_port}/health/ready") as answer:
            assert answer.status == 200
        assert cluster.is_up()
        served.send_signal(signal.SIGTERM)
        assert served.wait(30) == 0
    assert not cluster.is_up()
    serve.check_port(free_port)
