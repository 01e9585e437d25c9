"""What kind of file a content is, read from the content itself: a name proves nothing."""

import io
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from greenward.evidence.pictures.opening import can_open

MOST_PARTS = 5_000
MOST_UNPACKED = 200 * 1024 * 1024
PDF_HEAD = 1024


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, the endings that its names have, and how its content is known."""

    media_type: str
    endings: tuple[str, ...]
    is_one: Callable[[bytes], bool]

    @property
    def is_picture(self) -> bool:
        """True for photos and drawings."""
        return self.media_type.startswith("image/")


def kind_of(content: bytes) -> Kind | None:
    """Return the kind of a content that begins as one and keeps its limits; None for every other."""
    return next((kind for kind in KINDS if kind.is_one(content)), None)


def _is_pdf(content: bytes) -> bool:
    return content.lstrip(b"\xef\xbb\xbf\r\n \t").startswith(b"%PDF-") and b"%%EOF" in content[-PDF_HEAD:]


def _is_picture(form: str) -> Callable[[bytes], bool]:
    return lambda content: can_open(content, form)


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
    Kind("image/png", (".png",), _is_picture("PNG")),
    Kind("image/jpeg", (".jpg", ".jpeg"), _is_picture("JPEG")),
    Kind("image/webp", (".webp",), _is_picture("WEBP")),
    Kind(
        f"{OFFICE}.wordprocessingml.document",
        (".docx",),
        _is_package("[Content_Types].xml", "word/document.xml"),
    ),
    Kind(f"{OFFICE}.spreadsheetml.sheet", (".xlsx",), _is_package("[Content_Types].xml", "xl/workbook.xml")),
    Kind("application/ofd", (".ofd",), _is_package("OFD.xml")),
)
