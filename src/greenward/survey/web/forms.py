"""Web forms made from a pack's form: one per section, every question with what is known of it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from greenward.packs.schema.forms import Field, Form, Section
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.standard import Item
from greenward.survey.answers.checks import Broken, broken, touching
from greenward.survey.answers.words import as_written, in_words
from greenward.survey.queries import Value


@dataclass(frozen=True)
class Question:
    """A field as it is asked: its control, what is known, and the items that use it."""

    field: Field
    bound: forms.BoundField
    known: Value | None
    shown: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Part:
    """A section as it is asked, and the checks that what is known breaks."""

    section: Section
    form: forms.Form
    questions: tuple[Question, ...]
    broken: tuple[Broken, ...]

    @property
    def answered(self) -> int:
        """Questions with a known answer."""
        return sum(question.known is not None for question in self.questions)


class UploadForm(forms.Form):
    """A workbook, and the form that it answers."""

    form = forms.ChoiceField(label=_lazy("表"))
    file = forms.FileField(label=_lazy("文件"), max_length=200)

    def __init__(self, *args: object, choices: Iterable[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments pass through
        self.fields["form"] = forms.ChoiceField(label=_("表"), choices=list(choices))


def parts_of(
    pack: Pack,
    form: Form,
    known: Mapping[str, Value],
    *,
    day: date,
    sent: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Part]:
    """Return every section; ``sent`` holds what was sent for a section (by its id), shown again as it was.

    ``day`` is today: what is known is held against the form's checks.
    """
    found = broken(form, {name: value.value for name, value in known.items()}, day)
    return [
        _part(pack, form, section, known, sent=(sent or {}).get(section.id), found=found)
        for section in form.sections
    ]


def sent_values(section: Section, data: Mapping[str, str]) -> dict[str, str | None]:
    """Return what was sent for a section's fields; empty is no answer, absent is not asked."""
    return {field.id: data[field.id].strip() or None for field in section.fields if field.id in data}


def _part(
    pack: Pack,
    form: Form,
    section: Section,
    known: Mapping[str, Value],
    *,
    sent: Mapping[str, str] | None,
    found: Collection[Broken],
) -> Part:
    initial = {name: as_written(value.value) for name, value in known.items()}
    made = forms.Form(data=sent, initial=initial, auto_id=f"{section.id}-%s")
    for field in section.fields:
        made.fields[field.id] = _control(field, section)
    made.is_valid()
    questions = tuple(
        Question(
            field,
            made[field.id],
            known.get(field.id),
            in_words(field, known[field.id].value) if field.id in known else "",
            pack.used_by(form.id, field.id),
        )
        for field in section.fields
    )
    return Part(section, made, questions, tuple(touching(found, made.fields)))


def _control(field: Field, section: Section) -> forms.Field:
    attributes = {"class": "form-control", "autocomplete": "off"}
    attributes["aria-describedby"] = f"{section.id}-{field.id}-note"
    widget: forms.Widget = forms.TextInput(attributes)
    if field.type == "bool":
        choices = [("true", _("是")), ("false", _("否")), ("", _("未知"))]
        widget = forms.RadioSelect({"class": "form-check-input"}, choices)
    elif field.type == "choice":
        listed = [("", _("未知")), *((choice.value, str(choice.label)) for choice in field.choices)]
        widget = forms.Select({**attributes, "class": "form-select"}, listed)
    elif field.type in {"count", "number", "year"}:
        widget.attrs["inputmode"] = "decimal" if field.type == "number" else "numeric"
    elif field.type == "date":
        widget.attrs["type"] = "date"
    return forms.CharField(widget=widget, label=str(field.label), required=False)
