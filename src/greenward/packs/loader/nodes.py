"""YAML with the place of every value: the core types of YAML 1.2, no aliases, no tags, bounded depth."""

import re
from collections.abc import Callable
from functools import lru_cache

import yaml
from django.utils.translation import gettext as _
from yaml import MappingNode, Mark, Node, ScalarNode, SequenceNode

from greenward.packs.loader.problems import Problem, problem_at

MAX_DEPTH = 20
TAG = "tag:yaml.org,2002:"
PLAIN_VALUES = (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", "n~"),
    ("int", r"-?(0|[1-9][0-9]{0,14})", "-0123456789"),
    ("float", r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,9}", "-0123456789"),
)
CONVERT: dict[str, Callable[[str], object]] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": "true".__eq__,
    "null": lambda _text: None,
}
Path = tuple[str | int, ...]


class RefusedError(yaml.MarkedYAMLError):
    """The text is YAML, yet of a kind that packs do not use."""


class StrictLoader(yaml.SafeLoader):
    """Composes nodes; `yes`, `no`, dates and leading zeros stay text, so that nothing is guessed."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    depth = 0

    def here(self) -> Mark:
        """Return the place of the next event."""
        mark: Mark = self.peek_event().start_mark  # type: ignore[no-untyped-call] # types-PyYAML leaves it so
        return mark

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        """Compose one node; an alias or a nesting too deep is refused."""
        if self.check_event(yaml.AliasEvent):
            raise RefusedError(problem=_("不允许使用锚点引用（*）；请把内容写出来"), problem_mark=self.here())
        if self.depth >= MAX_DEPTH:
            raise RefusedError(problem=_("嵌套超过{n}层").format(n=MAX_DEPTH), problem_mark=self.here())
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1


for _name, _pattern, _first in PLAIN_VALUES:
    StrictLoader.add_implicit_resolver(TAG + _name, re.compile(f"^(?:{_pattern})$"), [*_first])
StrictLoader.add_implicit_resolver(TAG + "null", re.compile("^$"), [""])


def compose(text: str, file: str) -> tuple[Node | None, list[Problem]]:
    """Return the tree of a YAML text, or the fault that stops its reading."""
    try:
        return _composed(text), []
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        code = "refused_yaml" if isinstance(error, RefusedError) else "yaml_syntax"
        return None, [problem_at(file, mark, code, _syntax_sentence(error, code))]
    except yaml.YAMLError as error:  # a character that YAML forbids has no mark
        return None, [problem_at(file, None, "yaml_syntax", _("不是有效的 YAML：{why}").format(why=error))]


@lru_cache(maxsize=64)
def _composed(text: str) -> Node | None:
    """Return the tree of a text; two editions of a pack share most of their files. Nobody changes a tree."""
    tree: Node | None = yaml.compose(text, StrictLoader)
    return tree


def _syntax_sentence(error: yaml.MarkedYAMLError, code: str) -> str:
    why = error.problem or error.context or ""
    if code == "refused_yaml":
        return f"{why}。"
    return _("不是有效的 YAML：{why}。请检查此处的缩进、冒号和引号。").format(why=why)


def plain(node: Node, file: str, problems: list[Problem]) -> object:
    """Return a node as data for JSON; keys are text; of a duplicate key the first value stays."""
    if isinstance(node, SequenceNode):
        return [plain(child, file, problems) for child in node.value]
    if isinstance(node, MappingNode):
        return _mapping(node, file, problems)
    return _scalar(node, file, problems)


def _mapping(node: MappingNode, file: str, problems: list[Problem]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            sentence = _("键必须是一个词。")
            problems.append(problem_at(file, key.start_mark, "wrong_type", sentence))
            continue
        converted = plain(value, file, problems)
        if key.value in result:
            sentence = _("键“{key}”重复；请删去一个。").format(key=key.value)
            problems.append(problem_at(file, key.start_mark, "duplicate_key", sentence))
            continue
        result[key.value] = converted
    return result


def _scalar(node: Node, file: str, problems: list[Problem]) -> object:
    text = str(node.value)
    convert = CONVERT.get(node.tag.removeprefix(TAG))
    if convert is None:
        sentence = _("不允许的标记“{tag}”；请去掉。").format(tag=node.tag)
        problems.append(problem_at(file, node.start_mark, "refused_yaml", sentence))
        return text
    return convert(text)


def find(node: Node, path: Path) -> tuple[Node, Mark]:
    """Return the deepest node on a path that exists, and the mark of its key or of itself."""
    mark = node.start_mark
    for step in path:
        if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
        elif isinstance(node, MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                break
            mark, node = pair[0].start_mark, pair[1]
        else:
            break
    return node, mark


def path_at(node: Node, line: int, column: int) -> Path:
    """Return the path of the deepest part that covers a place in the text; lines and columns from 1."""
    path: list[str | int] = []
    here = (line - 1, column - 1)
    while True:
        found = next((pair for pair in _parts(node) if pair[1] <= here < pair[2]), None)
        if found is None:
            return tuple(path)
        path.append(found[0])
        node = found[3]


def _parts(node: Node) -> list[tuple[str | int, tuple[int, int], tuple[int, int], Node]]:
    """Return step, start, end and node of every part of a list or a mapping; a key belongs to its value."""
    if isinstance(node, SequenceNode):
        return [(number, _start(child), _stop(child), child) for number, child in enumerate(node.value)]
    if isinstance(node, MappingNode):
        return [(key.value, _start(key), _stop(value), value) for key, value in node.value]
    return []


def _start(node: Node) -> tuple[int, int]:
    return node.start_mark.line, node.start_mark.column


def _stop(node: Node) -> tuple[int, int]:
    """Return where a node ends, past at least one character: what is empty still has a place."""
    line, column = _start(node)
    return max((node.end_mark.line, node.end_mark.column), (line, column + 1))
