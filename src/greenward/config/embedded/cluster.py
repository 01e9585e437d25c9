"""One embedded PostgreSQL server: make, repair, start, stop."""

import os
import time
from pathlib import Path
from shlex import quote
from urllib.parse import quote as urlquote

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql

from greenward.config.embedded import binaries, data, diagnosis, processes
from greenward.config.embedded.errors import SocketTakenError
from greenward.config.embedded.layout import SOCKET_NAME, USER, Layout, layout_of, make_private, make_root

ROOT = Path(__file__).resolve().parents[4]
SURVIVORS_LEAVE_WITHIN = 15  # seconds that the children of a killed server may need to notice
SETTLES_WITHIN = 60  # seconds for a server that is starting, recovering or stopping
LOG_TAIL = 15  # lines
SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "256MB",
    "max_connections": "100",
    "work_mem": "16MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    "timezone": "Asia/Shanghai",
    "log_timezone": "Asia/Shanghai",
    "fsync": "on",
}
PASSING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""What a server whose data nobody needs tomorrow saves itself; a crash of the machine may ruin its data."""


def database_url(name: str = USER) -> str:
    """Return the URL of database ``name`` on this installation's server, without starting it."""
    return Cluster().url(name)


class Cluster:
    """The server that belongs to ``folder``; without one, this installation's own.

    ``durable`` False gives up what protects data from a crash of the machine: for tests.
    """

    def __init__(self, folder: Path | None = None, *, durable: bool = True) -> None:
        self.settings = SETTINGS if durable else SETTINGS | PASSING
        home = Path(os.environ.get("GREENWARD_HOME") or ROOT)
        self.layout: Layout = layout_of(folder or home / "var" / "postgres")

    def url(self, database: str = USER) -> str:
        """Return the URL of ``database``; it names a socket, no port."""
        return f"postgresql://{USER}@/{database}?host={urlquote(str(self.layout.socket), safe='/')}"

    def is_up(self) -> bool:
        """Whether the server runs."""
        return processes.server_pid(self.layout.data / "postmaster.pid", self.layout.data) is not None

    def start(self) -> None:
        """Start the server unless it runs: make its data, clear what a crash left; one process at a time."""
        make_root(self.layout)
        make_private(self.layout.socket, self.layout.owner)
        if self._answers():
            return
        program = binaries.find(self.layout.owner)
        data.sweep(self.layout)
        if not self.layout.data.exists():
            data.make(self.layout, program)
        data.check_version(self.layout, program)
        self._clear_stale_locks()
        self._launch(program)

    def stop(self) -> None:
        """Stop the server if it runs; clients are disconnected, nothing is lost."""
        if self.is_up():
            program = binaries.find(self.layout.owner)
            program.run(
                "pg_ctl", "stop", "-D", self.layout.data, "-m", "fast", "-w", "-s", owner=self.layout.owner
            )

    def create(self, database: str) -> None:
        """Create ``database`` unless it exists."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
            if not found:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(
                        sql.Identifier(database)
                    )
                )

    def log_tail(self) -> str:
        """Return the last lines of the server's log."""
        if not self.layout.log.exists():
            return ""
        return "\n".join(self.layout.log.read_text(errors="replace").splitlines()[-LOG_TAIL:])

    def _answers(self) -> bool:
        """Whether the server takes connections; one that is on its way up or down is waited for."""
        deadline = time.monotonic() + SETTLES_WITHIN
        while self.is_up():
            try:
                psycopg.connect(self.url("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError as error:
                if time.monotonic() > deadline:
                    raise diagnosis.of(self.layout, f"{self.log_tail()}\n{error}") from error
                time.sleep(0.1)
            else:
                return True
        return False

    def _clear_stale_locks(self) -> None:
        """Disarm the lock files of a dead server; refuse while another live one answers at the socket."""
        path = self.layout.socket / SOCKET_NAME
        lock = path.with_name(f"{SOCKET_NAME}.lock")
        if processes.is_answered(path):
            pid = processes.locking_pid(lock)
            raise SocketTakenError(
                _("另一个数据库服务器占用了 %(socket)s：进程 %(pid)s，%(command)s。")
                % {"socket": path, "pid": pid, "command": processes.command_of(pid or 0)},
                hint=_("先停止它（kill %(pid)s），再重试。") % {"pid": pid},
                pid=pid,
                socket=str(path),
            )
        for stale in (self.layout.data / "postmaster.pid", lock):
            if stale.exists():
                processes.disarm(stale)

    def _launch(self, program: binaries.Binaries) -> None:
        settings = self.settings | {"unix_socket_directories": f'"{self.layout.socket}"'}
        options = " ".join(f"-c {name}={quote(value)}" for name, value in settings.items())
        start = ["pg_ctl", "start", "-D", str(self.layout.data), "-w", "-s", "-t", "60", "-o", options]
        deadline = time.monotonic() + SURVIVORS_LEAVE_WITHIN
        while True:
            with self.layout.log.open("a") as log:
                written = log.tell()
                started = program.run(*start, owner=self.layout.owner, output=log.fileno())
            if started.returncode == 0:
                return
            said = self.layout.log.read_bytes()[written:]
            if b"pre-existing shared memory block" not in said or time.monotonic() > deadline:
                raise diagnosis.of(self.layout, self.log_tail())
            time.sleep(0.3)
