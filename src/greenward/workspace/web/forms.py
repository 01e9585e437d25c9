"""Forms of the staff's pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from greenward.workspace.queries.audit import Asked


class AuditFilter(forms.Form):
    """What to show of the audit trail."""

    action = forms.CharField(label=_("动作"), required=False, max_length=80)
    subject = forms.CharField(label=_("对象"), required=False, max_length=120)
    place = forms.RegexField(r"^[0-9-]*$", label=_("地方代码"), required=False, max_length=20)
    person = forms.CharField(label=_("用户名"), required=False, max_length=60)
    first = forms.DateField(label=_("自"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=_("至"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came
        self.label_suffix = ""
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-control"

    def asked(self) -> Asked:
        """Return the filter; wrong fields count as not given, their errors show at the field."""
        self.is_valid()
        return Asked(**{name: value for name, value in self.cleaned_data.items() if value})
