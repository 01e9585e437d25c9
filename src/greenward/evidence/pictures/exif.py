"""What a picture says of itself (EXIF): when and where it was taken. Anybody can write that."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any

from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Exif

EXIF_TIME = "%Y:%m:%d %H:%M:%S"
EARLIEST = 1990
FARTHEST = {"latitude": 90, "longitude": 180}


@dataclass(frozen=True)
class Taken:
    """When (aware) and where (degrees, WGS 84; north and east positive) a picture says it was taken."""

    at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def taken(exif: Exif, zone: tzinfo) -> Taken:
    """Read EXIF; what is missing or makes no sense stays None.

    Cameras mostly write local time without a zone; it is read as of ``zone``. A position counts only whole;
    0°, 0° is what devices write that know none.
    """
    positions = _ifd(exif, IFD.GPSInfo)
    latitude = _degrees(positions, GPS.GPSLatitude, GPS.GPSLatitudeRef, "S", FARTHEST["latitude"])
    longitude = _degrees(positions, GPS.GPSLongitude, GPS.GPSLongitudeRef, "W", FARTHEST["longitude"])
    at = _moment(_ifd(exif, IFD.Exif), zone)
    if latitude is None or longitude is None or (latitude, longitude) == (0, 0):
        return Taken(at)
    return Taken(at, latitude, longitude)


def _ifd(exif: Exif, which: IFD) -> Mapping[int, Any]:
    try:
        return exif.get_ifd(which)
    except Exception:  # noqa: BLE001 - a broken EXIF block fails in too many ways to name them
        return {}


def _moment(values: Mapping[int, Any], zone: tzinfo) -> datetime | None:
    try:
        read = datetime.strptime(str(values[Base.DateTimeOriginal]).strip("\0 "), EXIF_TIME)  # noqa: DTZ007
    except (KeyError, ValueError):
        return None
    return (
        read.replace(tzinfo=_zone(values.get(Base.OffsetTimeOriginal)) or zone)
        if read.year >= EARLIEST
        else None
    )


def _zone(written: object) -> tzinfo | None:
    """Return the zone that the camera wrote, such as +08:00."""
    try:
        hours, minutes = str(written).strip("\0 ").split(":")
        away = timedelta(hours=int(hours), minutes=math.copysign(int(minutes), -1 if hours[0] == "-" else 1))
        return timezone(away)
    except (ValueError, IndexError):
        return None


def _degrees(values: Mapping[int, Any], key: int, side: int, below_zero: str, most: float) -> float | None:
    parts = values.get(key)
    if not isinstance(parts, Sequence) or len(parts) != 3:  # noqa: PLR2004 - degrees, minutes, seconds
        return None
    try:
        found = math.fsum(float(part) / 60**power for power, part in enumerate(parts))
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if not math.isfinite(found) or found > most:
        return None
    signed = -found if str(values.get(side, "")).startswith(below_zero) else found
    return round(signed, 6)
