"""Whether two pictures show the same: the points that they share lie alike, and the rest agrees."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from greenward.evidence.likeness.marks import Marks
from greenward.evidence.likeness.views import Grey, View

CLEARER = 0.85
"""A point is matched only if its nearest description is nearer than this part of the second nearest."""
AWAY = 5.0
"""Pixels that a point may lie from where the others put it."""
FEWEST = 8
STRETCH = (0.25, 4.0)
LEAST_SHARE = 0.3
LEAST_CORRELATION = 0.8
SOFTNESS = 1.5
"""Pixels by which both are blurred before they are laid over each other: they fit to a pixel or two."""

SURROUNDINGS = 12.0
"""Pixels around a place that its brightness is compared with."""

Detail = NDArray[np.float32]
Move = NDArray[np.float64]
"""From places in one picture to places in another: 2 × 3, turning, stretching evenly, shifting."""


@dataclass(frozen=True)
class Likeness:
    """How two pictures agree when one is laid over the other.

    ``share``: the part (0 to 1) that both show, of the picture of which it is more; ``correlation``: how
    alike it is there (1: the same but for brightness and contrast); ``mirrored``: turned left to right.
    """

    share: float
    correlation: float
    mirrored: bool

    @property
    def is_same(self) -> bool:
        """True where it is worth asking a person whether both are one picture."""
        return self.share >= LEAST_SHARE and self.correlation >= LEAST_CORRELATION


def likeness(view: View, marks: Marks, small: Grey) -> Likeness:
    """Compare a view of one picture with another's marks and small copy."""
    move = _move(view.marks, marks)
    if move is None:
        return Likeness(0.0, 0.0, view.mirrored)
    return Likeness(*_laid_over(view, marks, small, move), view.mirrored)


def _move(here: Marks, there: Marks) -> Move | None:
    """Return how most points of one picture lie in the other; None where too few agree."""
    if min(len(here.places), len(there.places)) < FEWEST:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING).knnMatch(here.descriptions, there.descriptions, k=2)
    clear = [best for best, second in pairs if best.distance < CLEARER * second.distance]
    if len(clear) < FEWEST:
        return None
    first = here.places[[pair.queryIdx for pair in clear]]
    second = there.places[[pair.trainIdx for pair in clear]]
    move, within = cv2.estimateAffinePartial2D(first, second, ransacReprojThreshold=AWAY, maxIters=1000)
    if move is None or not STRETCH[0] <= np.hypot(move[0, 0], move[1, 0]) <= STRETCH[1]:
        return None
    agreeing = np.unique(second[within.ravel().astype(bool)], axis=0)
    return np.asarray(move, np.float64) if len(agreeing) >= FEWEST else None


def _laid_over(view: View, marks: Marks, small: Grey, move: Move) -> tuple[float, float]:
    """Return share and correlation of what both pictures show, with the second laid over the first."""
    height, width = view.small.shape
    to_first, to_second = width / view.marks.size[0], small.shape[1] / marks.size[0]
    scaled = move * to_second
    scaled[:, :2] /= to_first
    lay = {"M": scaled, "dsize": (width, height), "flags": cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP}
    both = cv2.warpAffine(np.full_like(small, 1), **lay) == 1
    if not both.any():
        return 0.0, 0.0
    area = int(both.sum())
    other = area * abs(float(np.linalg.det(scaled[:, :2]))) / small.size
    return max(area / both.size, other), _correlation(
        _detail(view.small)[both], cv2.warpAffine(_detail(small), **lay)[both]
    )


def _detail(picture: Grey) -> Detail:
    """Return what stands out from its surroundings: uneven light and skies over ground are alike anywhere."""
    soft = cv2.GaussianBlur(picture.astype(np.float32), (0, 0), SOFTNESS)
    return soft - cv2.GaussianBlur(soft, (0, 0), SURROUNDINGS)


def _correlation(first: Detail, second: Detail) -> float:
    one, two = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((one**2).sum() * (two**2).sum()))
    return float((one * two).sum()) / spread if spread else 0.0
