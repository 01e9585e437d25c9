"""Forms for everybody: an objection, a receipt, a certificate to check."""

from django import forms
from django.utils.translation import gettext_lazy as _

from greenward.certification.actions.objection import FIELDS
from greenward.packs.schema.route import Objections


class ObjectionForm(forms.Form):
    """Who objects, why, and what shows it; which of it is needed, the route says."""

    name = forms.CharField(label=_("真实姓名"), max_length=FIELDS["name"])
    contact = forms.CharField(
        label=_("联系方式"), max_length=FIELDS["contact"], help_text=_("电话或地址，只用于核实和答复。")
    )
    reason = forms.CharField(
        label=_("异议事项和理由"), max_length=FIELDS["reason"], widget=forms.Textarea(attrs={"rows": 6})
    )
    proof = forms.FileField(
        label=_("证明文件"), required=False, help_text=_("PDF、图片或 Word 文件，不超过10兆。")
    )

    def asking(self, rule: Objections) -> "ObjectionForm":
        """Ask for what the route needs; return the form."""
        for name, one in self.fields.items():
            one.required = name in rule.fields
        return self

    def attached(self) -> tuple[str, bytes] | None:
        """Return the proof's name and content, None without one."""
        file = self.cleaned_data.get("proof")
        return (str(file.name), file.read()) if file else None


class ReceiptForm(forms.Form):
    """A receipt code."""

    code = forms.CharField(label=_("回执码"), max_length=30)


class CheckForm(forms.Form):
    """What stands on a certificate, or in its square code."""

    code = forms.CharField(label=_("查验码、编号或二维码中的文字"), max_length=20_000)
