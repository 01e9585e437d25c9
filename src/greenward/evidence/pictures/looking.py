"""Everything that is wanted from a picture, read in one go."""

import io
from dataclasses import dataclass
from datetime import tzinfo

from PIL import Image

from greenward.evidence.likeness.marks import Marks, marks_of
from greenward.evidence.likeness.sizes import fitted
from greenward.evidence.likeness.views import View, views_of
from greenward.evidence.pictures.exif import Taken, taken
from greenward.evidence.pictures.opening import read

THUMBNAIL = 320
READ = 1024
"""Pictures are read at this many pixels of the longer side: enough for all that follows."""


@dataclass(frozen=True)
class Look:
    """A picture looked at: sides in pixels (upright), when and where taken, thumbnail (JPEG), marks.

    ``views`` are the ways in which others may show the same; they serve searching and are not stored.
    """

    width: int
    height: int
    taken: Taken
    thumbnail: bytes
    marks: Marks
    views: tuple[View, ...]


def look_at(content: bytes, zone: tzinfo) -> Look:
    """Look at a picture's content; DamagedPictureError where it cannot be read to its end.

    ``zone`` is that of cameras which write none.
    """
    opened = read(content, READ)
    grey = opened.small.convert("L")
    return Look(
        *opened.size,
        taken=taken(opened.exif, zone),
        thumbnail=_thumbnail(opened.small),
        marks=marks_of(grey),
        views=views_of(grey),
    )


def _thumbnail(picture: Image.Image) -> bytes:
    """Return a small JPEG of at most THUMBNAIL pixels a side, without metadata."""
    buffer = io.BytesIO()
    small = picture if max(picture.size) <= THUMBNAIL else fitted(picture, THUMBNAIL)
    small.save(buffer, "JPEG", quality=80, exif=b"", optimize=True)
    return buffer.getvalue()
