"""YAML as packs write it: two spaces, texts in both languages on one line where they fit, nothing guessed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import yaml

from greenward.packs.schema.shape import Shape

WIDTH = 100
SHORT = 72
"""The most characters of a small mapping that is written on one line."""


class _Line(dict[str, Any]):
    """A mapping that is written on one line."""


class _Row(list[Any]):
    """A list that is written on one line."""


class _Dumper(yaml.SafeDumper):
    """Writes lists two spaces in, so that a list in a mapping is seen to belong to it."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - PyYAML's signature
        """Never write a list at the level of its key."""
        super().increase_indent(flow, False)


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    text = f"{value:f}"
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


def _day(dumper: yaml.SafeDumper, value: date) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:timestamp", value.isoformat())


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    folds = "\n" in value and not any(line != line.rstrip() for line in value.split("\n"))
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if folds else None)


def _line(dumper: yaml.SafeDumper, value: _Line) -> yaml.Node:
    return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=True)


def _row(dumper: yaml.SafeDumper, value: _Row) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=True)


for _kind, _represent in (
    (Decimal, _number),
    (date, _day),
    (str, _text),
    (_Line, _line),
    (_Row, _row),
):
    _Dumper.add_representer(_kind, _represent)  # type: ignore[arg-type] # one loop over several kinds


def dumped(data: object) -> str:
    """Return plain data (mappings, lists, texts, numbers, days) as YAML that the pack loader reads back."""
    return yaml.dump(_laid_out(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)


def dumped_pairs(data: Mapping[str, object]) -> str:
    """Return a mapping as lines of their own, however short: the top of a file."""
    laid = {key: _laid_out(value) for key, value in data.items()}
    return yaml.dump(laid, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH)


def dumped_line(data: object) -> str:
    """Return the same on one line, for a place inside ``{…}`` or ``[…]``."""
    text = yaml.dump(
        _plain(data),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10**9,
        default_flow_style=True,
    )
    return text.strip()


def plain_of(shape: Shape) -> dict[str, Any]:
    """Return a shape as data to write, without what stands at its default."""
    data: dict[str, Any] = shape.model_dump(mode="python", exclude_defaults=True)
    return data


def _plain(data: object) -> object:
    if isinstance(data, Mapping):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(each) for each in data] if isinstance(data, list | tuple) else data


def _laid_out(data: object) -> object:
    """Return the data with what is short on one line, and the name of each entry first."""
    if isinstance(data, Mapping):
        named = {key: data[key] for key in (*(k for k in data if k == "id"), *(k for k in data if k != "id"))}
        if _fits(data.items(), [*data.values()]):
            return _Line(named)
        return {key: _laid_out(value) for key, value in named.items()}
    if isinstance(data, list | tuple):
        return _Row(data) if _fits([data], data) else [_laid_out(each) for each in data]
    return data


def _fits(parts: Iterable[Iterable[object]], values: Sequence[object]) -> bool:
    """Tell whether texts and numbers are few and short enough for one line."""
    if not values or any(isinstance(value, Mapping | list | tuple) for value in values):
        return False
    written = [str(part) for pair in parts for part in pair]
    return sum(map(len, written)) <= SHORT and not any("\n" in part for part in written)
