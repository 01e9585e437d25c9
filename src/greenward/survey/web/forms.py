"""What the form's page shows: every question with what is known of it, in the section where it is asked.

Built in one pass without Django's form objects: a form may have five hundred questions.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from greenward.packs.schema.forms import Column, Field, Form, Section
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.standard import Item
from greenward.survey.answers.words import in_words
from greenward.survey.queries import AskedField, Value
from greenward.survey.queries.surveyed import Warned
from greenward.survey.sensitivity import mark
from greenward.survey.states import AskState
from greenward.survey.web.conditions import comparisons
from greenward.survey.web.written import Written, shown, written

DONE = {AskState.ANSWERED, AskState.KNOWN}
NOTHING_STANDS = {AskState.NEEDED, AskState.EXPIRED}
"""States in which the control is empty: an expired value is shown beside it, not in it."""


@dataclass(frozen=True)
class Cell:
    """One cell of a table: its column, the name of its control, and what the control holds."""

    column: Column
    name: str
    value: str

    @property
    def choices(self) -> list[tuple[str, str]]:
        """The answers that a list offers, with what they are called."""
        if self.column.type == "bool":
            return [("true", _("是")), ("false", _("否"))]
        return [(choice.value, str(choice.label)) for choice in self.column.choices]


@dataclass(frozen=True)
class Question:
    """A field as it is asked: what its control holds, what is known, why it is asked, what is wrong.

    ``withheld``: the reader sees neither its figures nor what was written about them.
    """

    asked: AskedField
    control: Written
    items: tuple[Item, ...] = ()
    problem: str = ""
    is_open: bool = True
    remarks: int = 0
    day: date | None = None
    withheld: bool = False

    @property
    def field(self) -> Field:
        """The field of the pack."""
        return self.asked.field

    @property
    def known(self) -> Value | None:
        """What is known, None for nothing."""
        return self.asked.known

    @property
    def shown(self) -> str:
        """What is known, in words."""
        if self.withheld:
            return mark()
        return shown(self.field, self.known.value) if self.known is not None else ""

    @property
    def known_written(self) -> str:
        """What is known as a control would hold it, as JSON."""
        known = None if self.known is None or self.withheld else self.known.value
        return json.dumps(written(known), ensure_ascii=False)

    @property
    def known_text(self) -> str:
        """What is known as a control would hold it; empty for tables."""
        value = written(self.known.value) if self.known is not None and not self.withheld else ""
        return value if isinstance(value, str) else ""

    @property
    def last_round(self) -> str:
        """What the round before knew, in words, where that was something else."""
        before = self.asked.last_round
        if before is not None and self.withheld:
            return mark()
        return in_words(self.field, before.value) if before is not None else ""

    @property
    def confirm(self) -> str:
        """What confirming says: the same as last year, where the value is from then."""
        on = self.known.true_on if self.known is not None else None
        last_year = on is not None and self.day is not None and on.year == self.day.year - 1
        return _("与去年相同") if last_year else _("仍然如此")

    @property
    def when(self) -> str:
        """The condition as comparisons in JSON, empty where only the server can decide it."""
        simple = comparisons(self.field.when) if self.field.when else None
        return json.dumps(simple, ensure_ascii=False) if simple else ""

    @property
    def is_hidden(self) -> bool:
        """Whether the question does not apply to what is known."""
        return self.asked.state == AskState.NOT_APPLICABLE

    @property
    def is_known(self) -> bool:
        """Whether a valid answer from before lies folded."""
        return self.asked.state == AskState.KNOWN and not self.problem

    @property
    def rows(self) -> list[list[Cell]]:
        """A table's cells by row and column, an empty row last."""
        held = self.control if isinstance(self.control, list) else []
        return [
            [
                Cell(column, f"{self.field.id}.{number}.{column.id}", row.get(column.id, ""))
                for column in self.field.columns
            ]
            for number, row in enumerate([*held, {}])
        ]

    @property
    def blank_row(self) -> list[Cell]:
        """The cells of a row that scripts add; they name them."""
        return [Cell(column, "", "") for column in self.field.columns]


