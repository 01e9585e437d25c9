"""The pieces of XML that a marked .xlsx needs: styles, notes, their shapes, and the list of problems."""

import re
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

from greenward.survey.workbooks.marking.faults import Mark

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
AUTHOR = "绿社"
MOST_LINKS = 10_000
LONGEST = 32_000

SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)


def said(text: str) -> str:
    """Return text as XML holds it."""
    return escape(CONTROLS.sub("", text)[:LONGEST])


def comments(marks: Iterable[Mark], author: int = 0) -> str:
    """Return the notes, one per mark."""
    return "".join(
        f'<comment ref="{mark.ref}" authorId="{author}"><text><t xml:space="preserve">{said(mark.text)}</t>'
        "</text></comment>"
        for mark in marks
    )


def comments_part(marks: Iterable[Mark]) -> bytes:
    """Return a part of notes of its own."""
    return (
        f'{HEAD}<comments xmlns="{MAIN}"><authors><author>{AUTHOR}</author></authors>'
        f"<commentList>{comments(marks)}</commentList></comments>"
    ).encode()


def shapes(marks: Iterable[Mark]) -> str:
    """Return the boxes in which Excel shows the notes."""
    return "".join(
        f'<v:shape id="_gw{number}" type="#_x0000_t202" style="position:absolute;visibility:hidden"'
        ' fillcolor="#ffffe1" o:insetmode="auto"><v:fill color2="#ffffe1"/><v:textbox/>'
        f'<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:Anchor>'
        f"{mark.column + 1}, 15, {max(mark.row - 2, 0)}, 10, {mark.column + 4}, 15, {mark.row + 3}, 4"
        f"</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{mark.row - 1}</x:Row>"
        f"<x:Column>{mark.column}</x:Column></x:ClientData></v:shape>"
        for number, mark in enumerate(marks)
    )


def shapes_part(marks: Iterable[Mark]) -> bytes:
    """Return a part of shapes of its own."""
    return (
        '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
        f' xmlns:x="urn:schemas-microsoft-com:office:excel">{SHAPE_TYPE}{shapes(marks)}</xml>'
    ).encode()


def list_part(rows: Iterable[Sequence[str]]) -> bytes:
    """Return the sheet that lists the problems; each cell's name leads to the cell."""
    lines, links = [], []
    for number, texts in enumerate(rows, 1):
        cells = "".join(
            f'<c r="{letter}{number}" t="inlineStr"><is><t xml:space="preserve">{said(text)}</t></is></c>'
            for letter, text in zip("ABCDE", texts, strict=True)
        )
        lines.append(f'<row r="{number}">{cells}</row>')
        if 1 < number <= MOST_LINKS:
            quoted = texts[0].replace("'", "''")
            where = quoteattr(f"'{quoted}'!{texts[1]}")
            links.append(f'<hyperlink ref="B{number}" location={where} display={quoteattr(texts[1])}/>')
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1"'
        ' topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        '<cols><col min="1" max="3" width="14" customWidth="1"/><col min="4" max="4" width="24"'
        ' customWidth="1"/><col min="5" max="5" width="80" customWidth="1"/></cols>'
        f"<sheetData>{''.join(lines)}</sheetData>{linked}</worksheet>"
    ).encode()
