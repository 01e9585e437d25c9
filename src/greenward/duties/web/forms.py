"""Forms about one's own duties."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from greenward.accounts.models import User
from greenward.core import clock
from greenward.duties import queries, todos
from greenward.duties.states import Rhythm
from greenward.territories.models import Office


class HandOverForm(forms.Form):
    """To whom, which work, from when to when, why."""

    office = forms.ModelChoiceField(label=_("单位"), queryset=Office.objects.none(), empty_label=None)
    delegate = forms.ModelChoiceField(
        label=_("交给"), queryset=User.objects.none(), help_text=_("只能交给在同一地方任职的同事。")
    )
    kinds = forms.MultipleChoiceField(
        label=_("哪些事"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不选，就是全部。推荐、评审、评判、签字等须本人名义办理的事不能交出。"),
    )
    begins = forms.DateField(label=_("第一天"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("最后一天"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=_("缘由"), max_length=200, help_text=_("例如：年休假。"))

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["office"].queryset = queries.offices_of(person)
        fields["delegate"].queryset = queries.colleagues_of(person)
        fields["kinds"].choices = [(kind.slug, kind.label) for kind in todos.kinds_to_hand_over()]
        fields["begins"].initial = clock.today().isoformat()


class RemindersForm(forms.Form):
    """How often, of what, in which language."""

    rhythm = forms.ChoiceField(label=_("多久一次"), choices=Rhythm.choices, widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label=_("哪些待办"), required=False, widget=forms.CheckboxSelectMultiple
    )
    changes = forms.BooleanField(label=_("评定结果有变化时也告诉我"), required=False)
    language = forms.ChoiceField(
        label=_("邮件的语言"), required=False, choices=[("", _("与账户相同")), *settings.LANGUAGES]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["kinds"].choices = [(kind.slug, kind.label) for kind in todos.kinds()]