@dataclass(frozen=True)
class Part:
    """A section as it is asked: what is open first, what is known and valid folded below."""

    section: Section
    questions: tuple[Question, ...]
    warnings: tuple[Warned, ...] = ()

    @property
    def asked(self) -> list[Question]:
        """Questions that somebody must or may answer, those that wait first; hidden ones among them."""
        rest = [one for one in self.questions if not one.is_known]
        return sorted(rest, key=lambda one: one.asked.state == AskState.ANSWERED and not one.problem)

    @property
    def known(self) -> list[Question]:
        """Questions whose answer is known from before and still valid."""
        return [one for one in self.questions if one.is_known]

    @property
    def total(self) -> int:
        """Questions that apply."""
        return sum(not one.is_hidden for one in self.questions)

    @property
    def answered(self) -> int:
        """Questions that apply and have a valid answer."""
        return sum(one.asked.state in DONE for one in self.questions)

    @property
    def has_files(self) -> bool:
        """Whether a file may be sent with the section."""
        return any(one.field.type == "file" for one in self.questions)


class UploadForm(forms.Form):
    """A workbook, and the form that it answers."""

    form = forms.ChoiceField(label=_lazy("表"))
    file = forms.FileField(label=_lazy("文件"), max_length=200)

    def __init__(self, *args: object, choices: Iterable[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments pass through
        self.fields["form"] = forms.ChoiceField(label=_("表"), choices=list(choices))


@dataclass(frozen=True)
class Shown:
    """What a page shows beside the fields themselves.

    ``open_fields`` are those that the case leaves open (None: all); ``sent`` is what was sent and refused,
    ``problems`` why, both by field; ``remarks`` how many remarks stand at each field. ``withheld`` are the
    fields whose figures the person does not see.
    """

    day: date
    may_record: bool = False
    open_fields: Collection[str] | None = None
    sent: Mapping[str, Written] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, int] = field(default_factory=dict)
    withheld: Collection[str] = frozenset()


def parts_of(
    pack: Pack, form: Form, asked: Sequence[AskedField], warned: Sequence[Warned], page: Shown
) -> list[Part]:
    """Return every section of the form with its questions and the warnings that its answers raise."""
    by_id = {one.field.id: one for one in asked}
    placed = _warnings_by_section(form, warned)
    return [
        Part(
            section,
            tuple(_question(pack, form, by_id[one.id], page) for one in section.fields),
            tuple(placed.get(section.id, ())),
        )
        for section in form.sections
    ]


def sent_values(section: Section, asked: Sequence[AskedField], data: Mapping[str, str]) -> dict[str, Written]:
    """Return what a person said in a section that was sent without JavaScript.

    What stands as it stood, and what was asked anew and left blank, is no statement; ``confirm`` names the
    one field that is confirmed as it is.
    """
    by_id = {one.field.id: one for one in asked}
    said: dict[str, Written] = {}
    for one in section.fields:
        known = by_id[one.id].known
        if data.get("confirm") == one.id and known is not None:
            said[one.id] = written(known.value)
            continue
        value = _rows_sent(one, data) if one.type == "table" else data.get(one.id, "").strip()
        asked_here = one.id in data or one.type == "table"
        if asked_here and value != _control(by_id[one.id]) and (value or known is not None):
            said[one.id] = value
    return said


def _rows_sent(one: Field, data: Mapping[str, str]) -> Written:
    rows: dict[int, dict[str, str]] = {}
    for name, value in data.items():
        start, _dot, rest = name.partition(".")
        number, _dot, column = rest.partition(".")
        if start == one.id and number.isdecimal() and value.strip():
            rows.setdefault(int(number), {})[column] = value.strip()
    return [rows[number] for number in sorted(rows)] or ""


def _control(asked: AskedField) -> Written:
    if asked.known is None or asked.state in NOTHING_STANDS:
        return ""
    return written(asked.known.value)


def _question(pack: Pack, form: Form, asked: AskedField, page: Shown) -> Question:
    name = asked.field.id
    return Question(
        asked=asked,
        control=page.sent[name] if name in page.sent else "" if name in page.withheld else _control(asked),
        items=pack.used_by(form.id, name),
        problem=page.problems.get(name, ""),
        is_open=page.may_record and (page.open_fields is None or name in page.open_fields),
        remarks=page.remarks.get(name, 0),
        day=page.day,
        withheld=name in page.withheld,
    )


def _warnings_by_section(form: Form, warned: Iterable[Warned]) -> dict[str, list[Warned]]:
    section_of = {one.id: section.id for section in form.sections for one in section.fields}
    found: dict[str, list[Warned]] = {}
    for one in warned:
        place = next(_known_names(one, section_of), "")
        found.setdefault(section_of.get(place, ""), []).append(one)
    return found


def _known_names(one: Warned, section_of: Mapping[str, str]) -> Iterator[str]:
    return (field.id for field in one.broken.fields if field.id in section_of)
