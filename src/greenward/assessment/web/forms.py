"""What comes back from the pages of judgements."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.assessment.actions import Answer
from greenward.assessment.models import Judging
from greenward.assessment.queries.questions import Question
from greenward.core import clock
from greenward.core.errors import InvalidInputError
from greenward.evidence.models import Use
from greenward.territories.models import PlaceVersion

DAYS_GIVEN = 14
"""How many days from today the form of a question proposes; the person changes it."""


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ReadForm(forms.Form):
    """A form that names every fault at once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def checked(self) -> dict[str, Any]:
        """Return what was sent; InvalidInputError with the first fault of every field."""
        if not self.is_valid():
            faults = "；".join(f"{self.fields[name].label}：{text[0]}" for name, text in self.errors.items())
            raise InvalidInputError(
                faults, hint=_("请改正后再提交；您写的内容还在。"), fields=dict(self.errors)
            )
        return dict(self.cleaned_data)


class AnswerForm(ReadForm):
    """Met or not met, or points between two ends; why; for opinions the files that were looked at."""

    met = forms.ChoiceField(
        label=gettext_lazy("结论"),
        choices=[("yes", gettext_lazy("达标")), ("no", gettext_lazy("未达标"))],
        widget=forms.RadioSelect,
    )
    points = forms.DecimalField(label=gettext_lazy("分值"), max_digits=9, decimal_places=3)
    observed_on = forms.DateField(
        label=gettext_lazy("从哪一天起属实"),
        widget=_day(),
        help_text=gettext_lazy("裁定从这一天起作为事实。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("理由"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, judging: Judging, *args: Any, deciding: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "decide_%s" if deciding else "opine_%s")
        super().__init__(*args, **kwargs)
        del self.fields["met" if judging.graded else "points"]
        if judging.graded and judging.least is not None and judging.most is not None:
            ends = {"least": f"{judging.least.normalize():f}", "most": f"{judging.most.normalize():f}"}
            self.fields["points"].help_text = _("从 %(least)s 到 %(most)s，扣分写成负数。") % ends
        if deciding:
            self.fields["observed_on"].initial = clock.today()
        else:
            del self.fields["observed_on"]

    def answer(self, evidence: tuple[int, ...] = ()) -> Answer:
        """Return the answer; InvalidInputError where the form is not filled in."""
        told = self.checked()
        met = told["met"] == "yes" if "met" in told else None
        return Answer(told["reason"], met, told.get("points"), evidence)


class AskForm(ReadForm):
    """Which row, where, by when, and how many opinions."""

    number = forms.ChoiceField(label=gettext_lazy("评议哪一项"))
    under = forms.ChoiceField(label=gettext_lazy("范围"))
    codes = forms.CharField(
        label=gettext_lazy("只评这些社区"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("填12位代码，用空格或换行隔开；不填就是范围内的全部城市社区。"),
    )
    due_on = forms.DateField(label=gettext_lazy("截止日"), widget=_day())
    needed = forms.IntegerField(label=gettext_lazy("需要几份意见"), min_value=1, max_value=9, initial=2)
    note = forms.CharField(label=gettext_lazy("给评议员的说明"), required=False, max_length=500)

    def __init__(
        self, questions: list[Question], places: list[PlaceVersion], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (_("标准采用裁定的"), [_choice(one) for one in questions if one.fact is not None]),
            (_("裁定只作参考的"), [_choice(one) for one in questions if one.fact is None]),
        ]
        self.fields["under"].choices = [(one.place.code, one.name) for one in places]  # type: ignore[attr-defined]  # the same
        self.fields["due_on"].initial = clock.today() + timedelta(days=DAYS_GIVEN)


class ReasonForm(ReadForm):
    """Why something is taken back."""

    reason = forms.CharField(label=gettext_lazy("理由"), max_length=500)


def _choice(question: Question) -> tuple[str, str]:
    return question.number, f"{question.number} {question.title}"


def evidence_sent(values: list[str], filed: list[Use]) -> tuple[int, ...]:
    """Return the numbers of the files that were ticked among those filed."""
    known = {str(one.pk): one.pk for one in filed}
    return tuple(known[value] for value in values if value in known)
