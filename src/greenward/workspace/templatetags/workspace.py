"""Template tags of the staff's pages."""

from django import template
from django.template import Context

from greenward.core.templatetags.frame import dated_url
from greenward.territories.models import Level

register = template.Library()


@register.simple_tag(takes_context=True)
def place_url(context: Context, code: str, level: str) -> str:
    """Return the address where the staff look at a place: its file or its dashboard, on the page's day."""
    name = "workspace:community" if level == Level.COMMUNITY else "workspace:dashboard"
    return dated_url(context, name, code)
