"""Form fields in the look of the product: label, input, help, and the error at the field."""

from typing import Any

from django import forms, template
from django.forms import BoundField, Form

register = template.Library()


@register.inclusion_tag("core/field.html")
def field(bound: BoundField, label: str = "") -> dict[str, Any]:
    """Show one field; ``label`` replaces the form's own."""
    widget = bound.field.widget
    checks = isinstance(widget, forms.CheckboxInput)
    kinds = {forms.Select: "form-select", forms.CheckboxInput: "form-check-input"}
    style = next((name for kind, name in kinds.items() if isinstance(widget, kind)), "form-control")
    shown = bound.as_widget(attrs={**widget.attrs, "class": style, "placeholder": ""})
    return {"field": bound, "label": label or bound.label, "shown": shown, "checks": checks}


@register.inclusion_tag("core/fields.html")
def fields(form: Form) -> dict[str, Any]:
    """Show a whole form's fields, its own errors first."""
    return {"form": form}
