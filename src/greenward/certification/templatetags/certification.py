"""Template tags of certification."""

from django import template

from greenward.packs.schema.pack import Pack

register = template.Library()


@register.simple_tag
def department(pack: Pack, slug: str) -> str:
    """Return what a department is called; its slug where the pack does not know it."""
    return str(pack.department_by_slug.get(slug, slug))
