"""The field dictionary as people look it up: by group and level, with who asks and who needs each field."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from greenward.packs.schema.forms import Field, Form, FormLevel
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.policy import Department
from greenward.packs.schema.shape import Bilingual
from greenward.packs.schema.standard import Item


@dataclass(frozen=True)
class FieldEntry:
    """A field, who already holds its answer, the forms that ask it, and the items that need it.

    ``asked`` has each form with the field as that form asks it (required, condition).
    """

    field: Field
    holder: Department | None
    asked: tuple[tuple[Form, Field], ...]
    used_by: tuple[Item, ...]


@dataclass(frozen=True)
class GroupEntry:
    """Fields of one level that belong together: a group of the dictionary, or a section of one form."""

    id: str
    title: Bilingual
    level: FormLevel
    note: Bilingual | None
    fields: tuple[FieldEntry, ...]
    form: Form | None = None
    """The form whose own fields these are; None for a group of the dictionary."""


def dictionary_of(pack: Pack, *, words: str = "", level: str = "") -> list[GroupEntry]:
    """Return the groups of a level (empty: every level) with the fields in which every word is found.

    Words are looked for in code, names, aliases, unit, group and holder. Groups without a find are left out.
    """
    wanted = words.casefold().split()
    chosen = (group for group in _groups(pack) if level in ("", group.level))
    found = (
        replace(group, fields=tuple(one for one in group.fields if _matches(group, one, wanted)))
        for group in chosen
    )
    return [group for group in found if group.fields]


def levels_of(pack: Pack) -> tuple[str, ...]:
    """Return the levels that fields are about, each once, in the order of the forms."""
    levels = [*(form.level for form in pack.forms), *(group.level for group in pack.dictionary)]
    return tuple(dict.fromkeys(levels))


def _groups(pack: Pack) -> Iterator[GroupEntry]:
    defined = set()
    for group in pack.dictionary:
        forms = [form for form in pack.forms if (form.level, form.sort) == (group.level, group.sort)]
        defined |= {(group.level, group.sort, field.id) for field in group.fields}
        fields = tuple(_entry(pack, field, forms) for field in group.fields)
        yield GroupEntry(group.id, group.title, group.level, group.note, fields)
    for form in pack.forms:
        for section in form.sections:
            own = [field for field in section.fields if (form.level, form.sort, field.id) not in defined]
            fields = tuple(_entry(pack, field, [form]) for field in own)
            yield GroupEntry(f"{form.id}-{section.id}", section.title, form.level, None, fields, form)


def _entry(pack: Pack, field: Field, forms: list[Form]) -> FieldEntry:
    asked = tuple((form, one) for form in forms for one in form.fields if one.id == field.id)
    needing = {item.id: item for form, _one in asked for item in pack.used_by(form.id, field.id)}
    holder = pack.department_by_slug[field.holder] if field.holder else None
    return FieldEntry(field, holder, asked, tuple(needing.values()))


def _matches(group: GroupEntry, entry: FieldEntry, wanted: list[str]) -> bool:
    field = entry.field
    texts = [field.id, *_both(field.label), *field.aliases, field.unit or "", *_both(group.title)]
    if entry.holder is not None:
        texts += [entry.holder.slug, *_both(entry.holder.name)]
    text = " ".join(texts).casefold()
    return all(word in text for word in wanted)


def _both(text: Bilingual) -> tuple[str, str]:
    return text.zh, text.en
