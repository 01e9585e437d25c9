"""PostgreSQL's lock files, and whether the process that they name still is that server.

A lock file outlives a server that was killed. PostgreSQL clears such files itself unless the process
number has meanwhile gone to another process of the same user; then it refuses to start for ever.
"""

import os
import socket
import subprocess
from pathlib import Path

NOBODYS_PID = 2**31 - 1  # above every kernel's limit: no process can have it


def locking_pid(lock: Path) -> int | None:
    """Return the process number in a PostgreSQL lock file, None where there is none."""
    try:
        return int(lock.read_text(errors="replace").split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None


def command_of(pid: int) -> str:
    """Return the command line of a process, empty when it is gone or a zombie."""
    if Path("/proc/self").exists():
        try:
            return (
                Path(f"/proc/{pid}/cmdline")
                .read_bytes()
                .replace(b"\0", b" ")
                .decode(errors="replace")
                .strip()
            )
        except OSError:
            return ""
    command = ["ps", "-o", "command=", "-p", str(pid)]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - a fixed question
    return answer.stdout.strip()


def server_pid(lock: Path, data: Path) -> int | None:
    """Return the process number in ``lock`` if it is a live server on ``data``, else None."""
    pid = locking_pid(lock)
    command = command_of(pid) if pid else ""
    return pid if command.split(" ", 1)[0].endswith("postgres") and str(data) in command else None


def is_answered(path: Path) -> bool:
    """Whether a process listens at the socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(path))
        except OSError:
            return False
    return True


def disarm(lock: Path) -> None:
    """Make a stale lock file name no process, so that PostgreSQL clears it.

    The file itself stays: its last line names the shared memory by which PostgreSQL still finds
    survivors of the killed server.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_NOFOLLOW)  # root writes here into another user's folder
    with os.fdopen(descriptor, "r+", errors="replace") as file:
        rest = file.read().split("\n")[1:]
        file.seek(0)
        file.truncate()
        file.write("\n".join([str(NOBODYS_PID), *rest]))
