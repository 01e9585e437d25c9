"""What comes back from the page on which a draft is written, and what moves a version."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from greenward.core.clock import read_day
from greenward.core.errors import InvalidInputError
from greenward.packs.schema.pack import Pack
from greenward.plans.queries import MeasureLine, MilestoneLine, PlanContent, Proposed, TargetLine
from greenward.plans.queries.content import MOST

BLANK = 2
"""Empty rows for more milestones and measures."""
LARGEST = 5
"""Digits of the largest number that can be typed."""


class FileForm(forms.Form):
    """With which document, and when, a plan was filed."""

    document = forms.CharField(label=gettext_lazy("文号"), max_length=200)
    filed_on = forms.DateField(
        label=gettext_lazy("报送日"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def read_content(sent: QueryDict, proposed: list[Proposed], pack: Pack) -> PlanContent:
    """Return the content that a form sent; InvalidInputError names the field that cannot be read.

    A row of the schedule or the measures whose text is empty is left out: that is how one is removed.
    """
    return PlanContent(
        introduction=sent.get("introduction", "").strip(),
        targets={
            (one.code, one.due, one.measure): TargetLine(
                _number(sent, one), sent.get(f"w-{_name(one)}", "").strip()
            )
            for one in proposed
        },
        milestones=sorted(_milestones(sent, pack), key=lambda one: one.due),
        measures=_measures(sent, pack),
    )


def _name(one: Proposed) -> str:
    return f"{one.code}-{one.due.isoformat()}-{one.measure}"


def _number(sent: QueryDict, one: Proposed) -> int:
    text = sent.get(f"n-{_name(one)}", "").strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= LARGEST):
        raise InvalidInputError(
            _("%(name)s（%(due)s）的计划数“%(text)s”不是整数。")
            % {"name": one.name, "due": one.due.isoformat(), "text": text[:20]},
            hint=_("没有计划请填0。"),
            field=f"n-{_name(one)}",
        )
    return int(text)


def _day(sent: QueryDict, name: str, about: str) -> date | None:
    text = sent.get(name, "").strip()
    if not text:
        return None
    try:
        return read_day(text)
    except ValueError:
        raise InvalidInputError(
            _("“%(about)s”的时限“%(text)s”不是日期。") % {"about": about[:20], "text": text[:20]},
            hint=_("请写成 2022-09-15 这样的日期。"),
            field=name,
        ) from None


def _rows(sent: QueryDict, letter: str) -> list[tuple[int, str]]:
    """Return number and text of every row that says something."""
    rows = [(n, sent.get(f"{letter}-{n}-text", "").strip()) for n in range(1, MOST + BLANK + 1)]
    return [(n, text) for n, text in rows if text]


def _milestones(sent: QueryDict, pack: Pack) -> list[MilestoneLine]:
    found = []
    for n, title in _rows(sent, "m"):
        due = _day(sent, f"m-{n}-due", title)
        if due is None:
            raise InvalidInputError(
                _("“%(about)s”没有填完成时限。") % {"about": title[:20]},
                hint=_("请填写日期，或清空这一行。"),
                field=f"m-{n}-due",
            )
        clause = sent.get(f"m-{n}-clause", "").strip()
        found.append(MilestoneLine(title, due, clause if clause in pack.clause_by_id else ""))
    return found


def _measures(sent: QueryDict, pack: Pack) -> list[MeasureLine]:
    found = []
    for n, text in _rows(sent, "x"):
        item = sent.get(f"x-{n}-item", "")
        chosen = sent.getlist(f"x-{n}-departments")
        found.append(
            MeasureLine(
                text=text,
                departments=tuple(one.slug for one in pack.departments if one.slug in chosen),
                item=item if item in pack.item_by_id else "",
                due=_day(sent, f"x-{n}-due", text),
            )
        )
    return found
