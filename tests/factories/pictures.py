"""Photo-like pictures of made-up courtyards, and what happens to pictures before they are handed in again.

Every scene comes from its number: light, sky, walls with windows, trees, paving, bins and a notice board,
all with grain and shade, so that pictures differ as photos do and share what photos of one city share
(the same bins, the same kind of windows, boards with the same heading).
"""

import io
from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

from greenward.core.fonts import font_files

SIZE = (640, 480)
HEADINGS = ("垃圾分类 从我做起", "绿色社区 美好家园", "居民公约", "消防通道 禁止占用")
BINS = ((38, 110, 62), (40, 86, 160), (178, 44, 40), (96, 96, 96))


def scene(number: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """Return the scene of that number, always the same, as RGB."""
    chance = np.random.default_rng([7, number])
    width, height = size
    horizon = int(height * chance.uniform(0.35, 0.6))
    picture = Image.fromarray(_sky_and_ground(chance, width, height, horizon))
    draw = ImageDraw.Draw(picture)
    for _ in range(chance.integers(2, 5)):
        _wall(picture, draw, chance, horizon)
    for _ in range(chance.integers(2, 7)):
        _tree(draw, chance, width, horizon)
    _bins(draw, chance, width, height, horizon)
    if chance.random() < 0.4:
        _board(draw, chance, width, horizon)
    for _ in range(chance.integers(20, 60)):
        _clutter(draw, chance, width, height, horizon)
    return _as_photographed(picture, chance)


def jpeg(picture: Image.Image, quality: int = 88, **more: object) -> bytes:
    """Return the picture as JPEG; ``more`` goes to Pillow (``exif=…``)."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality, **more)
    return buffer.getvalue()


def changes() -> dict[str, Callable[[Image.Image], bytes]]:
    """Return what is done to a picture before it is used again: name → from picture to JPEG."""
    return {
        "saved again": lambda one: jpeg(one, 60),
        "compressed hard": lambda one: jpeg(one, 25),
        "made smaller": lambda one: jpeg(ImageOps.contain(one, (400, 400)), 75),
        "mirrored": lambda one: jpeg(ImageOps.mirror(one), 80),
        "cut to four fifths": lambda one: jpeg(_cut(one, 0.1, 0.08, 0.8), 80),
        "cut to three fifths": lambda one: jpeg(_cut(one, 0.3, 0.25, 0.6), 80),
        "cut and mirrored": lambda one: jpeg(ImageOps.mirror(_cut(one, 0.05, 0.2, 0.7)), 75),
        "turned a little": lambda one: jpeg(
            _cut(one.rotate(4, Image.Resampling.BICUBIC), 0.07, 0.07, 0.86), 80
        ),
        "made brighter": lambda one: jpeg(ImageEnhance.Brightness(one).enhance(1.3), 80),
        "washed and captioned": lambda one: jpeg(_captioned(ImageEnhance.Color(one).enhance(0.4)), 75),
    }


def _noise(chance: Generator, width: int, height: int, cells: int) -> np.ndarray:
    """Return smooth noise between 0 and 1 with about ``cells`` bumps across, finer ones over it."""
    whole = np.zeros((height, width), dtype=np.float32)
    weight = 0.0
    for octave in range(5):
        many = cells * 2**octave
        coarse = chance.random((max(2, many * height // width), max(2, many)), dtype=np.float32)
        fine = Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC)
        whole += np.asarray(fine) / 2**octave
        weight += 1 / 2**octave
    return whole / weight


def _tone(chance: Generator) -> np.ndarray:
    """Return a muted colour of stone or plaster."""
    return (chance.uniform(75, 195) + chance.uniform(-22, 22, 3)).astype(np.float32)


def _sky_and_ground(chance: Generator, width: int, height: int, horizon: int) -> np.ndarray:
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    blue = (np.array([120, 160, 205]) + chance.uniform(-25, 25, 3)).astype(np.float32)
    sky = blue + rows * np.array([90, 70, 40], dtype=np.float32)
    sky = sky + (_noise(chance, width, height, 5)[..., None] - 0.5) * np.float32(chance.uniform(30, 110))
    ground = _tone(chance) + (_noise(chance, width, height, 24)[..., None] - 0.5) * 150
    side = int(chance.integers(18, 60))
    lines = (np.arange(width)[None, :] % side < 2) | (np.arange(height)[:, None] % max(6, side // 2) < 2)
    ground = ground - lines[..., None] * np.float32(chance.uniform(10, 45))
    below = (np.arange(height) >= horizon)[:, None, None]
    return np.clip(np.where(below, ground, sky), 0, 255).astype(np.uint8)


def _wall(picture: Image.Image, draw: ImageDraw.ImageDraw, chance: Generator, horizon: int) -> None:
    width = int(chance.integers(picture.width // 6, picture.width // 2))
    left, top = (
        int(chance.integers(-width // 3, picture.width - width // 2)),
        int(horizon * chance.uniform(0, 0.6)),
    )
    grain = _tone(chance) + (_noise(chance, width, horizon - top + 20, 16)[..., None] - 0.5) * 80
    picture.paste(Image.fromarray(np.clip(grain, 0, 255).astype(np.uint8)), (left, top))
    step_x, step_y = int(chance.integers(28, 70)), int(chance.integers(34, 80))
    for x in range(left + 10, left + width - step_x // 2, step_x):
        for y in range(top + 12, horizon - step_y // 2, step_y):
            shade = int(chance.integers(20, 130))
            inside = (shade, shade + 8, shade + int(chance.integers(5, 40)))
            draw.rectangle((x, y, x + step_x // 2, y + step_y // 2), fill=inside, outline=(225, 225, 220))
            if chance.random() < 0.3:
                draw.rectangle(
                    (x, y + step_y // 2 + 2, x + step_x // 3, y + step_y // 2 + 12), fill=(200,) * 3
                )


def _tree(draw: ImageDraw.ImageDraw, chance: Generator, width: int, horizon: int) -> None:
    x, foot = int(chance.integers(0, width)), horizon + int(chance.integers(5, 90))
    crown = int(chance.integers(40, 120))
    middle = foot - int(crown * chance.uniform(1.2, 2))
    draw.line((x, foot, x, middle), fill=(74, 56, 40), width=int(chance.integers(6, 16)))
    for _ in range(int(crown * 3.5)):
        angle, away = chance.uniform(0, 2 * np.pi), crown * np.sqrt(chance.random())
        spot_x, spot_y = x + away * np.cos(angle), middle + 0.8 * away * np.sin(angle)
        green = chance.integers((20, 60, 15), (110, 165, 80))
        size = chance.uniform(2, 9)
        draw.ellipse(
            (spot_x - size, spot_y - size, spot_x + size, spot_y + size), fill=tuple(map(int, green))
        )


def _bins(draw: ImageDraw.ImageDraw, chance: Generator, width: int, height: int, horizon: int) -> None:
    tall = int(chance.integers(60, 130))
    x, y = int(chance.integers(0, width * 2 // 3)), int(chance.integers(horizon, height - tall))
    for tone in BINS[: chance.integers(2, 5)]:
        draw.rectangle((x, y + tall // 6, x + tall * 2 // 3, y + tall), fill=tone)
        draw.polygon(
            [(x - 4, y + tall // 6), (x + tall // 3, y), (x + tall * 2 // 3 + 4, y + tall // 6)], fill=tone
        )
        draw.ellipse((x + tall // 5, y + tall // 3, x + tall // 2, y + tall * 2 // 3), fill=(235,) * 3)
        x += tall * 2 // 3 + int(chance.integers(4, 16))


def _board(draw: ImageDraw.ImageDraw, chance: Generator, width: int, horizon: int) -> None:
    wide = int(chance.integers(160, 330))
    x, y = int(chance.integers(0, width - wide)), int(horizon * chance.uniform(0.5, 0.95))
    draw.rectangle((x, y, x + wide, y + wide * 5 // 8), fill=(240, 238, 226), outline=(120, 40, 30), width=5)
    face = str(font_files()[0])
    draw.text(
        (x + 14, y + 10), str(chance.choice(HEADINGS)), (170, 30, 25), ImageFont.truetype(face, wide // 11)
    )
    small = ImageFont.truetype(face, max(9, wide // 22))
    signs = "社区居民共同维护环境卫生节约用水用电爱护花草树木文明养犬有序停车邻里互助"
    for row in range(5):
        line = "".join(chance.choice(list(signs), 16))
        draw.text((x + 14, y + wide // 6 + row * wide // 12), line, (50, 50, 50), small)


def _clutter(draw: ImageDraw.ImageDraw, chance: Generator, width: int, height: int, horizon: int) -> None:
    x, y = int(chance.integers(0, width)), int(chance.integers(horizon - 30, height))
    size = int(chance.integers(3, 26))
    corners = [
        (x + int(dx), y + int(dy))
        for dx, dy in chance.integers(-size, size + 1, (int(chance.integers(3, 7)), 2))
    ]
    draw.polygon(corners, fill=tuple(map(int, chance.integers(20, 235, 3))))


def _as_photographed(picture: Image.Image, chance: Generator) -> Image.Image:
    """Return the picture with a lens's softness, uneven light and a sensor's grain."""
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(chance.uniform(0.4, 1.2))), dtype=np.float32)
    height, width = soft.shape[:2]
    light = 0.75 + 0.5 * _noise(chance, width, height, 2)[..., None]
    grain = chance.normal(0, chance.uniform(2, 7), soft.shape).astype(np.float32)
    return Image.fromarray(np.clip(soft * light + grain, 0, 255).astype(np.uint8))


def _cut(picture: Image.Image, left: float, top: float, share: float) -> Image.Image:
    """Return the part whose sides are ``share`` of the picture's, from ``left`` and ``top`` (shares too)."""
    width, height = picture.size
    x, y = int(width * left), int(height * top)
    return picture.crop((x, y, x + int(width * share), y + int(height * share)))


def _captioned(picture: Image.Image) -> Image.Image:
    shown = picture.copy()
    draw = ImageDraw.Draw(shown)
    face = ImageFont.truetype(str(font_files()[0]), 26)
    draw.text((20, shown.height - 50), "2022-06-15 09:12 现场照片", (250, 230, 60), face)
    return shown
