"""What kind of file a content is, read from the content itself: a name proves nothing."""

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MOST_PIXELS = 120_000_000
LONGEST_SIDE = 30_000
MOST_PARTS = 5_000
MOST_UNPACKED = 200 * 1024 * 1024
PDF_HEAD = 1024
FRAMES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""JPEG's markers of a frame, which holds the picture's size."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, the endings that its names have, and how its content is known."""

    media_type: str
    endings: tuple[str, ...]
    is_one: Callable[[bytes], bool]


def kind_of(content: bytes) -> Kind | None:
    """Return the kind of a whole, sound content; None for every other."""
    return next((kind for kind in KINDS if kind.is_one(content)), None)


def _is_pdf(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf\r\n \t").startswith(b"%PDF-") and b"%%EOF" in content[-PDF_HEAD:]


def _fits(width: int, height: int) -> bool:
    return 0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS


def _is_png(content: bytes) -> bool:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR" or b"IEND" not in content[-16:]:
        return False
    return _fits(int.from_bytes(content[16:20]), int.from_bytes(content[20:24]))


def _is_jpeg(content: bytes) -> bool:
    if content[:3] != b"\xff\xd8\xff" or b"\xff\xd9" not in content:
        return False
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:  # noqa: PLR2004 - JPEG's own sign of a marker
        if content[at + 1] in FRAMES:
            height, width = content[at + 5 : at + 7], content[at + 7 : at + 9]
            return _fits(int.from_bytes(width), int.from_bytes(height))
        at += 2 + int.from_bytes(content[at + 2 : at + 4]) if content[at + 1] != 0xFF else 1  # noqa: PLR2004 - the same
    return False


def _is_webp(content: bytes) -> bool:
    whole = int.from_bytes(content[4:8], "little") + 8
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP" or not whole <= len(content) <= whole + 1:
        return False
    chunk, inside = content[12:16], content[20:30]
    if chunk == b"VP8X":
        sides = int.from_bytes(inside[4:7], "little") + 1, int.from_bytes(inside[7:10], "little") + 1
    elif chunk == b"VP8L" and inside[:1] == b"\x2f":
        bits = int.from_bytes(inside[1:5], "little")
        sides = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif chunk == b"VP8 " and inside[3:6] == b"\x9d\x01\x2a":
        low = int.from_bytes(inside[6:8], "little") & 0x3FFF, int.from_bytes(inside[8:10], "little") & 0x3FFF
        sides = low
    else:
        return False
    return _fits(*sides)


def _is_package(*parts: str) -> Callable[[bytes], bool]:
    """Return a test for zip packages that hold all of ``parts``, no macros, and unpack to a sane size."""

    def is_one(content: bytes) -> bool:
        if content[:4] != b"PK\x03\x04":
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                return _is_sound(package.infolist(), parts)
        except (zipfile.BadZipFile, ValueError, RuntimeError):
            return False

    return is_one


def _is_sound(members: list[zipfile.ZipInfo], parts: Iterable[str]) -> bool:
    names = {member.filename for member in members}
    return (
        names.issuperset(parts)
        and len(members) <= MOST_PARTS
        and sum(member.file_size for member in members) <= MOST_UNPACKED
        and not any(member.flag_bits & 1 for member in members)  # encrypted: nobody could look into it
        and not any(name.lower().endswith("vbaproject.bin") for name in names)
    )


OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = (
    Kind("application/pdf", (".pdf",), _is_pdf),
    Kind("image/png", (".png",), _is_png),
    Kind("image/jpeg", (".jpg", ".jpeg"), _is_jpeg),
    Kind("image/webp", (".webp",), _is_webp),
    Kind(
        f"{OFFICE}.wordprocessingml.document",
        (".docx",),
        _is_package("[Content_Types].xml", "word/document.xml"),
    ),
    Kind(f"{OFFICE}.spreadsheetml.sheet", (".xlsx",), _is_package("[Content_Types].xml", "xl/workbook.xml")),
    Kind("application/ofd", (".ofd",), _is_package("OFD.xml")),
)
