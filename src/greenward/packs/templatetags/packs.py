"""Words for a pack's codes."""

from django import template
from django_stubs_ext import StrOrPromise

from greenward.packs.web.words import TYPES

register = template.Library()


@register.filter
def type_word(field_type: str) -> StrOrPromise:
    """Say what a field's type asks for, such as 是/否."""
    return TYPES[field_type]
