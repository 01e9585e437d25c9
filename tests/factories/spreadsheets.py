"""Writing spreadsheets for tests in formats and with faults that the usual writers do not make."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from html import escape

import xlwt

Rows = Sequence[Sequence[object]]
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def xls(
    sheets: Mapping[str, Rows],
    *,
    merged: Sequence[tuple[int, int, int, int]] = (),
    hidden_rows: Sequence[int] = (),
    hidden_sheets: Sequence[str] = (),
    percent: Sequence[int] = (),
    since_1904: bool = False,
) -> bytes:
    """Return an old Excel file. On the first sheet: ``merged`` areas, ``hidden_rows``, columns in percent."""
    book = xlwt.Workbook(encoding="utf-8")
    book.dates_1904 = since_1904
    styles = {"day": xlwt.easyxf(num_format_str="yyyy-mm-dd"), "percent": xlwt.easyxf(num_format_str="0%")}
    for number, (name, rows) in enumerate(sheets.items()):
        page = book.add_sheet(name)
        page.visibility = int(name in hidden_sheets)
        for top, left, bottom, right in merged if number == 0 else ():
            page.merge(top, bottom, left, right)
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if cell is None:
                    continue
                shown = isinstance(cell, float) and column in percent and number == 0
                style = "day" if isinstance(cell, date) else "percent" if shown else ""
                page.write(row, column, cell, *([styles[style]] if style else []))
        for row in hidden_rows if number == 0 else ():
            page.row(row).hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods(body: str, *, styles: str = "", more: Mapping[str, bytes] | None = None) -> bytes:
    """Return an OpenDocument spreadsheet with these tables (XML) in it."""
    spaces = " ".join(
        f'xmlns:{name}="{OFFICE}:{kind}:1.0"'
        for name, kind in (("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"))
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}'
        f' xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    mimetype = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<?xml version="1.0"?><manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mimetype}"/></manifest:manifest>'
    )
    parts = {"mimetype": mimetype.encode(), "content.xml": content.encode()}
    return zipped({**parts, "META-INF/manifest.xml": manifest.encode(), **(more or {})}, stored=("mimetype",))


def ods_cell(value: object, attributes: str = "") -> str:
    """Return a cell as LibreOffice writes it; None is blank."""
    if value is None:
        return f"<table:table-cell {attributes}/>"
    if isinstance(value, bool):
        kind = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
    elif isinstance(value, date):
        text = value.isoformat() if isinstance(value, datetime) else f"{value:%Y-%m-%d}"
        kind = f'office:value-type="date" office:date-value="{text}"'
    else:
        kind = 'office:value-type="string"'
    lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in str(value).split("\n"))
    return f"<table:table-cell {kind} {attributes}>{lines}</table:table-cell>"


def ods_row(cells: Sequence[object], attributes: str = "") -> str:
    """Return a row; cells that are strings beginning with < are XML already."""
    inside = "".join(
        cell if isinstance(cell, str) and cell.startswith("<") else ods_cell(cell) for cell in cells
    )
    return f"<table:table-row {attributes}>{inside}</table:table-row>"


def raw_xlsx(
    sheet: str,
    *,
    name: str = "Sheet1",
    workbook: str = "",
    strings: str = "",
    styles: str = "",
    more: Mapping[str, bytes] | None = None,
    replaced: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return an .xlsx whose only sheet is this XML, as programs write it that know only half the format.

    ``workbook`` is put before the list of sheets, ``replaced`` takes the place of whole parts.
    """
    default = '<Default Extension="xml" ContentType="application/xml"/>'
    root = f'<Relationship Id="rId1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    own = f'<Relationship Id="rId1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    listed = f'<sheets><sheet name="{escape(name)}" sheetId="1" r:id="rId1"/></sheets>'
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{default}</Types>'.encode(),
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{root}</Relationships>'.encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}">{workbook}{listed}</workbook>'.encode()
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{own}</Relationships>'.encode()
        ),
        "xl/worksheets/sheet1.xml": sheet.encode(),
    }
    if strings:
        parts["xl/sharedStrings.xml"] = strings.encode()
    if styles:
        parts["xl/styles.xml"] = styles.encode()
    return zipped({**parts, **(more or {}), **(replaced or {})})


def worksheet(rows: str, *, before: str = "", after: str = "") -> str:
    """Return a sheet's XML with these rows."""
    return f'<worksheet xmlns="{MAIN}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'


def inline(reference: str, text: str) -> str:
    """Return a cell with its text in it."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def zipped(parts: Mapping[str, bytes], *, stored: Sequence[str] = ()) -> bytes:
    """Return a zip file of these parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            kind = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, compress_type=kind)
    return buffer.getvalue()
