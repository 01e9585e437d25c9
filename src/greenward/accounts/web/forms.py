"""Forms about one's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from greenward.accounts.actions import LONGEST_DAYS


class SettingsForm(forms.Form):
    """What a person may change about the screen and the contact."""

    display_name = forms.CharField(label=_("显示名"), max_length=60, required=False)
    email = forms.EmailField(
        label=_("电子邮件"),
        required=False,
        help_text=_("可不填；只用于联系和待办提醒，不用于登录。改动后要重新确认。"),
    )
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)
    large_print = forms.BooleanField(label=_("大字版"), required=False)


class TokenForm(forms.Form):
    """A new token: what for, how long."""

    label = forms.CharField(label=_("用途"), max_length=80, help_text=_("写明哪个系统使用，便于以后辨认。"))
    days = forms.IntegerField(
        label=_("有效天数"), min_value=1, max_value=LONGEST_DAYS, initial=90, help_text=_("最多 366 天。")
    )


class EndSessionsForm(forms.Form):
    """Which sign-ins to end: one by its number, or all."""

    session = forms.IntegerField(required=False)
    everywhere = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        """Demand one of the two."""
        cleaned = super().clean() or {}
        if not cleaned.get("session") and not cleaned.get("everywhere"):
            raise forms.ValidationError(_("请选择要退出的设备。"))
        return cleaned
