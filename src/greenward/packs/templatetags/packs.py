"""Words for a pack's codes."""

from collections.abc import Iterable
from decimal import Decimal

from django import template
from django.utils.translation import get_language
from django_stubs_ext import StrOrPromise

from greenward.packs.schema.forms import Choice, Column
from greenward.packs.web.words import FOUND, LEVELS, SENSITIVITIES, TYPES

register = template.Library()


@register.filter
def type_word(field_type: str) -> StrOrPromise:
    """Say what a field's type asks for, such as 是/否."""
    return TYPES[field_type]


@register.filter
def level_word(level: str) -> StrOrPromise:
    """Say what a level is called, such as 小区."""
    return LEVELS[level]


@register.filter
def sensitivity_word(sensitivity: str) -> StrOrPromise:
    """Say who may see a field's answers, such as 可公开."""
    return SENSITIVITIES[sensitivity]


@register.filter
def labels(parts: Iterable[Choice | Column]) -> str:
    """Name the answers of a choice or the columns of a table."""
    return "、".join(str(part.label) for part in parts)


@register.filter
def in_words(text: object) -> str:
    """Print a text in both languages as a draft has it, in the reader's; anything else as it is."""
    if isinstance(text, dict):
        language = "en" if (get_language() or "zh").startswith("en") else "zh"
        return str(text.get(language) or text.get("zh") or "")
    return str(text or "")


@register.filter
def found_word(word: str) -> StrOrPromise:
    """Say what a case expects or the rules find, such as 达标; levels and points stay as they are."""
    return FOUND.get(word, word)


@register.filter
def at(values: dict[str, int], name: object) -> int:
    """Return what a mapping holds under a name; 0 for nothing."""
    return values.get(str(name), 0)


@register.filter
def percent(share: Decimal) -> str:
    """Print a share as a percentage, such as 15%."""
    return f"{(share * 100).normalize():f}%"
