"""The files of a pack: which there are, and each one read."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import GenericAlias
from typing import Any

from django.utils.translation import gettext as _
from yaml import Node

from greenward.packs.loader.nodes import Path as NodePath
from greenward.packs.loader.nodes import compose, find, plain
from greenward.packs.loader.problems import Problem, did_you_mean, problem_at
from greenward.packs.schema.cases import Case
from greenward.packs.schema.costs import Cost
from greenward.packs.schema.duties import Duty
from greenward.packs.schema.facts import Fact, Parameter
from greenward.packs.schema.forms import CrossCheck, Form, Group
from greenward.packs.schema.manifest import Manifest
from greenward.packs.schema.pilots import PilotRules
from greenward.packs.schema.planning import Planning
from greenward.packs.schema.policy import Clause, Department, Phase, Responsibility
from greenward.packs.schema.refinement import Refinement
from greenward.packs.schema.route import Route
from greenward.packs.schema.shape import Shape
from greenward.packs.schema.standard import Standard
from greenward.packs.schema.targets import Target

MAX_BYTES = 1_000_000
MAX_FILES = 300
IGNORED = {"README.md", "README.zh-CN.md"}
NEIGHBOUR = re.compile(r"^\.\./[a-z][a-z0-9-]*/")
"""How the name of a file begins that another pack lends."""
Entry = dict[str, object]


@dataclass(frozen=True)
class Kind:
    """A kind of file: its name in a pack, its shape, and whether it holds a list."""

    name: str
    shape: type[Shape]
    listed: bool = False
    folder: str = ""
    required: bool = True
    of_programme: bool = False
    """True when a standard alone may lack it."""

    @property
    def hint(self) -> Any:
        """The type of the file's whole content."""
        return GenericAlias(tuple, (self.shape, ...)) if self.listed else self.shape


KINDS = (
    Kind("pack", Manifest),
    Kind("clauses", Clause, listed=True),
    Kind("phases", Phase, listed=True, of_programme=True),
    Kind("targets", Target, listed=True, of_programme=True),
    Kind("duties", Duty, listed=True, of_programme=True),
    Kind("departments", Department, listed=True),
    Kind("responsibilities", Responsibility, listed=True, of_programme=True),
    Kind("facts", Fact, listed=True),
    Kind("parameters", Parameter, listed=True, required=False),
    Kind("costs", Cost, listed=True, required=False),
    Kind("standard", Standard),
    Kind("route", Route, of_programme=True),
    Kind("plan", Planning, required=False),
    Kind("pilots", PilotRules, required=False),
    Kind("dictionary", Group, folder="fields", required=False),
    Kind("form", Form, folder="forms", of_programme=True),
    Kind("checks", CrossCheck, listed=True, required=False),
    Kind("refinement", Refinement, folder="refinements", required=False),
    Kind("case", Case, folder="cases"),
)
BY_FILE = {f"{kind.name}.yaml": kind for kind in KINDS if not kind.folder}
BY_FOLDER = {kind.folder: kind for kind in KINDS if kind.folder}


@dataclass(frozen=True)
class Sheet:
    """One file, read: its tree with places, and the same as plain data."""

    kind: Kind
    file: str
    root: Node
    data: object
    lines: tuple[str, ...]

    def problem(self, path: NodePath, code: str, message: str, *, at_key: bool = False) -> Problem:
        """Return a fault at a path, or at the deepest part of it that exists."""
        node, key_mark = find(self.root, path)
        return problem_at(self.file, key_mark if at_key else node.start_mark, code, message)

    def line(self, path: NodePath) -> int:
        """Return the line, from 1, of the value at a path."""
        return self.problem(path, "", "").line

    def at(self, path: NodePath) -> object:
        """Return the value at a path; None where there is nothing."""
        here = self.data
        for step in path:
            if isinstance(here, dict):
                here = here.get(str(step))
            elif isinstance(here, list) and isinstance(step, int) and step < len(here):
                here = here[step]
            else:
                return None
        return here

    def entries(self, *path: str | int) -> Iterator[tuple[NodePath, Entry]]:
        """Yield path and content of every mapping in the list at a path; nothing where there is no list."""
        here = self.at(path)
        for number, entry in enumerate(here if isinstance(here, list) else ()):
            if isinstance(entry, dict):
                yield (*path, number), entry

    def fields(self) -> Iterator[tuple[NodePath, Entry]]:
        """Yield path and content of every field that the file defines; nothing for other files."""
        if self.kind.name == "dictionary":
            yield from self.entries("fields")
        elif self.kind.name == "form":
            for path, _section in self.entries("sections"):
                yield from self.entries(*path, "fields")


def word(entry: object, key: str) -> str:
    """Return the text under a key of a mapping; empty where there is none, or something else than text."""
    value = entry.get(key) if isinstance(entry, dict) else None
    return value if isinstance(value, str) else ""


