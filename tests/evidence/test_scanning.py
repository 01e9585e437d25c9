"""The hook for a virus scanner: what it finds is refused, and so is everything while it does not answer."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from greenward.evidence.actions import keep_file
from greenward.evidence.models import File
from greenward.evidence.scanning import InfectedFileError, ScannerFailedError
from tests.evidence.conftest import png

AT = datetime(2022, 6, 15, 2, tzinfo=UTC)


@contextmanager
def clamd(path: Path, answer: bytes) -> Iterator[list[bytes]]:
    """Answer once as clamd does; give what was sent."""
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(path))
        door.listen()

        def serve() -> None:
            line, _address = door.accept()
            with line:
                sent = b""
                while not sent.endswith(bytes(4)):
                    sent += line.recv(65536)
                heard.append(sent)
                line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield heard
        thread.join()


@pytest.mark.django_db
def test_without_a_scanner_the_file_says_that_it_was_not_scanned(settings: LazySettings) -> None:
    settings.GREENWARD_SCANNER = ""
    assert keep_file("图.png", png(), by=None, at=AT).scanner == ""


@pytest.mark.django_db
def test_clamd_is_asked_and_named(settings: LazySettings, tmp_path: Path) -> None:
    settings.GREENWARD_SCANNER = f"unix:{tmp_path / 'clamd'}"
    with clamd(tmp_path / "clamd", b"stream: OK\0") as heard:
        kept = keep_file("图.png", png(), by=None, at=AT)
    assert kept.scanner == settings.GREENWARD_SCANNER
    assert heard == [b"zINSTREAM\0" + len(png()).to_bytes(4) + png() + bytes(4)]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "answer,error",
    [(b"stream: Eicar-Test-Signature FOUND\0", InfectedFileError), (b"", ScannerFailedError)],
)
def test_a_finding_and_no_answer_both_refuse(
    settings: LazySettings, tmp_path: Path, answer: bytes, error: type[Exception]
) -> None:
    settings.GREENWARD_SCANNER = f"unix:{tmp_path / 'clamd'}"
    with clamd(tmp_path / "clamd", answer), pytest.raises(error):
        keep_file("图.png", png(), by=None, at=AT)
    assert not File.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "scanner,error",
    [
        (f"{sys.executable} -c 'import sys; sys.exit(len(sys.stdin.buffer.read()) == 0)'", None),
        (f"{sys.executable} -c 'raise SystemExit(1)'", InfectedFileError),
        (f"{sys.executable} -c 'raise SystemExit(2)'", ScannerFailedError),
        ("/no/such/scanner -", ScannerFailedError),
        ("unix:/no/such/socket", ScannerFailedError),
        ("tcp:127.0.0.1:1", ScannerFailedError),
    ],
)
def test_a_command_tells_by_its_status(
    settings: LazySettings, scanner: str, error: type[Exception] | None
) -> None:
    settings.GREENWARD_SCANNER = scanner
    if error is None:
        assert keep_file("图.png", png(), by=None, at=AT).scanner == scanner
        return
    with pytest.raises(error):
        keep_file("图.png", png(), by=None, at=AT)
    assert not File.objects.exists()
