"""Cells in which Excel shows an error (#DIV/0!, #N/A): the reader takes them for blank, people should not."""

import io
import re
import zipfile
from collections.abc import Iterator

import polars as pl

MOST_BYTES = 20 * 1024 * 1024
"""Larger files are not searched: unpacking them once more costs a tenth of the import."""
BLOCK = 1 << 20
SHEET = re.compile(rb'<(?:\w+:)?sheet\s[^<>]{0,500}?\s\w+:id="([^"<>]{1,100})"')
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]{1,2000}>")
ATTRIBUTE = re.compile(rb'(Id|Target)="([^"]*)"')
CELL = re.compile(
    rb'<(?:\w+:)?c\s(?=[^<>]{0,200}?\bt="e")[^<>]{0,200}?\br="([A-Z]{1,3})(\d{1,7})"[^<>]{0,200}>'
    rb"(?:<(?:\w+:)?f(?:\s[^<>]{0,500})?(?:/>|>[^<]{0,50000}</(?:\w+:)?f>))?<(?:\w+:)?v>(#[^<]{1,30})</"
)
"""Every repetition has an end: a file made to keep the search busy does not."""
MARK = b't="e"'
RELATIONS, WORKBOOK = "xl/_rels/workbook.xml.rels", "xl/workbook.xml"

ErrorCells = dict[str, list[tuple[int, str, str]]]
"""By sheet: row as Excel counts, column letter, and the error as shown."""


def error_cells(content: bytes, names: list[str]) -> ErrorCells:
    """Return the cells with errors in the workbook's sheets, ``names`` being all of them in order."""
    if len(content) > MOST_BYTES:
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = set(archive.namelist())
        if not members >= {RELATIONS, WORKBOOK}:
            return {}
        parts = dict(zip(names, _parts(archive), strict=False))
        return {
            name: found
            for name, part in parts.items()
            if part in members and (found := list(_errors(archive, part)))
        }


def with_errors(
    cells: pl.DataFrame, letters: tuple[str, ...], found: list[tuple[int, str, str]]
) -> pl.DataFrame:
    """Return a sheet's cells with the errors written in, where the reader left blanks."""
    for letter in {letter for _row, letter, _text in found} & set(letters):
        column = cells.to_series(letters.index(letter))
        here = [(row - 1, text) for row, at, text in found if at == letter and 0 < row <= cells.height]
        column = column.scatter([row for row, _text in here], [text for _row, text in here])
        cells = cells.with_columns(column)
    return cells


def _parts(archive: zipfile.ZipFile) -> Iterator[str]:
    """Yield where each sheet's cells are kept, in the order of the workbook."""
    targets = {}
    for relation in RELATION.findall(archive.read(RELATIONS)):
        named = dict(ATTRIBUTE.findall(relation))
        targets[named.get(b"Id", b"")] = named.get(b"Target", b"").decode()
    for number in SHEET.findall(archive.read(WORKBOOK)):
        target = targets.get(number, "")
        yield target[1:] if target.startswith("/") else f"xl/{target}"


def _errors(archive: zipfile.ZipFile, part: str) -> Iterator[tuple[int, str, str]]:
    with archive.open(part) as stream:
        tail, marked = b"", False
        while not marked and (block := stream.read(BLOCK)):
            window = tail + block
            marked, tail = MARK in window, window[-len(MARK) :]
    if marked:
        for letter, row, text in CELL.findall(archive.read(part)):
            yield int(row), letter.decode(), text.decode()
