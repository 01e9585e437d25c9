"""Rules: each one read and typed by the registered rule engine, its faults placed inside the YAML."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from yaml import Mark, ScalarNode

from greenward.packs.loader.dictionary import Asking, field_types
from greenward.packs.loader.marks import Gathering, Mention
from greenward.packs.loader.problems import Problem, problem_at
from greenward.packs.loader.sheets import Sheet, word
from greenward.packs.rules import RuleFault, RuleReader
from greenward.packs.schema.shape import Namespace

TYPES = {
    "bool": "bool",
    "count": "int",
    "number": "number",
    "date": "date",
    "text": "text",
    "choice": "text",
    "year": "int",
    "judgement": "number",
}
"""The rule engine's type for each type of fact or field; a file, a position and a table have none."""
Conditions = dict[tuple[str, str], tuple[Mention, frozenset[str]]]
"""By a form's file and a field's name: the condition of the question, and the fields that it names."""


def check_rules(
    sheets: list[Sheet], gathering: Gathering, asking: Asking, reader: RuleReader
) -> Iterator[Problem]:
    """Yield every fault of every rule, at its place."""
    spaces, conditions = rule_names(sheets, reader), Conditions()
    yield from _reserved(sheets, reader)
    for mention, mark in gathering.rules():
        if mention.sheet.kind.name == "dictionary":
            continue  # conditions belong to forms, and are refused there
        fields = field_types(asking.get(mention.sheet.file, ()))
        names = _typed(fields) if mark.names == "fields" else spaces[mark.names]
        faults = reader.faults(mention.value, names, mark.gives)
        for fault in faults:
            line, column = place_in_yaml(mention, fault.line, fault.column)
            yield Problem(mention.sheet.file, line, column, fault.code, _sentence(mention, fault, fields))
        if not faults and mark.names == "fields" and mention.path[-1] == "when":
            question = mention.sheet.at(mention.path[:-1])
            name = word(question, "field") or word(question, "id")
            conditions[mention.sheet.file, name] = mention, reader.names(mention.value)
    yield from _circles(conditions)


def _sentence(mention: Mention, fault: RuleFault, fields: dict[str, str]) -> str:
    lines = mention.value.split("\n")
    found = re.match(r"[a-z][a-z0-9_]*", lines[fault.line - 1][fault.column - 1 :])
    kind = fields.get(found[0]) if found and fault.code == "unknown_fact" else None
    if found is not None and kind is not None:
        sentence = _("规则：“{name}”是 {type} 类型的字段，不能用在规则里。")
        return sentence.format(name=found[0], type=kind)
    return _("规则：{message}").format(message=fault.message)


def _circles(conditions: Conditions) -> Iterator[Problem]:
    """Yield every condition that waits for its own question, directly or by way of others."""
    for (file, name), (mention, named) in conditions.items():
        waits, reached = list(named), set[str]()
        while waits:
            other = waits.pop()
            if other not in reached and (file, other) in conditions:
                waits += conditions[file, other][1]
            reached.add(other)
        if name in reached:
            sentence = _("条件 when 绕回了“{name}”自己；请去掉这个圈。").format(name=name)
            yield problem_at(file, mention.node.start_mark, "circular_reference", sentence)


def rule_names(sheets: list[Sheet], reader: RuleReader) -> dict[Namespace, dict[str, str]]:
    """Return the engine's type of every name that rules may use, by the kind of rule."""
    facts = _fact_names(sheets)
    peers = {
        word(peer, "id"): "number"
        for sheet in sheets
        if sheet.kind.name == "standard"
        for _path, peer in sheet.entries("peers")
    }
    standard = facts | peers
    return {"facts": facts, "standard": standard, "totals": standard | _totals(sheets, reader)}


def _totals(sheets: list[Sheet], reader: RuleReader) -> dict[str, str]:
    """Return the names of totals and items, where there are levels to use them."""
    for sheet in sheets:
        if sheet.kind.name == "standard" and sheet.at(("levels",)):
            areas, items = (
                [word(each, "id") for _p, each in sheet.entries(key)] for key in ("areas", "items")
            )
            return dict(reader.totals(areas, items))
    return {}


def _reserved(sheets: list[Sheet], reader: RuleReader) -> Iterator[Problem]:
    """Yield facts and parameters that bear the name of a total: levels could not tell them apart."""
    totals = _totals(sheets, reader)
    for sheet in sheets:
        if sheet.kind.name in {"facts", "parameters"}:
            for path, entry in sheet.entries():
                if word(entry, "id") in totals:
                    sentence = _("“{name}”是标准的合计的名字；请另取名。").format(name=word(entry, "id"))
                    yield sheet.problem((*path, "id"), "duplicate_id", sentence)


def _fact_names(sheets: list[Sheet]) -> dict[str, str]:
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
