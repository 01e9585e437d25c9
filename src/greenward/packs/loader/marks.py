"""Walk a file beside its shape and gather what it defines, what it refers to, and its rules."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from pydantic import Discriminator, Tag
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from greenward.packs.loader.nodes import TAG, Path, plain
from greenward.packs.loader.sheets import Sheet
from greenward.packs.schema.shape import Defines, Refers, RuleText, Shape


@dataclass(frozen=True)
class Mention:
    """A marked value at its place."""

    mark: Defines | Refers | RuleText
    value: str
    sheet: Sheet
    node: ScalarNode
    path: Path


@dataclass
class Gathering:
    """Every marked value of a pack, and the shape that stands at every path of a file."""

    mentions: list[Mention] = field(default_factory=list)
    shapes: dict[tuple[str, Path], type[Shape]] = field(default_factory=dict)

    def defined(self, kind: str) -> Iterator[Mention]:
        """Yield the definitions of a kind."""
        return (each for each in self.mentions if isinstance(each.mark, Defines) and each.mark.kind == kind)

    def names(self, kind: str) -> set[str]:
        """Return the names defined for a kind."""
        return {each.value for each in self.defined(kind)}

    def rules(self) -> Iterator[tuple[Mention, RuleText]]:
        """Yield every rule with its mark."""
        return ((each, each.mark) for each in self.mentions if isinstance(each.mark, RuleText))


def gather(sheets: list[Sheet]) -> Gathering:
    """Walk every file; parts that do not fit their shape are passed over."""
    found = Gathering()
    for sheet in sheets:
        _walk(sheet.kind.hint, sheet.root, (), sheet, found)
    return found


def _walk(hint: Any, node: Node, path: Path, sheet: Sheet, found: Gathering) -> None:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        inner, *extras = arguments
        _note(extras, node, path, sheet, found)
        _walk(_arm(inner, extras, node), node, path, sheet, found)
    elif origin in (Union, UnionType):
        for arm in arguments:
            _walk(arm, node, path, sheet, found)
    elif origin is tuple and isinstance(node, SequenceNode):
        for number, child in enumerate(node.value):
            _walk(arguments[0], child, (*path, number), sheet, found)
    elif isinstance(node, MappingNode):
        _walk_mapping(hint, node, path, sheet, found)


def _walk_mapping(hint: Any, node: MappingNode, path: Path, sheet: Sheet, found: Gathering) -> None:
    if get_origin(hint) is dict:
        key_hint, value_hint = get_args(hint)
        for key, value in node.value:
            _walk(key_hint, key, (*path, key.value), sheet, found)
            _walk(value_hint, value, (*path, key.value), sheet, found)
    elif isinstance(hint, type) and issubclass(hint, Shape):
        found.shapes[sheet.file, path] = hint
        hints = get_type_hints(hint, include_extras=True)
        for key, value in node.value:
            if key.value in hint.model_fields:
                _walk(hints[key.value], value, (*path, key.value), sheet, found)


def _note(extras: list[Any], node: Node, path: Path, sheet: Sheet, found: Gathering) -> None:
    if not isinstance(node, ScalarNode) or node.tag == TAG + "null":
        return
    for extra in extras:
        if isinstance(extra, Defines | Refers | RuleText):
            found.mentions.append(Mention(extra, node.value, sheet, node, path))


def _arm(inner: Any, extras: list[Any], node: Node) -> Any:
    """Return the arm of a union that its discriminator chooses; anything else as it is."""
    for extra in extras:
        if isinstance(extra, Discriminator) and callable(extra.discriminator):
            tag = extra.discriminator(plain(node, "", []))
            return next(arm for arm in get_args(inner) if Tag(str(tag)) in get_args(arm))
    return NoneType if inner is None else inner
