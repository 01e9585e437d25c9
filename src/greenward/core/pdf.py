"""PDF from a Typst template and plain data: no system library, no network, the same on every machine."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

from greenward.core.errors import ServerError
from greenward.core.fonts import font_files, shown


class PdfError(ServerError):
    """A document could not be set; ``data["trouble"]`` says why."""

    code = "pdf_failed"


def pdf(template: Path, data: Mapping[str, Any]) -> bytes:
    """Return the document that the Typst file makes of ``data`` (plain JSON, as ``sys.inputs.data``).

    The template finds data by ``json(bytes(sys.inputs.data))``; text in it is never read as markup. Fonts are
    those of :func:`greenward.core.fonts.font_files`; what they lack is shown as 〓. The template reads no
    other file but those of its own folder. NoFontError without a Chinese font, PdfError if setting fails.
    """
    files = font_files()
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(file) for file in files]
    )
    inputs = {"data": shown(json.dumps(data, ensure_ascii=False), files)}
    compiler = typst.Compiler(str(template), root=str(template.parent), font_paths=fonts, sys_inputs=inputs)
    try:
        made = compiler.compile(format="pdf")
    except typst.TypstError as error:
        raise PdfError(
            _("PDF 没有生成。"), hint=_("请把出错信息告诉系统管理员。"), trouble=str(error)
        ) from error
    if not isinstance(made, bytes):
        raise PdfError(_("PDF 没有生成。"), hint=_("请把出错信息告诉系统管理员。"), trouble=template.name)
    return made
