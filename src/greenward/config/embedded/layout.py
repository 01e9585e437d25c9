"""Where an embedded server keeps its things, and as whom it runs; computed without touching the disk.

An ordinary user's server lives in the folder itself. PostgreSQL refuses to run as root, so root's
server runs as ``nobody`` with everything under ``/var/lib/greenward``: the folder may lie where
``nobody`` cannot look (``/root``), and nobody's permissions are ever widened for it.
"""

import hashlib
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from django.utils.translation import gettext as _

from greenward.config.embedded.errors import UnsafeFolderError

STORE = Path("/var/lib/greenward")
USER = "greenward"  # the database's superuser
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 103  # bytes of a socket's path: 107 on Linux, 103 on macOS


class Identity(TypedDict):
    """How ``subprocess`` is told to change the user; None means: stay."""

    user: int | None
    group: int | None
    extra_groups: list[int] | None


@dataclass(frozen=True)
class Owner:
    """The unprivileged user that runs the server."""

    uid: int
    gid: int
    switch: bool  # True when we are root and children must change to this user

    def identity(self) -> Identity:
        """Return the arguments that make a child process run as this user."""
        if self.switch:
            return {"user": self.uid, "group": self.gid, "extra_groups": []}
        return {"user": None, "group": None, "extra_groups": None}


@dataclass(frozen=True)
class Layout:
    """The places of one server: ``root`` (locks, log) is ours, ``data`` and ``socket`` the owner's."""

    root: Path
    data: Path
    socket: Path
    log: Path
    owner: Owner


def server_owner() -> Owner:
    """Return the current user, or ``nobody`` for root."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), switch=False)
    nobody = pwd.getpwnam("nobody")
    return Owner(nobody.pw_uid, nobody.pw_gid, switch=True)


def layout_of(folder: Path) -> Layout:
    """Return the layout of the server that belongs to ``folder``; the same folder, the same layout."""
    folder = folder.resolve()
    owner = server_owner()
    mark = hashlib.sha256(str(folder).encode()).hexdigest()[:12]
    root = STORE / mark if owner.switch else folder
    socket = root / "socket"
    if len(os.fsencode(socket / SOCKET_NAME)) > SOCKET_PATH_LIMIT:
        socket = Path(f"/tmp/greenward-{owner.uid}-{mark}")  # noqa: S108 - made 0700 and its owner checked
    return Layout(root, root / "data", socket, root / "log", owner)


def make_root(layout: Layout) -> None:
    """Make the folder that holds the locks; many processes may do so at once.

    Raises :class:`UnsafeFolderError`.
    """
    if layout.owner.switch:
        make_readable(STORE)
        make_readable(layout.root)
    else:
        layout.root.mkdir(parents=True, exist_ok=True)


def make_readable(folder: Path) -> None:
    """Make root's ``folder`` one that the server's user can pass, or check that only root may write."""
    try:
        folder.mkdir()
    except FileExistsError:
        check_owned(folder, os.geteuid(), forbidden=0o022)
    else:
        folder.chmod(0o755)  # whatever the umask


def make_private(folder: Path, owner: Owner) -> None:
    """Make ``folder`` 0700 for ``owner``, or check that it is; one process at a time."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        check_owned(folder, owner.uid, forbidden=0o077)
        return
    folder.chmod(0o700)
    if owner.switch:
        os.chown(folder, owner.uid, owner.gid)


def check_owned(folder: Path, uid: int, *, forbidden: int) -> None:
    """Raise :class:`UnsafeFolderError` unless ``folder`` is ``uid``'s own, without ``forbidden`` bits."""
    found = folder.lstat()
    if stat.S_ISDIR(found.st_mode) and found.st_uid == uid and not found.st_mode & forbidden:
        return
    raise UnsafeFolderError(
        _("文件夹 %(folder)s 应当属于用户 %(uid)s 且不对他人开放，实际属于用户 %(found)s，权限 %(mode)s。")
        % {"folder": folder, "uid": uid, "found": found.st_uid, "mode": oct(stat.S_IMODE(found.st_mode))},
        hint=_("请查明它是谁建立的；确认无用后移走，再重试。"),
        folder=str(folder),
    )
