"""What pages show in the place of figures that a reader does not see."""

from django import template
from django.utils.safestring import SafeString

from greenward.survey.web.written import marked

register = template.Library()


@register.simple_tag
def withheld() -> SafeString:
    """Mark a figure that is not shown, and say who sees it."""
    return marked()
