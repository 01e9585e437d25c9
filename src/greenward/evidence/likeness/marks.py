"""The points of a picture, and the words by which they are found."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from greenward.evidence.likeness.sizes import within

SIDE = 512
"""Pixels of the longer side at which pictures are described, so that their first size does not matter."""
NARROWEST = 32
"""Pixels of the shorter side below which no surroundings can be described."""
MOST = 256
"""Points of a picture, the most distinct ones."""
DESCRIPTION = 32
"""Bytes that describe a point."""
WORD_BITS = np.arange(0, 252, 9)
"""The bits of a description that make its word: 28, so that a word is rare among 100 million points."""
FINENESS = 32
"""Positions are stored in such parts of a pixel."""

cv2.setNumThreads(1)  # a server's workers share the cores already


@dataclass(frozen=True)
class Marks:
    """Points of a picture: ``places`` (n × 2, x and y in pixels of ``size``), ``descriptions`` (n × 32).

    ``size``: width and height of the picture at which they were found.
    """

    size: tuple[int, int]
    places: NDArray[np.float32]
    descriptions: NDArray[np.uint8]

    def to_bytes(self) -> bytes:
        """Return the marks as they are stored: 4 bytes and 36 for every point."""
        places = np.rint(self.places * FINENESS).astype("<u2")
        return np.array(self.size, "<u2").tobytes() + places.tobytes() + self.descriptions.tobytes()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Marks":
        """Read what ``to_bytes`` wrote."""
        number = (len(stored) - 4) // (4 + DESCRIPTION)
        width, height = np.frombuffer(stored, "<u2", 2)
        places = np.frombuffer(stored, "<u2", 2 * number, 4).reshape(-1, 2).astype(np.float32)
        descriptions = np.frombuffer(stored, np.uint8, offset=4 + 4 * number).reshape(-1, DESCRIPTION)
        return cls((int(width), int(height)), places / np.float32(FINENESS), descriptions)

    def words(self) -> list[int]:
        """Return the points' words, 0 to 2**28 - 1, each once, sorted."""
        bits = np.unpackbits(self.descriptions, axis=1)[:, WORD_BITS].astype(np.int64)
        return [int(word) for word in np.unique(bits @ (1 << np.arange(len(WORD_BITS))))]


def marks_of(grey: Image.Image, scale: float = 1) -> Marks:
    """Describe a grey picture, brought to SIDE × ``scale`` pixels; places are given as of SIDE.

    A picture without corners (a blank wall, a clear sky) has no points, nor has one that is a thread.
    """
    size = within(grey.size, SIDE)
    width, height = (round(side * scale) for side in size)
    if min(width, height) < NARROWEST:
        return Marks(size, np.zeros((0, 2), np.float32), np.zeros((0, DESCRIPTION), np.uint8))
    drawn = np.asarray(grey.resize((width, height), Image.Resampling.LANCZOS))
    finder = cv2.ORB.create(nfeatures=MOST, fastThreshold=8)
    points, descriptions = finder.detectAndCompute(drawn, None)
    places = np.array([point.pt for point in points], np.float32).reshape(-1, 2) / np.float32(scale)
    described = np.zeros((0, DESCRIPTION), np.uint8) if descriptions is None else descriptions
    return Marks(size, places, described.astype(np.uint8))


def joined(parts: list[Marks]) -> Marks:
    """Return the points of the same picture at several scales as one."""
    return Marks(
        parts[0].size,
        np.concatenate([part.places for part in parts]),
        np.concatenate([part.descriptions for part in parts]),
    )
