"""A zip file read with care: nothing is believed of its sizes, and everything that is unpacked is counted."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from greenward.survey.workbooks.grid import MEGABYTE, Limits
from greenward.survey.workbooks.refusals import damaged, encrypted, entities, too_large_unpacked

PART = 16 * MEGABYTE
"""The most that a part may have which is read as a whole."""
BLOCK = MEGABYTE
PIECE = 64 * 1024
MOST_MEMBERS = 10_000
LOCAL = struct.Struct("<4s22xHH")
ENCRYPTED = 0x1
DECLARES = (b"<!DOCTYPE", b"<!ENTITY")
ROOT = re.compile(rb"<[A-Za-z_]")
ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']{1,40})")
UNICODE = frozenset({b"utf-8", b"utf8", b"us-ascii"})


class Archive:
    """The members of a zip file; WorkbookError where it is damaged, shut, or more than ``limits`` allow."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._content = content
        self._most = limits.unpacked
        self._sizes: dict[str, int] = {}
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                listed = archive.infolist()
        except (zipfile.BadZipFile, RuntimeError, ValueError, OverflowError) as error:
            raise damaged() from error
        self._members = {info.filename: info for info in listed}
        same = {name.lower() for name in self._members}
        if len(listed) > MOST_MEMBERS or len(same) != len(listed):
            raise damaged()
        if any(info.flag_bits & ENCRYPTED for info in listed):
            raise encrypted()
        if sum(info.file_size for info in listed) > limits.unpacked:
            raise too_large_unpacked()

    @property
    def names(self) -> frozenset[str]:
        """The names of all members."""
        return frozenset(self._members)

    def find(self, name: str) -> str | None:
        """Return the member's own name, whatever its case (``name`` in small letters); None without one."""
        return next((own for own in self._members if own.lower() == name), None)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def size(self, name: str) -> int:
        """Return how many bytes a member says that it has: no more than a hint."""
        return self._members[name].file_size

    def read(self, name: str) -> bytes:
        """Return a small XML part as a whole."""
        found = bytearray()
        for block in self.xml(name):
            found += block
            if len(found) > PART:
                raise too_large_unpacked()
        return bytes(found)

    def xml(self, name: str) -> Iterator[bytes]:
        """Yield an XML part in blocks; WorkbookError where it declares entities or is not UTF-8."""
        for number, block in enumerate(self.blocks(name)):
            if number == 0:
                _check_head(block)
            yield block

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a member's bytes as they really are, in blocks of a megabyte at most."""
        size = 0
        for block in self._inflated(name):
            size += len(block)
            if size > self._sizes.get(name, 0):
                self._sizes[name] = size
                if sum(self._sizes.values()) > self._most:
                    raise too_large_unpacked()
            yield block

    def _inflated(self, name: str) -> Iterator[bytes]:
        info = self._members[name]
        start = self._start(info)
        packed = memoryview(self._content)[start : start + info.compress_size]
        if len(packed) != info.compress_size:
            raise damaged()
        if info.compress_type == zipfile.ZIP_STORED:
            yield from (bytes(packed[n : n + BLOCK]) for n in range(0, len(packed), BLOCK))
            return
        if info.compress_type != zipfile.ZIP_DEFLATED:
            raise damaged()
        try:
            yield from _deflated(packed)
        except zlib.error as error:
            raise damaged() from error

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Return where a member's bytes begin: behind its own header, which has its own lengths."""
        try:
            mark, name, extra = LOCAL.unpack_from(self._content, info.header_offset)
        except struct.error as error:
            raise damaged() from error
        if mark != b"PK\x03\x04":
            raise damaged()
        return info.header_offset + 30 + int(name) + int(extra)


def ahead(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the blocks, each unpacked beside the work on the one before."""
    source, context = iter(blocks), copy_context()
    with ThreadPoolExecutor(max_workers=1) as beside:
        coming = beside.submit(context.run, _next, source)
        while block := coming.result():
            coming = beside.submit(context.run, _next, source)
            yield block


def _next(source: Iterator[bytes]) -> bytes:
    return next(source, b"")


def _check_head(block: bytes) -> None:
    """Look at what stands before the first element: only there can entities be declared."""
    root = ROOT.search(block)
    if root is None or not block.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise damaged()
    head = block[: root.start()]
    if any(mark in head for mark in DECLARES):
        raise entities()
    encoding = ENCODING.search(head)
    if encoding is not None and encoding[1].lower() not in UNICODE:
        raise damaged()


def _deflated(packed: memoryview) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    held = bytearray()
    for n in range(0, len(packed), PIECE):
        piece: bytes = bytes(packed[n : n + PIECE])
        while piece:
            held += inflate.decompress(piece, BLOCK)
            piece = inflate.unconsumed_tail
            if len(held) >= BLOCK:
                yield bytes(held)
                held.clear()
    held += inflate.flush()
    if not inflate.eof:
        raise damaged()
    if held:
        yield bytes(held)
