"""An .xlsx again, part by part: everything as it was but the marked cells, their notes, and the list."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO

from greenward.survey.workbooks.formats.archive import Archive
from greenward.survey.workbooks.formats.package import RELATIONS, STYLES, WORKBOOK, described
from greenward.survey.workbooks.grid import FROM_COMMAND_LINE, MEGABYTE
from greenward.survey.workbooks.marking.cells import marked_sheet
from greenward.survey.workbooks.marking.faults import LIST_SHEET, MOST_COMMENTS, Mark
from greenward.survey.workbooks.marking.markup import (
    HEAD,
    OFFICE,
    PACKAGE,
    comments,
    comments_part,
    list_part,
    shapes,
    shapes_part,
)
from greenward.survey.workbooks.marking.styles import Styles, UnmarkableError

TYPES = "[Content_Types].xml"
LIST_PART = "xl/worksheets/greenward-problems.xml"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
SHAPES_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
RELATION = re.compile(rb"<(?:\w+:)?Relationship\s[^<>]{1,2000}>")
ATTRIBUTE = re.compile(rb'\s(Id|Target|Type)="([^"]*)"')
SHEET_ID = re.compile(rb'\ssheetId="(\d{1,9})"')


def marked_package(
    content: bytes, marks: Mapping[str, Sequence[Mark]], rows: Iterable[Sequence[str]]
) -> bytes:
    """Return the workbook with its marks; UnmarkableError where it is built otherwise than we know."""
    package = described(Archive(content, FROM_COMMAND_LINE))
    parts = {sheet.part: marks[sheet.name] for sheet in package.sheets if sheet.name in marks}
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        _Marking(old, new).write(parts, [sheet.name for sheet in package.sheets], rows)
    return buffer.getvalue()


class _Marking:
    """One workbook on its way from the old archive to the new one."""

    def __init__(self, old: zipfile.ZipFile, new: zipfile.ZipFile) -> None:
        self.old, self.new = old, new
        self.names = set(old.namelist())
        styles = next((name for name in self.names if name.lower() == STYLES), "")
        if not styles or LIST_PART in self.names or b"purl.oclc.org" in old.read(WORKBOOK):
            raise UnmarkableError
        self.styles_name, self.styles = styles, Styles(old.read(styles))
        self.done: dict[str, bytes] = {}
        self.types: list[str] = []

    def write(
        self, parts: Mapping[str, Sequence[Mark]], names: Sequence[str], rows: Iterable[Sequence[str]]
    ) -> None:
        """Write every part; the styles last, for only then it is known which are wanted."""
        for number, (part, marks) in enumerate(parts.items(), 1):
            self._sheet(part, marks, number)
        self._list(names, rows)
        self.done[self.styles_name] = self.styles.written()
        if not re.search(rb'Extension="vml"', self.old.read(TYPES)):
            self.types.append(f'<Default Extension="vml" ContentType="{SHAPES_TYPE}"/>')
        self.done[TYPES] = _before(self._read(TYPES), "Types", "".join(self.types))
        for info in self.old.infolist():
            if info.filename in parts:
                continue
            if info.filename in self.done:
                self.new.writestr(info.filename, self.done.pop(info.filename))
            else:
                self._copy(info.filename)
        for name, text in self.done.items():
            self.new.writestr(name, text)

    def _sheet(self, part: str, marks: Sequence[Mark], number: int) -> None:
        noted = marks[:MOST_COMMENTS]
        shown = self._notes(part, noted, number)
        with self.old.open(part) as source, self.new.open(part, "w") as target:
            for piece in marked_sheet(_blocks(source), marks, self.styles, shapes=shown):
                target.write(piece)

    def _notes(self, part: str, marks: Sequence[Mark], number: int) -> str:
        """Put the notes where the sheet keeps its own, else into parts of ours; return the new relation."""
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels"
        known = self._relations(relations, folder)
        if "comments" in known and "vmlDrawing" in known:
            self._join(known["comments"], known["vmlDrawing"], marks)
            return ""
        if "comments" in known or "vmlDrawing" in known:
            return ""
        notes, drawing = f"xl/greenward-notes{number}.xml", f"xl/drawings/greenward-notes{number}.vml"
        self.done[notes], self.done[drawing] = comments_part(marks), shapes_part(marks)
        self.types.append(f'<Override PartName="/{notes}" ContentType="{COMMENTS_TYPE}"/>')
        added = (
            f'<Relationship Id="rIdGwNotes" Type="{OFFICE}/comments" Target="/{notes}"/>'
            f'<Relationship Id="rIdGwShapes" Type="{OFFICE}/vmlDrawing" Target="/{drawing}"/>'
        )
        empty = f'{HEAD}<Relationships xmlns="{PACKAGE}"></Relationships>'.encode()
        there = self._read(relations) if relations in self.names else empty
        self.done[relations] = _before(_opened(there), "Relationships", added)
        return "rIdGwShapes"

    def _join(self, notes: str, drawing: str, marks: Sequence[Mark]) -> None:
        """Add our notes to the sheet's own; cells that have one already keep it."""
        there = self._read(notes)
        authors = len(re.findall(rb"<(?:\w+:)?author[\s/>]", there))
        if re.search(rb"<\w+:commentList", there) or not authors:
            return
        taken = {ref.decode() for ref in re.findall(rb'<comment\s[^<>]*?ref="([A-Z]{1,3}\d{1,7})"', there)}
        fresh = [mark for mark in marks if mark.ref not in taken]
        self.done[notes] = _before(there, "commentList", comments(fresh))
        self.done[drawing] = _before(self._read(drawing), "xml", shapes(fresh))

    def _list(self, names: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        title = next(
            name for name in (LIST_SHEET, *(f"{LIST_SHEET}{n}" for n in range(2, 1000))) if name not in names
        )
        book = self._read(WORKBOOK)
        number = 1 + max(map(int, SHEET_ID.findall(book)), default=0)
        sheet = f'sheet xmlns:gw="{OFFICE}" name="{title}" sheetId="{number}" gw:id="rIdGwList"/>'
        self.done[WORKBOOK] = _before(book, "sheets", f"<@{sheet}")
        relation = f'<Relationship Id="rIdGwList" Type="{OFFICE}/worksheet" Target="/{LIST_PART}"/>'
        self.done[RELATIONS] = _before(self._read(RELATIONS), "Relationships", relation)
        self.types.append(f'<Override PartName="/{LIST_PART}" ContentType="{SHEET_TYPE}"/>')
        self.done[LIST_PART] = list_part(rows)

    def _read(self, name: str) -> bytes:
        return self.done[name] if name in self.done else self.old.read(name)

    def _relations(self, name: str, folder: str) -> dict[str, str]:
        """Return where a sheet's relations lead, by the last word of their type."""
        found: dict[str, str] = {}
        for relation in RELATION.findall(self.old.read(name)) if name in self.names else ():
            given = {key.decode(): value.decode() for key, value in ATTRIBUTE.findall(relation)}
            target = given.get("Target", "")
            path = target[1:] if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            if path in self.names:
                found[given.get("Type", "").rpartition("/")[2]] = path
        return found

    def _copy(self, name: str) -> None:
        with self.old.open(name) as source, self.new.open(name, "w", force_zip64=True) as target:
            for block in _blocks(source):
                target.write(block)


def _blocks(source: IO[bytes]) -> Iterator[bytes]:
    while block := source.read(MEGABYTE):
        yield block


def _opened(content: bytes) -> bytes:
    """Return relations with an end tag of their own, where there are none yet."""
    return re.sub(rb"<((?:\w+:)?Relationships)([^<>]*)/>\s*$", rb"<\1\2></\1>", content)


def _before(content: bytes, tag: str, added: str) -> bytes:
    """Put ``added`` before the end of the last ``tag``; its own prefix goes where ``@`` stands."""
    ends = list(re.finditer(rb"</((?:\w+:)?)%b\s*>" % tag.encode(), content))
    if not ends:
        raise UnmarkableError
    end, prefix = ends[-1], ends[-1][1].decode()
    if prefix:
        added = re.sub(r"<@?(?=[A-Za-z])", f"<{prefix}", added)
    return content[: end.start()] + added.replace("<@", "<").encode() + content[end.start() :]
