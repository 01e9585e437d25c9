"""Forms for filing evidence."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from greenward.core import clock
from greenward.core.errors import InvalidInputError
from greenward.evidence.actions.filing import MOST_NOTE
from greenward.evidence.queries import items

TAKEN = "image/jpeg,image/png,image/webp,application/pdf,.docx,.xlsx,.ofd"
"""What the chooser offers; a phone then offers its camera too, and gives JPEG instead of HEIC."""


class FilingForm(forms.Form):
    """What a file is evidence for."""

    item = forms.ChoiceField(label=_("用于哪一项"), required=False)
    year = forms.IntegerField(label=_("年度"), min_value=2000)
    observed_on = forms.DateField(
        label=_("反映情况的日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("不填时取照片自带的日期。"),
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=MOST_NOTE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        choices = [(one.id, f"{one.id} {one.short}") for one in items()]
        self.fields["item"].choices = [("", _("暂不对应")), *choices]  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["year"].initial = clock.today().year

    def filing(self) -> dict[str, Any]:
        """Return what was chosen; InvalidInputError with the first fault of every field."""
        if not self.is_valid():
            faults = "；".join(f"{self.fields[name].label}：{text[0]}" for name, text in self.errors.items())
            raise InvalidInputError(faults, hint=_("请返回改正。"), fields=dict(self.errors))
        return dict(self.cleaned_data)


class UploadForm(FilingForm):
    """A new file, and what it is evidence for."""

    file = forms.FileField(label=_("照片或文件"), widget=forms.FileInput(attrs={"accept": TAKEN}))
    field_order = ("file", "item", "year", "observed_on", "note")