def unread_kinds(sheets: list[Sheet], problems: list[Problem]) -> set[str]:
    """Return the kinds of which a file is missing or could not be read: their names are not all known."""
    read = {sheet.file for sheet in sheets}
    files = {problem.file for problem in problems} - read
    kinds = (BY_FOLDER.get(file.rstrip("/")) or kind_of(file) for file in files)
    return {kind.name for kind in kinds if kind is not None}


def read_folder(folder: Path) -> tuple[list[Sheet], list[Problem]]:
    """Read every file of a pack; what cannot be read, is unknown or is missing becomes a fault."""
    if not folder.is_dir():
        sentence = _("没有这个文件夹：{folder}。请给出含 pack.yaml 的文件夹。").format(folder=folder)
        return [], [Problem(str(folder), 1, 1, "missing_folder", sentence)]
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*"))[:MAX_FILES]:
        file = path.relative_to(folder).as_posix()
        kind = kind_of(file)
        if path.is_symlink() or not (path.is_dir() or path.is_file()):
            problems.append(refused_link(file))
        elif kind is not None and path.is_file():
            sheet = read_file(path, file, kind, problems)
            sheets.extend([sheet] if sheet else [])
        elif path.is_file() and file not in IGNORED:
            problems.append(Problem(file, 1, 1, "unknown_file", unknown_file(file)))
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    problems.extend(_missing_files(files, sheets))
    return sheets, problems


def read_texts(texts: Mapping[str, str]) -> tuple[list[Sheet], list[Problem]]:
    """Read the files of a pack that is not a folder yet, by name; faults as ``read_folder`` reports them."""
    sheets: list[Sheet] = []
    problems: list[Problem] = []
    for file, text in sorted(texts.items()):
        kind = kind_of(file)
        if kind is None:
            problems.append(Problem(file, 1, 1, "unknown_file", unknown_file(file)))
        elif len(text.encode()) > MAX_BYTES:
            problems.append(_too_large(file))
        else:
            sheet = read_text(text, file, kind, problems)
            sheets.extend([sheet] if sheet else [])
    problems.extend(_missing_files(texts, sheets))
    return sheets, problems


def unknown_file(file: str) -> str:
    """Say that a pack has no such file, and which one was perhaps meant."""
    return _("包里没有这种文件。{hint}").format(hint=did_you_mean(file, BY_FILE))


def refused_link(file: str) -> Problem:
    """Return the fault of a link or a special file."""
    return Problem(file, 1, 1, "refused_file", _("不允许符号链接或特殊文件；请放普通文件。"))


def kind_of(file: str) -> Kind | None:
    """Return the kind of a file by its name in a pack; None where a pack has no such file."""
    file = NEIGHBOUR.sub("", file)
    if file in BY_FILE:
        return BY_FILE[file]
    folder, _slash, name = file.rpartition("/")
    return BY_FOLDER.get(folder) if name.endswith(".yaml") else None


def _missing_files(files: Collection[str], sheets: list[Sheet]) -> Iterator[Problem]:
    card = next((sheet for sheet in sheets if sheet.kind.name == "pack"), None)
    alone = card is not None and card.at(("holds",)) == "standard"
    wanted = {kind.name for kind in KINDS if not (alone and kind.of_programme)}
    folders = {file.rpartition("/")[0] for file in files if kind_of(file) is not None}
    for file, kind in BY_FILE.items():
        if kind.required and kind.name in wanted and file not in files:
            yield Problem(file, 1, 1, "missing_file", _("缺少文件 {file}。").format(file=file))
    for name, kind in BY_FOLDER.items():
        if kind.required and kind.name in wanted and name not in folders:
            sentence = _("文件夹 {folder}/ 里至少要有一个 .yaml 文件。").format(folder=name)
            yield Problem(f"{name}/", 1, 1, "missing_file", sentence)


def read_file(path: Path, file: str, kind: Kind, problems: list[Problem]) -> Sheet | None:
    """Read one file under its name in the pack; what cannot be read becomes a fault."""
    if path.stat().st_size > MAX_BYTES:
        problems.append(_too_large(file))
        return None
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        problems.append(Problem(file, line, 1, "yaml_syntax", _("不是 UTF-8 文本；请另存为 UTF-8。")))
        return None
    return read_text(text, file, kind, problems)


def _too_large(file: str) -> Problem:
    sentence = _("文件大于{n}字节；请拆分或精简。").format(n=MAX_BYTES)
    return Problem(file, 1, 1, "refused_file", sentence)


def read_text(text: str, file: str, kind: Kind, problems: list[Problem]) -> Sheet | None:
    """Read the text of one file; what cannot be read becomes a fault."""
    root, faults = compose(text, file)
    problems.extend(faults)
    if root is None:
        if not faults:
            problems.append(Problem(file, 1, 1, "missing_file", _("文件是空的；请填写或删除。")))
        return None
    return Sheet(kind, file, root, plain(root, file, problems), tuple(text.splitlines()))
