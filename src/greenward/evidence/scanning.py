"""The hook for a virus scanner of the house: clamd's socket, or a command that reads the file.

``GREENWARD_SCANNER`` names it: ``unix:/run/clamav/clamd.ctl``, ``tcp:127.0.0.1:3310``, or a command such as
``clamdscan --no-summary -`` (file on standard input; status 0 clean, 1 found). Empty: nothing is scanned, and
pages say so.
"""

import shlex
import socket
import subprocess
from http import HTTPStatus

import structlog
from django.conf import settings
from django.utils.translation import gettext as _

from greenward.core.errors import InvalidInputError, ServerError

LONGEST = 60
"""Seconds that a scan may take."""
PIECE = 1 << 16
MOST_ANSWER = 4096
log = structlog.get_logger("greenward.evidence")


class InfectedFileError(InvalidInputError):
    """The scanner found something in the file."""

    code = "infected_file"


class ScannerFailedError(ServerError):
    """The scanner that is configured gave no answer: without one no file is taken."""

    code = "scanner_failed"
    status = HTTPStatus.SERVICE_UNAVAILABLE


def scanner() -> str:
    """Return which scanner is configured; empty for none."""
    named: str = settings.GREENWARD_SCANNER
    return named


def check_is_clean(name: str, content: bytes) -> str:
    """Have a file scanned; return the scanner, empty where none is configured.

    InfectedFileError where it finds something, ScannerFailedError where it does not answer: both refuse.
    """
    named = scanner()
    if not named:
        return ""
    try:
        clean = _ask(named, content)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.exception("scanner_failed", scanner=named, error=type(error).__name__)
        raise ScannerFailedError(
            _("病毒扫描没有完成，文件“%(name)s”没有保存。") % {"name": name},
            hint=_("请稍后再传；仍不行请联系系统管理员。"),
        ) from error
    if not clean:
        raise InfectedFileError(
            _("病毒扫描在文件“%(name)s”中发现问题，没有保存。") % {"name": name},
            hint=_("请检查您的设备，换一份干净的文件再传。"),
        )
    return named


def _ask(named: str, content: bytes) -> bool:
    way, _colon, where = named.partition(":")
    if way == "unix":
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(LONGEST)
            line.connect(where)
            return _ask_clamd(line, content)
    if way == "tcp":
        host, _colon, port = where.rpartition(":")
        with socket.create_connection((host, int(port)), timeout=LONGEST) as line:
            return _ask_clamd(line, content)
    done = subprocess.run(  # noqa: S603 - the operator's own command
        shlex.split(named), input=content, capture_output=True, timeout=LONGEST, check=False
    )
    if done.returncode not in {0, 1}:
        raise ValueError(f"the scanner ended with status {done.returncode}")
    return done.returncode == 0


def _ask_clamd(line: socket.socket, content: bytes) -> bool:
    """Send a content by clamd's INSTREAM; ValueError for an answer that is neither OK nor FOUND."""
    line.sendall(b"zINSTREAM\0")
    for start in range(0, len(content), PIECE):
        piece = content[start : start + PIECE]
        line.sendall(len(piece).to_bytes(4) + piece)
    line.sendall(bytes(4))
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < MOST_ANSWER:
        more = line.recv(MOST_ANSWER)
        if not more:
            break
        answer += more
    said = answer.rstrip(b"\0\n ")
    if not said.endswith((b" OK", b" FOUND")):
        raise ValueError("clamd answered neither OK nor FOUND")
    return said.endswith(b" OK")
