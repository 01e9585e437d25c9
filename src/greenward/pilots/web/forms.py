"""What comes back from the pages of pilots."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from greenward.core.errors import InvalidInputError
from greenward.evidence.web.forms import TAKEN
from greenward.packs.schema.pack import Pack
from greenward.pilots.states import Age, SupportKind, WishKind

DATE = {"type": "date"}


class CheckedForm(forms.Form):
    """A form whose faults are raised as one refusal."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        prefix = type(self).__name__.removesuffix("Form").lower()  # several stand on one page
        super().__init__(*args, **{"label_suffix": "", "auto_id": f"{prefix}-%s", **kwargs})

    def given(self) -> dict[str, Any]:
        """Return what was sent; InvalidInputError with the first fault of every field."""
        if not self.is_valid():
            faults = "；".join(f"{self.fields[n].label}：{text[0]}" for n, text in self.errors.items())
            raise InvalidInputError(faults, hint=_("请返回改正。"), fields=dict(self.errors))
        return dict(self.cleaned_data)


class ChooseForm(CheckedForm):
    """From which day communities are pilots, and on what ground."""

    on = forms.DateField(label=_("启动日期"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("依据"), max_length=300)


class ConcludeForm(CheckedForm):
    """From which day a pilot is over, and why."""

    on = forms.DateField(label=_("结束日期"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    reason = forms.CharField(label=_("结束原因"), max_length=300)


class WishForm(CheckedForm):
    """What residents said."""

    kind = forms.ChoiceField(label=_("形式"), choices=WishKind.choices)
    held_on = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    asked = forms.IntegerField(
        label=_("征求数"),
        required=False,
        min_value=1,
        max_value=1_000_000,
        help_text=_("人数或户数；不详可不填。"),
    )
    agreed = forms.IntegerField(label=_("同意数"), required=False, min_value=0, max_value=1_000_000)
    note = forms.CharField(label=_("说明"), required=False, max_length=300)
    file = forms.FileField(
        label=_("纪要或签名的扫描件"), required=False, widget=forms.FileInput(attrs={"accept": TAKEN})
    )


class SupportForm(CheckedForm):
    """How a pilot was supported."""

    kind = forms.ChoiceField(label=_("方式"), choices=SupportKind.choices)
    given_on = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs=DATE, format="%Y-%m-%d"))
    text = forms.CharField(label=_("内容"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class LessonForm(CheckedForm):
    """What a pilot learnt."""

    item = forms.ChoiceField(label=_("对应条目"), required=False)
    title = forms.CharField(label=_("标题"), max_length=100)
    problem = forms.CharField(label=_("问题"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    practice = forms.CharField(label=_("做法"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    effect = forms.CharField(label=_("成效"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    before = forms.DecimalField(
        label=_("之前"),
        required=False,
        max_digits=12,
        decimal_places=2,
        help_text=_("测量过才填，之前、之后和单位一起填。"),
    )
    after = forms.DecimalField(label=_("之后"), required=False, max_digits=12, decimal_places=2)
    unit = forms.CharField(label=_("单位"), required=False, max_length=20)
    applies = forms.CharField(label=_("适用条件"), max_length=500)
    age = forms.ChoiceField(label=_("适用小区"), choices=Age.choices)

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.id, f"{one.id} {one.title}") for one in pack.standard.items]
        self.fields["item"].choices = [("", _("不对应某一条")), *choices]  # type: ignore[attr-defined]  # a ChoiceField
