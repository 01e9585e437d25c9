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
    folders = list(dict.fromkeys(str(file.parent) for file in files))
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)
    inputs = {"data": shown(json.dumps(data, ensure_ascii=False), files)}
    compiler = typst.Compiler(str(template), root=str(template.parent), font_paths=fonts, sys_inputs=inputs)
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf")
    except typst.TypstError as error:
        raise _failed(str(error)) from error
    unknown = [one.message for one in warnings if "font" in one.message]
    if unknown or not isinstance(made, bytes):
        raise _failed("; ".join(unknown))
    return made


def _failed(trouble: str) -> PdfError:
    return PdfError(_("PDF 没有生成。"), hint=_("请把出错信息告诉系统管理员。"), trouble=trouble)
