"""The dictionary: which fields it has for each level, and what each form asks of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from greenward.packs.loader.nodes import Path
from greenward.packs.loader.sheets import Entry, Sheet, word
from greenward.packs.schema.forms import Field, Form, Group, Section

Home = tuple[str, str]
"""What fields are about: the level, and for facilities the sort (else empty)."""


@dataclass(frozen=True)
class Asked:
    """A field where it is defined, and where a form asks it (``place``, in the form's own file)."""

    entry: Entry
    sheet: Sheet
    path: Path
    place: Path

    @property
    def id(self) -> str:
        """The field's name."""
        return word(self.entry, "id")

    @property
    def type(self) -> str:
        """The field's type."""
        return word(self.entry, "type")


Asking = Mapping[str, tuple[Asked, ...]]
"""What each form asks, by the form's file."""


@dataclass
class Dictionary:
    """Every field of the groups, by what it is about and by name; the first one of a name counts."""

    fields: dict[Home, dict[str, Asked]] = field(default_factory=dict)
    repeated: list[tuple[Asked, Asked]] = field(default_factory=list)
    """Fields defined again for the same level in another file, each with the first one."""

    def of(self, sheet: Sheet) -> dict[str, Asked]:
        """Return the fields of the level that a form or a group is about."""
        return self.fields.get(home(sheet), {})


def home(sheet: Sheet) -> Home:
    """Return what the fields of a form or a group are about."""
    level = word(sheet.data, "level")
    return level, word(sheet.data, "sort") if level == "facility" else ""


def dictionary_of(sheets: Iterable[Sheet]) -> Dictionary:
    """Gather the fields of every group."""
    found = Dictionary()
    for sheet in sheets:
        if sheet.kind.name != "dictionary":
            continue
        here = found.fields.setdefault(home(sheet), {})
        for path, entry in sheet.fields():
            one = Asked(entry, sheet, path, path)
            first = here.setdefault(one.id, one)
            if first.sheet is not sheet:
                found.repeated.append((one, first))
    return found


def asking_of(sheets: Iterable[Sheet], dictionary: Dictionary) -> Asking:
    """Return what each form asks; questions that lead nowhere are passed over."""
    forms = (sheet for sheet in sheets if sheet.kind.name == "form")
    return {form.file: tuple(_asked_by(form, dictionary.of(form))) for form in forms}


def _asked_by(form: Sheet, known: Mapping[str, Asked]) -> Iterator[Asked]:
    """Yield per section the dictionary's fields, then those of the form alone."""
    for place, _section in form.entries("sections"):
        for here, question in form.entries(*place, "ask"):
            one = known.get(word(question, "field"))
            if one is not None:
                yield Asked(one.entry, one.sheet, one.path, here)
        for here, entry in form.entries(*place, "fields"):
            yield Asked(entry, form, here, here)


def field_types(asked: Iterable[Asked]) -> dict[str, str]:
    """Return the type of each field by its name."""
    return {one.id: one.type for one in asked}


def resolved(forms: Iterable[Form], groups: Iterable[Group]) -> tuple[Form, ...]:
    """Return the forms with the dictionary's fields filled in, and nothing left to ask of it."""
    known: dict[Home, dict[str, Field]] = {}
    for group in groups:
        fields = {each.id: each for each in group.fields}
        known.setdefault((group.level, group.sort or ""), {}).update(fields)
    return tuple(_filled(form, known.get((form.level, form.sort or ""), {})) for form in forms)


def _filled(form: Form, known: Mapping[str, Field]) -> Form:
    return form.model_copy(update={"sections": tuple(_complete(each, known) for each in form.sections)})


def _complete(section: Section, known: Mapping[str, Field]) -> Section:
    asked = tuple(
        known[each.field].model_copy(update={"required": each.required, "when": each.when})
        for each in section.ask
    )
    return section.model_copy(update={"ask": (), "fields": (*asked, *section.fields)})
