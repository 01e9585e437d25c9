"""What the survey knows of a community: its own form by sections, and its compounds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
from django_stubs_ext import StrOrPromise

from greenward.packs.schema.forms import Field, Form, Section
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.standard import Item
from greenward.survey.answers.checks import hidden_of
from greenward.survey.answers.single import Answer
from greenward.survey.answers.words import in_words
from greenward.survey.queries import Value, compounds_of, current_round, values_frame, values_of
from greenward.survey.sensitivity import Sight
from greenward.territories.models import PlaceVersion


@dataclass(frozen=True)
class AnswerLine:
    """One question: its words, the answer in words, where it is from, who uses it.

    ``text`` is None where it is unknown, or known and ``withheld`` from the reader.
    """

    field: str
    label: StrOrPromise
    text: str | None
    source: str
    on: date | None
    used_by: tuple[Item, ...]
    withheld: bool = False


@dataclass(frozen=True)
class SectionLines:
    """Questions that belong together, and how many are answered."""

    title: StrOrPromise
    lines: tuple[AnswerLine, ...]

    @property
    def known(self) -> int:
        """How many questions are answered."""
        return sum(line.text is not None or line.withheld for line in self.lines)


@dataclass(frozen=True)
class CompoundLine:
    """One compound, and how many of its form's questions are answered."""

    place: PlaceVersion
    known: int
    asked: int


@dataclass(frozen=True)
class Answers:
    """The survey of a community as of a day; ``survey_round`` is the open round's code, empty without one."""

    sections: tuple[SectionLines, ...]
    compounds: tuple[CompoundLine, ...]
    survey_round: str


def answers_of(place: PlaceVersion, as_of: date, pack: Pack, *, sight: Sight) -> Answers:
    """Return what is known of the community; the caller has found it for the person with this sight."""
    opened = current_round(as_of)
    sections = [
        _section(pack, form, section, known, hidden)
        for form in pack.forms
        if form.level == "community"
        for known in [values_of(place.place_id, form, as_of)]
        for hidden in [hidden_of(form.fields, sight, place.path)]
        for section in form.sections
    ]
    return Answers(tuple(sections), _compounds(place, as_of, pack), opened.code if opened else "")


def _section(
    pack: Pack, form: Form, section: Section, known: Mapping[str, Value], hidden: Collection[str]
) -> SectionLines:
    lines = (
        _line(pack, form, field, known.get(field.id), withheld=field.id in hidden) for field in section.fields
    )
    return SectionLines(str(section.title), tuple(lines))


def _line(pack: Pack, form: Form, field: Field, value: Value | None, *, withheld: bool) -> AnswerLine:
    used_by = pack.used_by(form.id, field.id)
    if value is None or value.value is None:
        return AnswerLine(field.id, str(field.label), None, "", None, used_by)
    text = None if withheld else printed(field, value.value)
    return AnswerLine(field.id, str(field.label), text, value.source, value.on, used_by, withheld)


def _compounds(place: PlaceVersion, as_of: date, pack: Pack) -> tuple[CompoundLine, ...]:
    form = next((form for form in pack.forms if form.level == "compound"), None)
    if form is None:
        return ()
    answers = values_frame(form, as_of, [place.place_id])
    fields = [pl.col(field.id).is_not_null() for field in form.fields]
    known = dict(answers.select("place_id", pl.sum_horizontal(fields)).iter_rows())
    asked = len(form.fields)
    return tuple(CompoundLine(c, known.get(c.place_id, 0), asked) for c in compounds_of(place, as_of))


def printed(field: Field, value: Answer) -> str:
    """Return an answer for people: as the survey says it, numbers with separators and their unit."""
    if isinstance(value, int | float) and not isinstance(value, bool) and field.type != "year":
        return f"{value:,.12g} {field.unit or ''}".strip()
    return in_words(field, value)
