"""The form of a delivery."""

from django import forms
from django.utils.translation import gettext_lazy as _


class DeliveryForm(forms.Form):
    """What was delivered, and when."""

    document = forms.CharField(
        label=_("文号或标题"), max_length=200, help_text=_("报送材料的文号；没有文号的写标题。")
    )
    delivered_on = forms.DateField(
        label=_("报送日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
