"""Judgements in templates: answers in words, points without idle zeros."""

from collections.abc import Mapping
from decimal import Decimal

from django import template
from django.utils.translation import gettext as _

from greenward.assessment.models import Decision, Opinion

register = template.Library()


@register.filter
def at(found: Mapping[str, object], key: str) -> object:
    """Return what a mapping holds under a key; empty for nothing."""
    return found.get(key, "")


@register.filter
def plain(points: Decimal) -> str:
    """Write points without idle zeros."""
    return f"{points.normalize():f}"


@register.simple_tag
def answer(one: Opinion | Decision) -> str:
    """Write what somebody says: met, not met, or points."""
    if one.points is not None:
        return _("%(points)s 分") % {"points": plain(one.points)}
    return _("达标") if one.met else _("未达标")
