"""The web forms of rounds: planning one, and moving its dates."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms as web
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from greenward.survey.states import Asks

CHECK = {"class": "form-check-input"}


class Day(web.DateInput):
    """A date as browsers pick it."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class PlanForm(web.Form):
    """A round as it is planned: name, dates, which forms, and what it asks of what is known."""

    title = web.CharField(label=_lazy("名称"), max_length=120)
    code = web.SlugField(
        label=_lazy("代号"), max_length=40, help_text=_lazy("英文字母、数字和连字符，例如 baseline-2023。")
    )
    reference_on = web.DateField(
        label=_lazy("基准日"),
        widget=Day,
        help_text=_lazy("数据反映这一天的情况；应摸底名单按这一天的城市社区。"),
    )
    opens_on = web.DateField(label=_lazy("开始"), widget=Day)
    closes_on = web.DateField(label=_lazy("截止"), widget=Day)
    forms = web.MultipleChoiceField(label=_lazy("调查表"), widget=web.CheckboxSelectMultiple)
    asks = web.ChoiceField(label=_lazy("问什么"), choices=Asks.choices, widget=web.RadioSelect(CHECK))

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["forms"] = web.MultipleChoiceField(
            label=_("调查表"), choices=list(choices), widget=web.CheckboxSelectMultiple(CHECK)
        )
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Hold the dates against each other and today; the action holds the rest."""
        cleaned: dict[str, Any] = super().clean() or {}
        opens_on, closes_on = cleaned.get("opens_on"), cleaned.get("closes_on")
        if opens_on and closes_on and closes_on < opens_on:
            self.add_error("closes_on", _("截止日早于开始日。"))
        elif closes_on and closes_on < self.today:
            self.add_error("closes_on", _("截止日已经过去。"))
        return cleaned


class DatesForm(web.Form):
    """New dates of a round with the reason, and the dates that the person saw."""

    opens_on = web.DateField(label=_lazy("开始"), widget=Day)
    closes_on = web.DateField(label=_lazy("截止"), widget=Day)
    reason = web.CharField(label=_lazy("理由"), max_length=300)
    seen_opens_on = web.DateField(widget=web.HiddenInput)
    seen_closes_on = web.DateField(widget=web.HiddenInput)
