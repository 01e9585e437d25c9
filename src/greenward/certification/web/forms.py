"""The form of every act on a standing: a day and a reason."""

from django import forms
from django.utils.translation import gettext_lazy as _

from greenward.core.errors import InvalidInputError


class StandingForm(forms.Form):
    """From which day, and on what ground."""

    on = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("依据"), max_length=300)

    def check(self) -> None:
        """Raise InvalidInputError with the first fault of every field."""
        if not self.is_valid():
            faults = "；".join(f"{self.fields[name].label}：{text[0]}" for name, text in self.errors.items())
            raise InvalidInputError(faults, hint=_("请返回改正。"), fields=dict(self.errors))
