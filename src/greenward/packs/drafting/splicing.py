"""Changing one part of a YAML text and leaving the rest, comments too, as its author wrote it."""

from typing import Any

from django.utils.translation import gettext as _
from yaml import MappingNode, Node, SequenceNode

from greenward.core.errors import InvalidInputError
from greenward.packs.drafting.dump import dumped, dumped_line, dumped_pairs
from greenward.packs.loader.nodes import Path, compose, find, plain
from greenward.packs.loader.problems import Problem


class UnreadableError(InvalidInputError):
    """The text has to be valid YAML before a part of it can be changed."""

    code = "draft_unreadable"


def data_of(text: str, file: str) -> Any:
    """Return the plain data of a text; UnreadableError with the fault when it is no YAML for packs."""
    problems: list[Problem] = []
    root, faults = compose(text, file)
    data = plain(root, file, problems) if root is not None else None
    for fault in [*faults, *problems]:
        raise UnreadableError(str(fault), hint=_("请先改正这个文件的写法。"), problem=fault.as_dict())
    return data


def replaced(text: str, file: str, path: Path, entry: object) -> str:
    """Return the text with other data at a path that exists.

    UnreadableError when the text is no YAML; a text that would then read otherwise is a fault of ours.
    """
    before = data_of(text, file)
    node, above = _node(text, file, path), _node(text, file, path[:-1])
    start, end = node.start_mark.index, _end(text, node)
    new = dumped_line(entry) if _flows(above) else _block(entry, node, above)
    return _checked(text[:start] + new + text[end:], file, _with(before, path, entry))


def added(text: str, file: str, path: Path, entry: object) -> str:
    """Return the text with one entry more at the end of the list at a path."""
    before = data_of(text, file)
    data = [*_at(before, path), entry]
    node = _node(text, file, path)
    if _flows(node) or not isinstance(node, SequenceNode) or not node.value:
        return replaced(text, file, path, data)
    column = node.start_mark.column
    last = _end(text, node.value[-1])
    lines = f"- {_indented(dumped(entry).rstrip(), column + 2)}"
    return _checked(f"{text[:last]}\n{' ' * column}{lines}{text[last:]}", file, _with(before, path, data))


def set_key(text: str, file: str, path: Path, value: object) -> str:
    """Return the text with a key of a mapping set (``None`` takes the key away)."""
    data = dict(_at(data_of(text, file), path[:-1]))
    if value is None:
        data.pop(path[-1], None)
    else:
        data[path[-1]] = value
    if path[:-1]:
        return replaced(text, file, path[:-1], data)
    return _set_at_top(text, file, str(path[-1]), value, data)


def _set_at_top(text: str, file: str, key: str, value: object, data: dict[str, Any]) -> str:
    """Change one key of the file's own mapping: the rest of the file, comments too, stays."""
    root = _node(text, file, ())
    pair = next((each for each in root.value if each[0].value == key), None)
    line = "" if value is None else dumped_pairs({key: value}).rstrip()
    if pair is None:
        return _checked(f"{text.rstrip()}\n{line}\n", file, data)
    start, end = pair[0].start_mark.index, _end(text, pair[1])
    return _checked(text[:start] + line + text[end:], file, data)


def _checked(text: str, file: str, wanted: object) -> str:
    if data_of(text, file) != data_of(dumped(wanted), file):
        raise UnreadableError(
            _("{file} 的写法不便逐项修改。").format(file=file), hint=_("请直接改文件的文字。")
        )
    return text


def _node(text: str, file: str, path: Path) -> Node:
    root, faults = compose(text, file)
    if root is None:
        raise UnreadableError(str(faults[0]), hint=_("请先改正这个文件的写法。"))
    return find(root, path)[0]


def _flows(node: Node) -> bool:
    """Tell whether a mapping or a list is written within brackets."""
    return isinstance(node, MappingNode | SequenceNode) and bool(node.flow_style)


def _end(text: str, node: Node) -> int:
    """Return where a node's own text ends: comments and blank lines behind belong to what follows."""
    if _flows(node) or not isinstance(node, MappingNode | SequenceNode):
        return _scalar_end(text, node)
    if not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(text, last[1] if isinstance(node, MappingNode) else last)


def _scalar_end(text: str, node: Node) -> int:
    start, end = node.start_mark.index, node.end_mark.index
    return int(start) + len(text[start:end].rstrip())


def _block(entry: object, node: Node, above: Node) -> str:
    """Return the data as a block at the place of a node; a mapping's value goes on lines of its own."""
    column = node.start_mark.column
    text = dumped(entry).rstrip().removesuffix("\n...")
    if isinstance(above, SequenceNode):
        return _indented(text, column)
    if not isinstance(entry, dict | list) or text.startswith(("{", "[")):
        return _indented(text, column)
    inside = above.start_mark.column + 2
    on_own_line = node.start_mark.line > _key_line(node, above)
    return _indented(text, column) if on_own_line else "\n" + " " * inside + _indented(text, inside)


def _key_line(node: Node, above: Node) -> int:
    pairs = above.value if isinstance(above, MappingNode) else []
    return next((int(key.start_mark.line) for key, value in pairs if value is node), node.start_mark.line)


def _indented(text: str, column: int) -> str:
    return text.replace("\n", "\n" + " " * column)


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _with(data: Any, path: Path, entry: object) -> Any:
    if not path:
        return entry
    step, rest = path[0], path[1:]
    if isinstance(data, list):
        return [_with(each, rest, entry) if number == step else each for number, each in enumerate(data)]
    return {**data, step: _with(data[step], rest, entry)}
