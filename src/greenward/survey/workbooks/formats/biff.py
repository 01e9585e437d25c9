"""The records of an old .xls: what it brings along besides cells, looked at before anything is read."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from greenward.survey.workbooks.refusals import damaged, encrypted, formulas, links, macros

HEAD = struct.Struct("<HH")
BOF, FILEPASS, BOUNDSHEET, SUPBOOK, NAME, EXTERNNAME = 0x0809, 0x002F, 0x0085, 0x01AE, 0x0018, 0x0023
FORMULA, PROJECT = 0x0006, 0x00D3
CELLS = frozenset({0x0203, 0x0204, 0x00D6, 0x0205, 0x027E, 0x00FD, 0x00BD, FORMULA})
WORKSHEET, MACRO_SHEET, PROGRAM = 0, 1, 6
OWN_SHEETS, ADD_INS = b"\x01\x04", b"\x01\x3a"
BIFF8 = 0x0600
CALLS = {110: "EXEC", 150: "CALL", 267: "REGISTER.ID", 379: "RTD", 359: "HYPERLINK"}
"""Built-in functions that reach out of the workbook, by their numbers."""
SIZES = {
    0x01: 4, 0x02: 4, 0x1C: 1, 0x1D: 1, 0x1E: 2, 0x1F: 8, 0x20: 7, 0x21: 2, 0x22: 3, 0x23: 4, 0x24: 4,
    0x25: 8, 0x26: 6, 0x27: 6, 0x28: 6, 0x29: 2, 0x2A: 4, 0x2B: 8, 0x2C: 4, 0x2D: 8, 0x39: 6, 0x3A: 6,
    0x3B: 10, 0x3C: 6, 0x3D: 10, **dict.fromkeys(range(0x03, 0x17), 0),
}  # fmt: skip
"""How many bytes follow each token of a formula; strings and attributes say so themselves."""
STRING, ATTRIBUTE, FUNCTION, CHOOSE, WIDE = 0x17, 0x19, 0x22, 0x04, 0x01
PLAIN_TOKENS = 0x20


@dataclass
class Extents:
    """How far each sheet reaches, in the order of the stream: the last row and column, from 0."""

    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)


def checked(stream: bytes) -> Extents:
    """Return how far the sheets reach; WorkbookError where the workbook is shut or brings something along."""
    extents, version = Extents(), BIFF8
    for kind, data in _records(stream):
        if kind == BOF:
            version = int.from_bytes(data[:2], "little")
            extents.rows.append(0)
            extents.columns.append(0)
        elif kind == FILEPASS:
            raise encrypted()
        elif kind == PROJECT or (kind == BOUNDSHEET and data[5:6] in {b"\x01", b"\x06"}):
            raise macros()
        elif kind == SUPBOOK and data[2:4] not in {OWN_SHEETS, ADD_INS}:
            raise links()
        elif kind in {NAME, EXTERNNAME}:
            _check_name(data)
        elif kind in CELLS and extents.rows and len(data) >= 6:  # noqa: PLR2004 - row, column, style
            extents.rows[-1] = max(extents.rows[-1], int.from_bytes(data[:2], "little"))
            extents.columns[-1] = max(extents.columns[-1], int.from_bytes(data[2:4], "little"))
            if kind == FORMULA and version == BIFF8:
                _check_formula(data)
    return extents


def _records(stream: bytes) -> Iterator[tuple[int, bytes]]:
    at, end = 0, len(stream)
    while at + 4 <= end:
        kind, length = HEAD.unpack_from(stream, at)
        data = stream[at + 4 : at + 4 + length]
        if len(data) != length:
            raise damaged()
        yield kind, data
        at += 4 + length


def _check_name(data: bytes) -> None:
    """Look for functions that newer programs write as names of an add-in: _xlfn.WEBSERVICE."""
    text = data.replace(b"\x00", b"").decode("latin-1").lower()
    name = text.rpartition("_xlfn.")[2] if "_xlfn." in text else text[-40:]
    for called in ("webservice", "filterxml", "rtd", "sql.request"):
        if name.startswith(called) or f"_xlfn.{called}" in text:
            raise formulas("", f"{called.upper()}()")


def _check_formula(data: bytes) -> None:
    """Follow the formula's tokens as far as they are known; refuse what reaches out."""
    length = int.from_bytes(data[20:22], "little")
    inner, called = False, set()
    for token, rest in _tokens(data[22 : 22 + length]):
        if token == STRING:
            inner = inner or rest.startswith(b"#")
        elif token == FUNCTION:
            called.add(CALLS.get(int.from_bytes(rest[1:3], "little") & 0x7FFF, ""))
    called -= {""} | ({"HYPERLINK"} if inner else set())
    if called:
        raise formulas("", f"{min(called)}()")


def _tokens(code: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(code):
        token = code[at]
        token = token if token < PLAIN_TOKENS else token & 0x1F | 0x20
        size = _size(token, code[at + 1 : at + 4])
        if size is None:
            return
        rest = code[at + 1 : at + 1 + size]
        yield token, rest[2:].replace(b"\x00", b"") if token == STRING else rest
        at += 1 + size


def _size(token: int, rest: bytes) -> int | None:
    """Return how many bytes follow a token; None where nobody can tell."""
    if token == STRING and len(rest) > 1:
        return 2 + rest[0] * (2 if rest[1] & WIDE else 1)
    if token == ATTRIBUTE and rest:
        many = int.from_bytes(rest[1:3], "little")
        return 3 + (2 * (many + 1) if rest[0] & CHOOSE else 0)
    return SIZES.get(token)
