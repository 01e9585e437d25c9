"""Sizes of pictures."""

from PIL import Image


def within(size: tuple[int, int], side: int) -> tuple[int, int]:
    """Return a size of the same shape whose longer side is ``side``, both at least one pixel."""
    width, height = (max(1, round(one * side / max(size))) for one in size)
    return width, height


def fitted(picture: Image.Image, side: int) -> Image.Image:
    """Return the picture brought to ``side`` pixels of its longer side."""
    return picture.resize(within(picture.size, side), Image.Resampling.BICUBIC, reducing_gap=2.0)
