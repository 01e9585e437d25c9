"""Pictures without what they carry unseen: owner, device, position. What is seen stays bit for bit."""

import re
from collections.abc import Callable, Iterator

from PIL import Image
from PIL.ExifTags import Base

from greenward.evidence.pictures.opening import Faults, opened

START, SCAN, END = b"\xff\xd8", 0xDA, 0xD9
LONE = frozenset({0x01, *range(0xD0, 0xD8)})
"""JPEG's markers that stand for themselves, without a length."""
NEXT_MARKER = re.compile(rb"\xff+[^\x00\xff\xd0-\xd7]")
APPLICATION = range(0xE0, 0xF0)
COMMENT = 0xFE
JFIF, PROFILE, ADOBE = 0xE0, 0xE2, 0xEE
PNG_SEEN = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP cICP sBIT bKGD pHYs acTL fcTL fdAT".split()
)
WEBP_UNSEEN = frozenset({b"EXIF", b"XMP "})
WEBP_UNSEEN_FLAGS = 0x08 | 0x04


def bare(content: bytes, media_type: str) -> bytes:
    """Return a picture without metadata but for the side that is up; contents of other kinds as they are."""
    strip = STRIPS.get(media_type)
    return strip(content) if strip is not None else content


def _bare_jpeg(content: bytes) -> bytes:
    parts = [START]
    if (turned := _orientation(content)) != 1:
        parts.append(_segment(0xE1, _only(turned)))
    parts += _jpeg_parts(content)
    return b"".join(parts)


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    """Yield the segments that are seen, from after the start to the first picture's end."""
    at = len(START)
    while at + 4 <= len(content):
        marker = content[at + 1]
        if marker == 0xFF:  # noqa: PLR2004 - JPEG's own filling
            at += 1
            continue
        if marker == END:
            break
        if marker in LONE:
            yield content[at : at + 2]
            at += 2
            continue
        end = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        if marker == SCAN:
            found = NEXT_MARKER.search(content, end)
            end = found.start() if found else len(content)
        if _is_seen(marker, content[at + 4 : at + 16]):
            yield content[at:end]
        at = end
    yield bytes((0xFF, END))


def _is_seen(marker: int, beginning: bytes) -> bool:
    if marker == PROFILE:
        return beginning.startswith(b"ICC_PROFILE")
    return marker in {JFIF, ADOBE} or (marker not in APPLICATION and marker != COMMENT)


def _orientation(content: bytes) -> int:
    """Return EXIF's number for the side that is up, 1 for upright."""
    try:
        with opened(content) as picture:
            found = picture.getexif().get(Base.Orientation, 1)
    except Faults:
        return 1
    return found if found in range(1, 9) else 1


def _only(turned: int) -> bytes:
    exif = Image.Exif()
    exif[Base.Orientation] = turned
    return exif.tobytes()


def _segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2) + data


def _bare_png(content: bytes) -> bytes:
    parts, at = [content[:8]], 8
    while at + 8 <= len(content):
        name, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4])
        if name in PNG_SEEN:
            parts.append(content[at:end])
        if name == b"IEND":
            break
        at = end
    return b"".join(parts)


def _bare_webp(content: bytes) -> bytes:
    parts, at = [], 12
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        if name == b"VP8X":
            parts.append(
                content[at : at + 8] + bytes((content[at + 8] & ~WEBP_UNSEEN_FLAGS,)) + content[at + 9 : end]
            )
        elif name not in WEBP_UNSEEN:
            parts.append(content[at:end])
        at = end
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + len(body).to_bytes(4, "little") + body


STRIPS: dict[str, Callable[[bytes], bytes]] = {
    "image/jpeg": _bare_jpeg,
    "image/png": _bare_png,
    "image/webp": _bare_webp,
}
