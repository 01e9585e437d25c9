"""The ways in which somebody may have seen the same picture before."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from greenward.evidence.likeness.marks import Marks, joined, marks_of
from greenward.evidence.likeness.sizes import fitted

Grey = NDArray[np.uint8]
SMALL = 320
SCALES = (1.2, 1, 0.9, 0.83, 0.69)
"""A cut picture shows its part larger. ORB's own steps are 1.2; those between find points between them."""


@dataclass(frozen=True)
class View:
    """A picture as it is or ``mirrored``: its points at several scales; itself ``small``."""

    mirrored: bool
    marks: Marks
    small: Grey


def views_of(grey: Image.Image) -> tuple[View, ...]:
    """Return both views of a grey picture."""
    shown = {False: grey, True: ImageOps.mirror(grey)}
    return tuple(
        View(mirrored, joined([marks_of(one, scale) for scale in SCALES]), small_of(one))
        for mirrored, one in shown.items()
    )


def small_of(picture: Image.Image) -> Grey:
    """Return a picture in grey with SMALL pixels of its longer side, for comparing it pixel by pixel."""
    return np.asarray(fitted(picture.convert("L"), SMALL))
