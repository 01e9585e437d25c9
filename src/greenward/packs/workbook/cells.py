"""One cell: from what people write to what the data hold, and back."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from greenward.packs.loader.problems import did_you_mean
from greenward.packs.workbook.columns import Column

YES = {"是", "有", "√", "✓", "true", "yes", "y", "1"}
NO = {"否", "无", "×", "✗", "false", "no", "n", "0"}
SEPARATORS = re.compile(r"[、，,;；/\s]+")
AMOUNT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)(%?)\s*(?:分|项|个|月|个月|天|户|人)?")
NAMED = re.compile(r"^([A-Za-z0-9_.-]+)\s+\S")
"""A name with its words behind it, as the validation lists offer them."""
Names = Mapping[str, Mapping[str, str]]
"""By kind (area, clause, department, fact, document): each name, and the words for it."""


class CellError(ValueError):
    """The cell holds what it cannot; the text says what it could."""


def folded(text: str) -> str:
    """Return full-width digits and letters as plain ones, without spaces around."""
    return unicodedata.normalize("NFKC", text).strip()


def read(column: Column, text: str, names: Names) -> Any:  # noqa: PLR0911 - one per kind
    """Return what the data hold for a cell that is not blank; CellError says what would be right."""
    plain = folded(text)
    match column.kind:
        case "bool":
            return _truth(plain)
        case "number":
            return _number(plain)
        case "whole":
            value = _number(plain)
            if value != value.to_integral_value() or value < 0:
                raise CellError(_("应是整数，不是“{got}”。").format(got=text))
            return int(value)
        case "choice":
            return _choice(column, plain)
        case "names":
            return [_named(column, part, names) for part in SEPARATORS.split(plain) if part]
        case "rule":
            return plain if "\n" not in text else "\n".join(folded(line) for line in text.splitlines())
        case "long":
            return text.strip()
        case _:
            return _named(column, plain, names) if column.refers else plain


def written(column: Column, value: Any) -> str | float | int | None:
    """Return a value of the data as the cell shows it."""
    if value is None:
        return None
    if column.kind == "bool":
        return "是" if value else "否"
    if column.kind == "choice":
        return column.choices.get(str(value), str(value))
    if column.kind == "names":
        return "、".join("是" if each is True else "否" if each is False else str(each) for each in value)
    if column.kind in ("number", "whole"):
        return int(value) if value == int(value) else float(value)
    return str(value)


def _truth(text: str) -> bool:
    if text.casefold() in YES:
        return True
    if text.casefold() in NO:
        return False
    raise CellError(_("应填“是”或“否”，不是“{got}”。").format(got=text))


def _number(text: str) -> Decimal:
    found = AMOUNT.fullmatch(text)
    if found is None:
        raise CellError(_("应是数字，不是“{got}”。").format(got=text))
    try:
        value = Decimal(found[1])
    except InvalidOperation as error:
        raise CellError(_("应是数字，不是“{got}”。").format(got=text)) from error
    return value / 100 if found[2] else value


def _choice(column: Column, text: str) -> str:
    for value, words in column.choices.items():
        if text in (value, words, folded(words)):
            return value
    hint = did_you_mean(text, column.choices.values())
    raise CellError(_("不能是“{got}”。{hint}").format(got=text, hint=hint))


def _named(column: Column, text: str, names: Names) -> Any:
    """Return the name that a cell means: the name itself, its words, or the name with words behind."""
    if not column.refers:
        return {"是": True, "否": False}.get(text, text) if column.kind == "names" else text
    known = names.get(column.refers, {})
    if text in known:
        return text
    behind = NAMED.match(text)
    if behind is not None and behind[1] in known:
        return behind[1]
    by_words = [name for name, words in known.items() if text == words]
    if len(by_words) == 1:
        return by_words[0]
    return text  # the loader says where a name leads to nothing, with the nearest one
