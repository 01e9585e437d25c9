"""Small files of every kind that may be kept."""

import io
import struct
import zipfile
import zlib

import pytest


def png(width: int = 4, height: int = 3) -> bytes:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def jpeg(width: int = 4, height: int = 3) -> bytes:
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(9) + frame + b"\xff\xda\x00\x02" + b"\xff\xd9"


def webp(width: int = 4, height: int = 3) -> bytes:
    inside = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", len(inside)) + inside
    return b"RIFF" + struct.pack("<I", len(body)) + body


def package(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, "<x/>")
    return buffer.getvalue()


FILES = {
    "说明.pdf": b"%PDF-1.7\n1 0 obj\n%%EOF\n",
    "现场.png": png(),
    "现场.JPG": jpeg(),
    "现场.webp": webp(),
    "方案.docx": package("[Content_Types].xml", "word/document.xml"),
    "台账.xlsx": package("[Content_Types].xml", "xl/workbook.xml"),
    "公文.ofd": package("OFD.xml"),
}


@pytest.fixture(params=FILES)
def sound(request: pytest.FixtureRequest) -> tuple[str, bytes]:
    return request.param, FILES[request.param]
