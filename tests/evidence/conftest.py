"""Small files of every kind that may be kept."""

import io
import zipfile

import pytest
from PIL import Image


def drawn(kind: str, width: int, height: int, **more: object) -> bytes:
    """Return a whole picture whose content says its size."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), (width % 256, height % 256, 90)).save(buffer, kind, **more)
    return buffer.getvalue()


def png(width: int = 4, height: int = 3) -> bytes:
    return drawn("PNG", width, height)


def jpeg(width: int = 4, height: int = 3, **more: object) -> bytes:
    return drawn("JPEG", width, height, **more)


def webp(width: int = 4, height: int = 3, **more: object) -> bytes:
    return drawn("WEBP", width, height, lossless=True, **more)


def claiming(width: int, height: int) -> bytes:
    """Return a JPEG that says it is much larger than what it holds."""
    content = jpeg()
    start = content.index(b"\xff\xc0") + 5
    return content[:start] + height.to_bytes(2) + width.to_bytes(2) + content[start + 4 :]


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
