"""Template tags of pages about places."""

from typing import Any

from django import template
from django.template import Context

from greenward.core.templatetags.frame import dated_url
from greenward.territories.web.pages import file_pages

register = template.Library()


@register.inclusion_tag("territories/file_tabs.html", takes_context=True)
def file_tabs(context: Context, code: str, current: str) -> dict[str, Any]:
    """Show the tabs of a community's file; ``current`` is the slug of the page that they stand on."""
    tabs = [
        (page, dated_url(context, page.url_name, code, **page.parameters), page.slug == current)
        for page in file_pages()
    ]
    return {"tabs": tabs}
