"""Certificates and notices as PDF, from plain data."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import qrcode  # type: ignore[import-untyped]  # it has no types
from django.utils.translation import gettext as _

from greenward.certification.models import NoticeEntry, Title
from greenward.certification.queries.notices import Shown
from greenward.certification.queries.titles import Line, signed
from greenward.core.pdf import pdf

FOLDER = Path(__file__).parent


def certificate_pdf(title: Title, line: Line, check_address: str) -> bytes:
    """Return a title's certificate; its square code holds the signed record, so it checks offline."""
    record, token = title.record, signed(title).token
    return pdf(
        FOLDER / "certificate.typ",
        {
            "heading": _("绿色社区"),
            "community": f"{record['district']}{record['street']}{record['community']}",
            "text": _("经评审和公示，达到绿色社区创建要求，命名为绿色社区。"),
            "rows": _rows(title),
            "ended": "" if line.is_held else _("本称号现已不再持有：%(how)s") % {"how": line.ended},
            "code": "-".join(title.code[n : n + 4] for n in range(0, 12, 4)),
            "code_label": _("查验码"),
            "address": check_address,
            "how": _("在上述网址输入查验码，或扫描二维码查验；二维码中的记录有数字签名，可离线核对。"),
            "demonstration": _("演示数据，不是真实命名") if record["demonstration"] else "",
            "token": token,
            "square": square(f"{check_address}?code={token}"),
        },
    )


def notice_pdf(shown: Shown, entries: Sequence[NoticeEntry], words: Mapping[str, str]) -> bytes:
    """Return a notice to print and put up; ``words``: the sentences on objections and days."""
    notice = shown.notice
    return pdf(
        FOLDER / "notice.typ",
        {
            "title": notice.title,
            "territory": shown.territory,
            **words,
            "head": [_("序号"), _("街道（乡镇）"), _("社区")],
            "rows": [[str(n), one.street, one.name] for n, one in enumerate(entries, 1)],
            "published": f"{notice.published_on:%Y-%m-%d}",
        },
    )


def square(text: str) -> str:
    """Return a square code (QR) of a text as SVG."""
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_L, border=2)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    size = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path d="{path}" fill="#000"/></svg>'
    )


def _rows(title: Title) -> list[list[str]]:
    record = title.record
    rows = [
        [_("编号"), title.number],
        [_("命名日期"), str(record["given_on"])],
        [_("命名文件"), str(record["document"])],
        [_("标准版次"), str(record["edition"])],
        [_("快照"), str(record["snapshot"])[:16]],
    ]
    if record["valid_until"]:
        rows.insert(2, [_("有效期至"), str(record["valid_until"])])
    return rows
