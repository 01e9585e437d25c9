"""Opening pictures within limits: a small file can claim to be a picture of many gigabytes."""

import io
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageOps
from PIL.ExifTags import Base
from PIL.Image import Exif
from PIL.ImageFile import ImageFile

from greenward.evidence.likeness.sizes import fitted

MOST_PIXELS = 64_000_000
LONGEST_SIDE = 30_000
FORMATS = ("PNG", "JPEG", "WEBP")
"""As Pillow calls them; its JPEG takes in the several pictures of one shot that phones write (MPO)."""

DEEP = "I;16"
LYING = range(5, 9)
"""EXIF's numbers for pictures whose rows are their columns."""
ONE_AT_A_TIME = threading.Lock()
"""A picture of 64 million pixels takes up to 260 MB while it is read; a process reads one at a time."""

Faults = (OSError, SyntaxError, ValueError, EOFError, ZeroDivisionError, OverflowError, MemoryError)
"""What Pillow raises on broken contents."""


class DamagedPictureError(ValueError):
    """The content begins like a picture but cannot be read to its end."""


@dataclass(frozen=True)
class Opened:
    """A picture that was read: its full ``size`` in pixels and ``small`` copy, both upright, and its EXIF."""

    size: tuple[int, int]
    small: Image.Image
    exif: Exif


def can_open(content: bytes, form: str) -> bool:
    """Tell whether the content begins as a picture of Pillow's format ``form``, of a size we take."""
    try:
        with opened(content, [form]) as picture:
            width, height = picture.size
    except (Image.DecompressionBombError, *Faults):
        return False
    return 0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS


def read(content: bytes, side: int) -> Opened:
    """Read a whole picture of a size that is taken; its small copy has no side above ``side``, in RGB.

    JPEG is read at the smallest scale that suffices; of moving pictures the first frame counts.
    DamagedPictureError where the content breaks off or makes no sense.
    """
    with ONE_AT_A_TIME:
        try:
            with opened(content, FORMATS) as picture:
                size = picture.size
                picture.draft("RGB", (side, side))
                picture.load()
                exif = picture.getexif()
                small = picture.copy() if max(size) <= side else fitted(picture, side)
                upright = _on_white(ImageOps.exif_transpose(small))
        except Faults as error:
            raise DamagedPictureError(str(error)) from error
    lies = exif.get(Base.Orientation, 1) in LYING
    return Opened(size[::-1] if lies else size, upright, exif)


@contextmanager
def opened(content: bytes, formats: Sequence[str] = FORMATS) -> Iterator[ImageFile]:
    """Give a picture of which only the head was read; Pillow's errors (``Faults``) pass."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # the limits here are narrower
        with Image.open(io.BytesIO(content), formats=list(formats)) as picture:
            yield picture


def _on_white(picture: Image.Image) -> Image.Image:
    """Return the picture in RGB; what is transparent becomes white, as on a page."""
    if picture.mode.startswith(DEEP):
        picture = picture.point(lambda depth: depth / 256, "L")
    if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        whole = Image.new("RGB", coloured.size, "white")
        whole.paste(coloured, mask=coloured.getchannel("A"))
        return whole
    return picture.convert("RGB")
