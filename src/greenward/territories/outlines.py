"""District outlines, read from the map that the echarts 4.9 package carries (Apache-2.0); a sketch only.

The file encodes each ring as a string: pairs of characters, each 64 more than a zigzag-coded difference to
the point before, in 1/1024 degree (echarts calls it UTF8Encoding). 经开区 has no outline in it.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from greenward.core.errors import NotFoundError

FILE = "beijing.json"
SCALE = 1024


def outlines() -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection; each feature's ``properties``: 12-digit ``code``, ``name``.

    NotFoundError, with the line that mends it, where set-up has not fetched the file.
    """
    path = settings.VENDOR / FILE
    if not path.exists():
        raise NotFoundError(_("还没有取得区界示意图。"), hint=_("请运行 make setup。"), file=FILE)
    return _read(path, path.stat().st_mtime_ns)


def with_outline() -> frozenset[str]:
    """Return the codes of the districts that have an outline; none where the file is missing."""
    try:
        return frozenset(feature["properties"]["code"] for feature in outlines()["features"])
    except NotFoundError:
        return frozenset()


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> dict[str, Any]:
    return decode(json.loads(path.read_text(encoding="utf-8")))


def decode(encoded: dict[str, Any]) -> dict[str, Any]:
    """Turn echarts' encoded map into GeoJSON, with our codes (110101 → 110101000000)."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": f"{feature['id']:0<12}", "name": feature["properties"]["name"]},
                "geometry": _geometry(feature["geometry"]),
            }
            for feature in encoded["features"]
        ],
    }


def _geometry(geometry: dict[str, Any]) -> dict[str, Any]:
    coordinates, offsets = geometry["coordinates"], geometry["encodeOffsets"]
    if geometry["type"] == "Polygon":
        return {"type": "Polygon", "coordinates": _polygon(coordinates, offsets)}
    polygons = [_polygon(rings, starts) for rings, starts in zip(coordinates, offsets, strict=True)]
    return {"type": "MultiPolygon", "coordinates": polygons}


def _polygon(rings: list[str], starts: list[list[int]]) -> list[list[list[float]]]:
    return [_ring(ring, *start) for ring, start in zip(rings, starts, strict=True)]


def _ring(text: str, x: int, y: int) -> list[list[float]]:
    points = []
    for across, up in zip(text[::2], text[1::2], strict=True):
        x, y = x + _difference(across), y + _difference(up)
        points.append([round(x / SCALE, 4), round(y / SCALE, 4)])
    return points


def _difference(character: str) -> int:
    """Undo the zigzag code: 0, 1, 2, 3 … stand for 0, -1, 1, -2 …."""
    number = ord(character) - 64
    return (number >> 1) ^ -(number & 1)
