"""Pictures: read within limits, what they say of themselves, and nothing of it in what others get."""

import io
from datetime import UTC, datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from greenward.evidence.actions import keep_file
from greenward.evidence.models import Picture
from greenward.evidence.pictures.bare import bare
from greenward.evidence.pictures.looking import THUMBNAIL, look_at
from greenward.evidence.web.serving import file_response, thumbnail_response
from tests.evidence.conftest import drawn, jpeg, png, webp

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2022, 6, 15, 2, tzinfo=UTC)
SECRET = b"Serial-4711"


def exif(zone: str = "", *, east: str = "E", turned: int = 1, **changed: object) -> Image.Exif:
    """Return what a phone writes: time, position, its own name."""
    made = Image.Exif()
    made[Base.Model], made[Base.Orientation] = SECRET.decode(), turned
    made.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = changed.get("time", "2022:06:03 09:12:40")
    if zone:
        made.get_ifd(IFD.Exif)[Base.OffsetTimeOriginal] = zone
    position = made.get_ifd(IFD.GPSInfo)
    position[GPS.GPSLatitudeRef], position[GPS.GPSLongitudeRef] = "N", east
    position[GPS.GPSLatitude] = changed.get("latitude", (39.0, 54.0, Fraction(3015, 100)))
    position[GPS.GPSLongitude] = changed.get("longitude", (116.0, 23.0, 30.0))
    return made


@pytest.mark.parametrize(
    "zone,hour", [("", 1), ("+08:00", 1), ("+00:00", 9), ("-03:30", 12), ("nonsense", 1)]
)
def test_time_and_position_are_read(zone: str, hour: int) -> None:
    said = look_at(jpeg(40, 30, exif=exif(zone)), ZONE).taken
    assert said.at is not None
    assert said.at.astimezone(UTC).hour == hour
    assert (said.latitude, said.longitude) == (39.908375, 116.391667)


@pytest.mark.parametrize(
    "changed",
    [
        {"latitude": (91.0, 0.0, 0.0)},
        {"latitude": (0.0, 0.0, 0.0), "longitude": (0.0, 0.0, 0.0)},
        {"longitude": (181.0, 0.0, 0.0)},
        {"time": "0000:00:00 00:00:00"},
        {"time": "1970:01:01 00:00:00"},
        {"time": "昨天".encode()},
    ],
)
def test_what_makes_no_sense_stays_unknown(changed: dict[str, object]) -> None:
    said = look_at(jpeg(40, 30, exif=exif(**changed)), ZONE).taken
    if "time" in changed:
        assert said.at is None
    else:
        assert (said.latitude, said.longitude) == (None, None)


def test_west_is_negative() -> None:
    assert look_at(jpeg(40, 30, exif=exif(east="W")), ZONE).taken.longitude == -116.391667


@pytest.mark.django_db
def test_time_and_position_are_kept_apart_from_the_moment_of_handing_in() -> None:
    kept = keep_file("现场.jpg", jpeg(40, 30, exif=exif()), by=None, at=AT)
    picture = Picture.objects.get(file=kept)
    assert (kept.at, picture.taken_at) == (AT, datetime(2022, 6, 3, 1, 12, 40, tzinfo=UTC))


@pytest.mark.parametrize(
    "media_type,content",
    [
        ("image/jpeg", jpeg(64, 48, exif=exif(), comment=SECRET)),
        ("image/jpeg", jpeg(64, 48, exif=exif(), progressive=True)),
        ("image/webp", webp(64, 48, exif=exif().tobytes(), xmp=SECRET)),
        ("image/png", drawn("PNG", 64, 48, exif=exif())),
    ],
)
def test_what_others_get_is_bare_and_looks_the_same(media_type: str, content: bytes) -> None:
    assert SECRET in content
    shown = bare(content, media_type)
    assert (SECRET in shown, shown == bare(shown, media_type)) == (False, True)
    with Image.open(io.BytesIO(content)) as before, Image.open(io.BytesIO(shown)) as after:
        assert not after.getexif().get_ifd(IFD.GPSInfo)
        assert (before.size, before.convert("RGB").tobytes()) == (after.size, after.convert("RGB").tobytes())


def test_the_side_that_is_up_stays() -> None:
    shown = bare(jpeg(64, 48, exif=exif(turned=6)), "image/jpeg")
    with Image.open(io.BytesIO(shown)) as picture:
        assert dict(picture.getexif()) == {Base.Orientation: 6}
    look = look_at(jpeg(64, 48, exif=exif(turned=6)), ZONE)
    assert (look.width, look.height) == (48, 64)


def test_what_follows_a_picture_is_cut_off() -> None:
    content = jpeg(64, 48)
    assert bare(content + b"PK\x03\x04" + SECRET, "image/jpeg") == content
    assert bare(png(64, 48) + SECRET, "image/png") == png(64, 48)


@pytest.mark.django_db
def test_answers_carry_no_metadata() -> None:
    kept = keep_file("现场.jpg", jpeg(900, 600, exif=exif()), by=None, at=AT)
    answer = thumbnail_response(kept.picture)
    assert SECRET not in file_response(kept).content + answer.content
    assert (answer["Content-Type"], "sandbox" in answer["Content-Security-Policy"]) == ("image/jpeg", True)
    with Image.open(io.BytesIO(answer.content)) as small:
        assert (max(small.size), dict(small.getexif())) == (THUMBNAIL, {})


def saved(picture: Image.Image, kind: str, **more: object) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **more)
    return buffer.getvalue()


ODD = {
    "moving": saved(
        Image.new("RGB", (50, 40)),
        "WEBP",
        save_all=True,
        append_images=[Image.new("RGB", (50, 40), "red")],
    ),
    "several of one shot": saved(
        Image.new("RGB", (50, 40)), "MPO", save_all=True, append_images=[Image.new("RGB", (50, 40), "red")]
    ),
    "palette": saved(Image.new("P", (50, 40)), "PNG", transparency=0),
    "see-through": saved(Image.new("RGBA", (50, 40), (10, 20, 30, 0)), "PNG"),
    "sixteen bits": saved(Image.new("I;16", (50, 40), 40_000), "PNG"),
    "one bit": saved(Image.new("1", (50, 40)), "PNG"),
    "print colours": saved(Image.new("CMYK", (50, 40)), "JPEG"),
    "one pixel": png(1, 1),
    "a thread": png(1, 20_000),
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
def test_odd_pictures_get_a_thumbnail(content: bytes) -> None:
    with Image.open(io.BytesIO(look_at(content, ZONE).thumbnail)) as small:
        assert (small.mode, max(small.size) <= THUMBNAIL) == ("RGB", True)


def test_a_deep_grey_stays_grey() -> None:
    with Image.open(io.BytesIO(look_at(ODD["sixteen bits"], ZONE).thumbnail)) as small:
        assert small.getpixel((5, 5)) == pytest.approx((156, 156, 156), abs=3)
