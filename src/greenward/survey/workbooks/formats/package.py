"""What an .xlsx archive says of itself: its sheets, and whether it brings programs or links along."""

import io
import re
import xml.parsers.expat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from greenward.survey.workbooks.formats.archive import Archive
from greenward.survey.workbooks.formats.formulas import reaches_out
from greenward.survey.workbooks.refusals import damaged, links, macros

ROOT, WORKBOOK, RELATIONS = "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES, STRINGS = "xl/styles.xml", "xl/sharedstrings.xml"
PROGRAMS = re.compile(r"vbaproject\.bin|/macrosheets/|/dialogsheets/|/activex/|customui/", re.IGNORECASE)
ELSEWHERE = re.compile(r"xl/(externallinks|querytables)/|xl/connections\.xml|xl/webextensions", re.IGNORECASE)
BUILTIN_PERCENT = frozenset({9, 10})
SMALLEST_STRING = 6
"""Bytes of the smallest entry of the shared strings, ``<si/>`` with its place in the table."""


@dataclass(frozen=True)
class Listed:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    visible: bool


@dataclass
class Package:
    """What the workbook says of itself.

    ``percent``: the numbers of the cell styles that show percent. ``stale``: formulas are reckoned only when
    somebody opens the file, so their values may never have been.
    """

    sheets: list[Listed] = field(default_factory=list)
    percent: frozenset[int] = frozenset()
    since_1904: bool = False
    stale: bool = False


def described(archive: Archive) -> Package:
    """Return what the workbook says of itself; WorkbookError where it brings programs or links along."""
    if any(PROGRAMS.search(f"/{name}") for name in archive.names):
        raise macros()
    if any(ELSEWHERE.search(name) for name in archive.names):
        raise links()
    _check_root(archive)
    _check_strings(archive)
    targets = dict(_targets(archive))
    found = Package()
    for name, given, text in _elements(archive.read(WORKBOOK)):
        if name == "workbookPr":
            found.since_1904 = given.get("date1904") in {"1", "true", "on"}
        elif name == "calcPr":
            found.stale = given.get("fullCalcOnLoad") in {"1", "true"}
        elif name == "sheet":
            found.sheets.append(_listed(given, targets, archive))
        elif name == "definedName":
            _check_name(given.get("name", ""), text)
    styles = archive.find(STYLES)
    found.percent = frozenset(_percent(archive.read(styles))) if styles else frozenset()
    return found


def _listed(given: Mapping[str, str], targets: Mapping[str, str], archive: Archive) -> Listed:
    target = next((value for key, value in given.items() if key.endswith(":id")), "")
    part = targets.get(target, "")
    if part not in archive:
        raise damaged()
    return Listed(given.get("name", ""), part, given.get("state", "visible") == "visible")


def _check_root(archive: Archive) -> None:
    """See that the workbook is where we look for it, so that nobody reads another one."""
    if not {ROOT, WORKBOOK, RELATIONS} <= archive.names:
        raise damaged()
    for name, given, _text in _elements(archive.read(ROOT)):
        own = name == "Relationship" and given.get("Type", "").endswith("/officeDocument")
        if own and given.get("Target", "").removeprefix("/") != WORKBOOK:
            raise damaged()


def _check_strings(archive: Archive) -> None:
    """Unpack the shared strings once, and see that there can be as many as they say: room is made."""
    name = archive.find(STRINGS)
    if name is None:
        return
    size, head = 0, b""
    for block in archive.xml(name):
        head = head or block
        size += len(block)
    said = re.search(rb'uniqueCount\s*=\s*["\'](\d{1,20})', head)
    if said is not None and int(said[1]) > size // SMALLEST_STRING + 1:
        raise damaged()


def _check_name(name: str, text: str) -> None:
    if name.lower().startswith(("_xlnm.auto_open", "auto_open", "_xlnm.auto_close")):
        raise macros()
    if reaches_out(text):
        raise links()


def _targets(archive: Archive) -> Iterator[tuple[str, str]]:
    """Yield where each relation of the workbook leads."""
    for name, given, _text in _elements(archive.read(RELATIONS)):
        if name != "Relationship":
            continue
        if re.search("macrosheet|vbaproject", given.get("Type", ""), re.IGNORECASE):
            raise macros()
        target = given.get("Target", "")
        whole = target.startswith(("/", "xl/"))
        yield given.get("Id", ""), target.removeprefix("/") if whole else f"xl/{target}"


def _percent(styles: bytes) -> Iterator[int]:
    """Yield the numbers of the cell styles that show percent."""
    formats, inside, number = set(BUILTIN_PERCENT), False, 0
    for name, given, _text in _elements(styles):
        if name == "numFmt" and "%" in re.sub(r'"[^"]*"|\\.', "", given.get("formatCode", "")):
            formats.add(_whole(given.get("numFmtId")))
        elif name == "cellXfs":
            inside = True
        elif name in {"cellStyles", "dxfs"}:
            inside = False
        elif name == "xf" and inside:
            if _whole(given.get("numFmtId")) in formats:
                yield number
            number += 1


def _whole(text: str | None) -> int:
    return int(text) if text is not None and text.isdecimal() and len(text) < 10 else 0  # noqa: PLR2004


def _elements(content: bytes) -> list[tuple[str, Mapping[str, str], str]]:
    """Return every element of a small part in order: its name without prefix, attributes, and text."""
    found: list[tuple[str, Mapping[str, str], str]] = []

    def start(name: str, given: Mapping[str, str]) -> None:
        found.append((name.rpartition(":")[2], given, ""))

    def text(more: str) -> None:
        if found and len(found[-1][2]) < io.DEFAULT_BUFFER_SIZE:
            found[-1] = (*found[-1][:2], found[-1][2] + more)

    parser = xml.parsers.expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.CharacterDataHandler = start, text
    try:
        parser.Parse(content, True)
    except xml.parsers.expat.ExpatError as error:
        raise damaged() from error
    return found
