"""Template filters of pages about evidence."""

from collections.abc import Mapping

from django import template

from greenward.evidence.models import Use

register = template.Library()


@register.filter
def of_file(uses: Mapping[int, list[Use]], file: int) -> list[Use]:
    """Return the uses of one file."""
    return uses.get(file, [])
