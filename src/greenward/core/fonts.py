"""The fonts of printed documents, and which characters they can show.

Fonts come from the wheel ``pylopdf-fonts-zh-cn`` (Noto Sans SC, Noto Serif SC; OFL) and from the folder that
``GREENWARD_FONTS`` names, such as Debian's ``/usr/share/fonts/opentype/noto``. The system's own are never
taken unasked: one document looks the same on every machine.
"""

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from greenward.core.errors import ServerError

WHEEL = "pylopdf_fonts_zh_cn"
SUFFIXES = frozenset({".otf", ".ttf", ".ttc"})
MISSING = "〓"
"""Stands for a character that no font has, as in Chinese print: never an empty box."""
NEEDED = "社区"

Range = tuple[int, int]


class NoFontError(ServerError):
    """No font for Chinese is installed."""

    code = "no_font"


def font_files() -> tuple[Path, ...]:
    """Return the font files of printed documents; NoFontError where none has Chinese."""
    own = Path(settings.GREENWARD_FONTS) if settings.GREENWARD_FONTS else None
    found = tuple(_files(own)) if own is not None else ()
    found += tuple(_files(_wheel()))
    if not all(has(character, found) for character in NEEDED):
        raise NoFontError(
            _("没有可用的中文字体，不能生成 PDF。"),
            hint=_("请安装 Python 包 pylopdf-fonts-zh-cn，或用 GREENWARD_FONTS 指定一个有中文字体的文件夹。"),
        )
    return found


def shown(text: str, files: Sequence[Path]) -> str:
    """Return ``text`` with every character that no font has replaced by :data:`MISSING`."""
    return "".join(
        one if one.isspace() or not one.isprintable() or has(one, files) else MISSING for one in text
    )


def has(character: str, files: Sequence[Path]) -> bool:
    """Tell whether one of the fonts has a character."""
    return any(_in_ranges(ord(character), _ranges(file)) for file in files)


def _in_ranges(code: int, ranges: Sequence[Range]) -> bool:
    at = bisect_right(ranges, (code, 0x10FFFF))
    return at > 0 and ranges[at - 1][1] >= code


def _wheel() -> Path | None:
    spec = find_spec(WHEEL)
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _files(folder: Path | None) -> Iterator[Path]:
    if folder is not None and folder.is_dir():
        yield from sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


@lru_cache(maxsize=64)
def _ranges(file: Path) -> tuple[Range, ...]:
    """Return the characters of a font file (OpenType, the first of a collection) as closed ranges, sorted."""
    data = file.read_bytes()
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    for number in range(struct.unpack_from(">H", data, start + 4)[0]):
        tag, _sum, offset, _length = struct.unpack_from(">4sIII", data, start + 12 + 16 * number)
        if tag == b"cmap":
            return tuple(_joined(sorted(_cmap(data, offset))))
    return ()


def _joined(ranges: Sequence[Range]) -> Iterator[Range]:
    """Yield the ranges without overlaps; each covers at least what those before it cover."""
    first, last = ranges[0]
    for begin, end in ranges[1:]:
        if begin > last + 1:
            yield first, last
            first = begin
        last = max(last, end)
    yield first, last


def _cmap(data: bytes, table: int) -> Iterator[Range]:
    """Yield the ranges of the subtables of formats 4 and 12, which every font of today has."""
    seen = set()
    for number in range(struct.unpack_from(">H", data, table + 2)[0]):
        offset = table + struct.unpack_from(">HHI", data, table + 4 + 8 * number)[2]
        kind = struct.unpack_from(">H", data, offset)[0]
        if offset in seen:
            continue
        seen.add(offset)
        if kind == 12:  # noqa: PLR2004 - the format's number
            for group in range(struct.unpack_from(">I", data, offset + 12)[0]):
                yield struct.unpack_from(">II", data, offset + 16 + 12 * group)
        elif kind == 4:  # noqa: PLR2004 - the same
            size = struct.unpack_from(">H", data, offset + 6)[0]
            ends = struct.unpack_from(f">{size // 2}H", data, offset + 14)
            starts = struct.unpack_from(f">{size // 2}H", data, offset + 16 + size)
            yield from (pair for pair in zip(starts, ends, strict=True) if pair[0] != 0xFFFF)  # noqa: PLR2004 - the end mark
