"""Words for a pack's codes."""

from collections.abc import Iterable
from decimal import Decimal

from django import template
from django_stubs_ext import StrOrPromise

from greenward.packs.schema.forms import Choice, Column
from greenward.packs.web.words import LEVELS, SENSITIVITIES, TYPES

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
def percent(share: Decimal) -> str:
    """Print a share as a percentage, such as 15%."""
    return f"{(share * 100).normalize():f}%"
