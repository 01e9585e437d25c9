"""Serving the demonstration: one command that brings everything up, and down again when it ends."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from http import HTTPStatus
from pathlib import Path
from types import FrameType

import click
from django.conf import settings
from django.db import connections
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from greenward.config.database import migrate, opened_database
from greenward.config.demonstration.load import load
from greenward.config.demonstration.people import ACCOUNTS, PASSWORD, REVIEWERS, SECONDS
from greenward.core import console
from greenward.core.errors import ConflictError, GreenwardError
from greenward.territories.roles import ROLES

DAY = date(2022, 9, 15)  # the demonstration's today
HOST = "127.0.0.1"
READY_WITHIN = 60  # seconds
STOPPED_WITHIN = 10  # seconds
WORKERS, THREADS = 2, 8


class PortTakenError(ConflictError):
    """Another process listens at the port."""

    code = "port_taken"
    title = _lazy("端口不可用")


class ServerDiedError(GreenwardError):
    """The application server ended by itself."""

    code = "server_died"
    title = _lazy("应用服务器无法使用")
    status = HTTPStatus.SERVICE_UNAVAILABLE


class StaticFilesError(GreenwardError):
    """The static files could not be collected."""

    code = "static_files"
    title = _lazy("静态文件无法使用")
    status = HTTPStatus.SERVICE_UNAVAILABLE


class EndingSignal(BaseException):
    """A person or the system asked the command to end; as KeyboardInterrupt, it is no error."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and a closed terminal end the block; its cleaning up is not interrupted."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def end(_number: int, _frame: FrameType | None) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)
        raise EndingSignal

    before = {number: signal.signal(number, end) for number in signals}
    try:
        yield
    except EndingSignal:
        console.note(_("正在停止……"))
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def check_port(port: int) -> None:
    """Raise :class:`PortTakenError`, naming the process in the way, unless the port is free."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError as error:
            raise PortTakenError(
                _("普通用户不能使用端口 %(port)s。") % {"port": port},
                hint=_("换一个端口：make demo PORT=8001"),
                port=port,
            ) from error
        except OSError as error:
            raise PortTakenError(
                _("端口 %(port)s 已被占用：%(who)s。") % {"port": port, "who": listener_at(port)},
                hint=_("停止它，或换一个端口：make demo PORT=%(other)s") % {"other": port % 65535 + 1},
                port=port,
            ) from error


def listener_at(port: int) -> str:
    """Return the process that listens at a local port, as far as this user may see."""
    inodes = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        rows = [line.split() for line in table.read_text().splitlines()[1:]] if table.exists() else []
        listening = (row for row in rows if row[3] == "0A" and int(row[1].rsplit(":", 1)[1], 16) == port)
        inodes |= {f"socket:[{row[9]}]" for row in listening}
    for link in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if str(link.readlink()) in inodes:
                command = link.parents[1].joinpath("cmdline").read_bytes().replace(b"\0", b" ")
                return _("进程 %(pid)s（%(command)s）") % {
                    "pid": link.parts[2],
                    "command": command.decode(errors="replace").strip(),
                }
        except OSError:
            continue  # ended meanwhile, or another user's
    return _("其他用户的进程")


def collect_static() -> None:
    """Collect, hash and compress the static files anew if one of them changed."""
    collected = Path(settings.STATIC_ROOT) / "collected.sha256"
    folders = [settings.ROOT / "frontend", settings.VENDOR]
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    lines = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    mark = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    if collected.exists() and collected.read_text() == mark:
        return
    command = [sys.executable, "-m", "django", "collectstatic", "--no-input", "--clear", "--verbosity", "0"]
    environment = os.environ | {"GREENWARD_COLLECTED_STATIC": "1"}  # names files by their content
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    if done.returncode:
        raise StaticFilesError(
            _("静态文件无法收集：%(said)s。") % {"said": done.stderr.strip().splitlines()[-1]},
            hint=_("运行 make setup，再重试。"),
        )
    collected.write_text(mark)


def serve(port: int) -> None:
    """Bring database, data, static files and server up, serve at ``port`` until a signal, bring all down.

    Raises :class:`PortTakenError` or :class:`ServerDiedError`.
    """
    check_port(port)
    settings.GREENWARD_TODAY = settings.GREENWARD_TODAY or DAY
    with ended_by_signals(), opened_database():
        migrate()
        load()
        connections.close_all()
        collect_static()
        with application_server(port) as server:
            wait_until_ready(server, port)
            announce(port)
            server.wait()
            raise ServerDiedError(
                _("应用服务器意外结束（状态 %(status)s）。") % {"status": server.returncode},
                hint=_("查看 %(log)s，排除原因后重试。") % {"log": log_of(port)},
            )


def log_of(port: int) -> Path:
    """Return where the application server at ``port`` writes its log; every start begins it anew."""
    folder: Path = settings.VAR
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"demo-{port}.log"


@contextmanager
def application_server(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run the application server while the block runs, in its own session: only we hear Ctrl-C."""
    environment = os.environ | {
        "GREENWARD_TODAY": str(settings.GREENWARD_TODAY),
        "GREENWARD_COLLECTED_STATIC": "1",
    }
    with log_of(port).open("w") as log:
        server = subprocess.Popen(  # noqa: S603 - our own server with our own arguments
            server_command(port), env=environment, stdout=log, stderr=log, start_new_session=True
        )
    try:
        yield server
    finally:
        server.terminate()
        try:
            server.wait(STOPPED_WITHIN)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def server_command(port: int) -> list[str]:
    """Return the application server's command line."""
    return [
        sys.executable, "-m", "gunicorn", "greenward.config.wsgi:application",
        "--bind", f"{HOST}:{port}",
        "--worker-class", "gthread",
        "--workers", str(WORKERS),
        "--threads", str(THREADS),
        "--graceful-timeout", "3",
        "--log-level", "warning",
        "--no-control-socket",
    ]  # fmt: skip


def wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the product says that it is ready."""
    address = f"http://{HOST}:{port}/health/ready"
    deadline = time.monotonic() + READY_WITHIN
    while server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError as error:
            if time.monotonic() > deadline:
                raise ServerDiedError(
                    _("应用服务器 %(seconds)s 秒内没有就绪：%(error)s。")
                    % {"seconds": READY_WITHIN, "error": error},
                    hint=_("查看 %(log)s，排除原因后重试。") % {"log": log_of(port)},
                ) from error
        time.sleep(0.1)


def announce(port: int) -> None:
    """Print the address and who can sign in."""
    place = {"day": settings.GREENWARD_TODAY, "host": HOST, "port": port}
    click.echo(_("绿社演示（今天是 %(day)s）：http://%(host)s:%(port)s/") % place)
    click.echo(_("演示账户（密码都是 %(password)s）：") % {"password": PASSWORD})
    for account in (*ACCOUNTS, *SECONDS, *REVIEWERS):
        click.echo(f"  {account.username:<14} {account.display_name} · {ROLES[account.role].name}")
    click.echo(_("日志在 %(log)s。按 Ctrl-C 停止。") % {"log": log_of(port)})
