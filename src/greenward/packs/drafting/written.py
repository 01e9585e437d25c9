"""An installed edition as the texts of its files again: what a draft begins with."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from greenward.packs.drafting.dump import dumped, dumped_pairs, plain_of
from greenward.packs.loader.loading import PLURAL
from greenward.packs.loader.sheets import KINDS, Kind
from greenward.packs.schema.cases import Case
from greenward.packs.schema.forms import Field, Form, Section
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.shape import Shape

Home = tuple[str, str | None]
ATTRIBUTE = PLURAL | {"dictionary": "dictionary"}


def texts_of(pack: Pack) -> dict[str, str]:
    """Return the files of a pack, by name: reading them gives the pack again, without comments.

    What it took from a neighbour's dictionary (``fields_from``) is among its own files then.
    """
    return {
        file: dumped_pairs(data) if isinstance(data, dict) else dumped(data) for file, data in _files(pack)
    }


def _files(pack: Pack) -> Iterator[tuple[str, object]]:
    alone = pack.manifest.holds == "standard"
    for kind in KINDS:
        part = getattr(pack, ATTRIBUTE.get(kind.name, kind.name))
        if kind.folder:
            for each in part:
                yield f"{kind.folder}/{each.id}.yaml", _data(pack, kind, each)
        elif kind.listed:
            if part or (kind.required and not (alone and kind.of_programme)):
                yield f"{kind.name}.yaml", [plain_of(each) for each in part]
        elif part is not None:
            yield f"{kind.name}.yaml", _data(pack, kind, part)


def _data(pack: Pack, kind: Kind, shape: Shape) -> dict[str, Any]:
    data = plain_of(shape)
    if kind.name == "pack":
        data.pop("fields_from", None)
    elif isinstance(shape, Case) and "facts" in data:
        data["facts"] = {name: _number_kept(value) for name, value in data["facts"].items()}
    elif isinstance(shape, Form):
        known: dict[tuple[Home, str], Field] = {
            ((group.level, group.sort), field.id): field
            for group in pack.dictionary
            for field in group.fields
        }
        data["sections"] = [_section(each, (shape.level, shape.sort), known) for each in shape.sections]
    return data


def _number_kept(value: object) -> object:
    """Return a number that is no count as one still: 1.0 read as 1 would be a count."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return value.quantize(Decimal("0.1"))
    return value


def _section(section: Section, home: Home, known: dict[tuple[Home, str], Field]) -> dict[str, Any]:
    """Return a section that asks the dictionary again for the fields that it has from there."""
    data = plain_of(section)
    asked = [field for field in section.fields if _is_asked(field, known.get((home, field.id)))]
    own = [plain_of(field) for field in section.fields if field not in asked]
    data.pop("fields", None)
    if asked:
        data["ask"] = [_question(field) for field in asked]
    if own:
        data["fields"] = own
    return data


def _is_asked(field: Field, defined: Field | None) -> bool:
    if defined is None:
        return False
    return defined.model_copy(update={"required": field.required, "when": field.when}) == field


def _question(field: Field) -> dict[str, Any]:
    question: dict[str, Any] = {"field": field.id}
    if field.required:
        question["required"] = True
    if field.when is not None:
        question["when"] = field.when
    return question
