"""Rules: each one read and typed by the registered rule engine, its faults placed inside the YAML."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from yaml import Mark, ScalarNode

from greenward.packs.loader.marks import Gathering, Mention
from greenward.packs.loader.problems import Problem
from greenward.packs.loader.sheets import Sheet, word
from greenward.packs.rules import RuleReader

TYPES = {
    "bool": "bool",
    "count": "int",
    "number": "number",
    "date": "date",
    "text": "text",
    "choice": "text",
    "year": "int",
}
"""The rule engine's type for each type of fact or field."""


def check_rules(sheets: list[Sheet], gathering: Gathering, reader: RuleReader) -> Iterator[Problem]:
    """Yield every fault of every rule, at its place."""
    facts = rule_names(sheets)
    for mention, mark in gathering.rules():
        names = facts if mark.names == "facts" else _typed(mention.sheet.field_types())
        for fault in reader.faults(mention.value, names):
            line, column = place_in_yaml(mention, fault.line, fault.column)
            sentence = _("规则：{message}").format(message=fault.message)
            yield Problem(mention.sheet.file, line, column, fault.code, sentence)


def rule_names(sheets: list[Sheet]) -> dict[str, str]:
    """Return the engine's type of every name that the standard's rules may use."""
    names: dict[str, str] = {}
    for sheet in sheets:
        if sheet.kind.name == "facts":
            names |= _typed({word(fact, "id"): word(fact, "type") for _path, fact in sheet.entries()})
        elif sheet.kind.name == "parameters":
            for _path, parameter in sheet.entries():
                whole = isinstance(parameter.get("value"), int)
                names[word(parameter, "id")] = "int" if whole else "number"
    return names


def _typed(types: dict[str, str]) -> dict[str, str]:
    return {name: TYPES[given] for name, given in types.items() if given in TYPES}


def place_in_yaml(mention: Mention, line: int, column: int) -> tuple[int, int]:
    """Return line and column in the file, from 1, of a place in a rule's text, from 1.

    YAML folds the lines of plain and `>` texts into one, so the place is found by walking the source lines.
    """
    node = mention.node
    offset = sum(len(part) + 1 for part in mention.value.split("\n")[: line - 1]) + column - 1
    for number, indent, length in _segments(node, mention.sheet.lines):
        if offset <= length:
            return number + 1, indent + offset + 1
        offset -= length + 1
    mark: Mark = node.start_mark
    return mark.line + 1, mark.column + 1


def _segments(node: ScalarNode, lines: tuple[str, ...]) -> Iterator[tuple[int, int, int]]:
    """Yield line number from 0, first column from 0 and length of each source line of a text."""
    start, end = node.start_mark, node.end_mark
    if node.style not in ("|", ">"):
        quote = 1 if node.style in ("'", '"') else 0
        first = start.column + quote
        last = end.column - quote if end.line == start.line else len(lines[start.line])
        yield start.line, first, last - first
    for number in range(start.line + 1, min(end.line + 1, len(lines))):
        text = lines[number].strip()
        if text:
            yield number, len(lines[number]) - len(lines[number].lstrip()), len(text)
