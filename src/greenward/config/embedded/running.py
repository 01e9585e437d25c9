"""Sharing one server among processes: the first starts it, the last one out stops it.

Every user holds a shared file lock; the kernel frees it when a process ends, however it ends, so no
crash leaves a count behind.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from greenward.config.embedded.cluster import Cluster
from greenward.config.embedded.layout import make_root


@contextmanager
def running(cluster: Cluster | None = None, *, database: str = "greenward") -> Iterator[Cluster]:
    """Keep the server up and ``database`` there while the block runs.

    Raises :class:`~greenward.config.embedded.errors.EmbeddedDatabaseError`.
    """
    cluster = cluster or Cluster()
    make_root(cluster.layout)
    with lock_file(cluster.layout.root / "users.lock") as users:
        try:
            with turn(cluster):
                fcntl.flock(users, fcntl.LOCK_SH)
                cluster.start()
                cluster.create(database)
            yield cluster
        finally:
            with turn(cluster):
                if is_last(users):
                    cluster.stop()


@contextmanager
def turn(cluster: Cluster) -> Iterator[None]:
    """Let one process at a time start or stop the server."""
    with lock_file(cluster.layout.root / "start.lock") as start:
        fcntl.flock(start, fcntl.LOCK_EX)
        yield


def lock_file(path: Path) -> IO[bytes]:
    """Open a file to lock; it is never deleted, since a deleted lock file guards nothing."""
    return path.open("ab")


def is_last(users: IO[bytes]) -> bool:
    """Whether no other process uses the server."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        fcntl.flock(users, fcntl.LOCK_UN)
        return False
    return True
