"""Template tags of the frame: dated links, states, rates, sorting, hidden parameters."""

from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.template.defaultfilters import floatformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from greenward.core.web.dates import kept_day

register = template.Library()

STATES = {
    "met": ("✓", _("达标")),
    "unmet": ("✗", _("未达标")),
    "unknown": ("?", _("资料不全")),
    "not_applicable": ("–", _("不适用")),
}


@register.simple_tag(takes_context=True)
def dated_url(context: Context, name: str, *args: Any, **parameters: Any) -> str:
    """Return the address of a view; the page's as-of date stays, ``parameters`` that are not None join."""
    request = context.get("request")
    day = parameters.pop("as_of", None) or (kept_day(request) if request else None)
    pairs = {"as_of": day, **parameters}
    kept = {key: value for key, value in pairs.items() if value not in (None, "")}
    address = reverse(name, args=args)
    return f"{address}?{urlencode(kept)}" if kept else address


SIGN = '<span class="state-sign" aria-hidden="true">{}</span>'
STATE = '<span class="state state-{}">' + SIGN + " <span{}>{}</span></span>\n"
SHARE = '<span class="rate-share">{}%</span> <span class="rate-base">{}/{}</span>'
RATE = '<span class="rate">' + SHARE + "{}</span>\n"
BAR = '<progress class="rate-bar" max="{}" value="{}" aria-hidden="true"></progress>'
UNKNOWN = '<span class="rate"><span class="unknown">{}</span></span>\n'
HIDDEN = format_html(' class="{}"', "visually-hidden")
"""Written here and not as templates: lists and dashboards show them hundreds of times."""


@register.simple_tag
def state(value: str, *, short: bool = False) -> SafeString:
    """Show a state as colour, sign and word (``short``: the word is for screen readers only)."""
    sign, word = STATES[str(value)]
    return format_html(STATE, value, sign, HIDDEN if short else "", word)


@register.simple_tag
def rate(numerator: int | None, denominator: int | None, *, bar: bool = False) -> SafeString:
    """Show a rate: percentage with one decimal and always ``numerator/denominator`` beside it."""
    if numerator is None or not denominator:
        return format_html(UNKNOWN, _("未知"))
    share = floatformat(100 * numerator / denominator, 1)
    drawn = format_html(BAR, denominator, numerator) if bar else ""
    return format_html(RATE, share, numerator, denominator, drawn)


@register.inclusion_tag("core/sort.html", takes_context=True)
def sort_heading(context: Context, key: str, label: str, *, number: bool = False) -> dict[str, Any]:
    """Show a column heading that sorts by ``key``; a second press turns the order round."""
    query = context["request"].GET.copy()
    current = str(context.get("sort") or query.get("sort", ""))
    query["sort"] = f"-{key}" if current == key else key
    query.pop("page", None)
    order = {key: "ascending", f"-{key}": "descending"}.get(current, "none")
    return {"label": label, "address": f"?{query.urlencode()}", "order": order, "number": number}


@register.inclusion_tag("core/hidden.html", takes_context=True)
def other_parameters(context: Context, *changed: str) -> dict[str, Any]:
    """Carry the address's parameters through a GET form, without ``changed`` and the page number."""
    request = context["request"]
    skip = {*changed, "page"}
    return {"pairs": [(k, v) for k, values in request.GET.lists() if k not in skip for v in values]}


@register.inclusion_tag("core/pages.html", takes_context=True)
def page_links(context: Context, page: Any) -> dict[str, Any]:
    """Show where in a paged list we are, with links to the neighbours."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return {"page": page, "query": query.urlencode()}


@register.filter
def day(value: date | None) -> str:
    """Write a date as 2022-09-15, an unknown one as a dash."""
    return f"{value:%Y-%m-%d}" if value else "—"
