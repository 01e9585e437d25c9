"""A pack read for people: items with what they need, questions with who holds the answers."""

from dataclasses import dataclass

from greenward.packs.schema.facts import Fact
from greenward.packs.schema.forms import Field, Form, Section
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.policy import Department
from greenward.packs.schema.refinement import Refinement
from greenward.packs.schema.standard import Area, Indicator, Item


@dataclass(frozen=True)
class IndicatorReading:
    """An indicator with who can help."""

    indicator: Indicator
    departments: tuple[Department, ...]


@dataclass(frozen=True)
class ItemReading:
    """An item with what its rules need, who can help, and its indicators."""

    item: Item
    facts: tuple[Fact, ...]
    departments: tuple[Department, ...]
    indicators: tuple[IndicatorReading, ...]


@dataclass(frozen=True)
class OwnReading:
    """A district's own indicator with the item it is tied to and who can help."""

    indicator: Indicator
    departments: tuple[Department, ...]
    item: Item
    effect: str


@dataclass(frozen=True)
class RefinementReading:
    """What one district asks beyond the standard."""

    refinement: Refinement
    indicators: tuple[OwnReading, ...]


@dataclass(frozen=True)
class AreaReading:
    """An area of the standard with its items."""

    area: Area
    items: tuple[ItemReading, ...]


@dataclass(frozen=True)
class FieldReading:
    """A question, who already holds its answer, and the items that need it."""

    field: Field
    holder: Department | None
    used_by: tuple[Item, ...]


@dataclass(frozen=True)
class FormReading:
    """A form with its questions by section."""

    form: Form
    sections: tuple[tuple[Section, tuple[FieldReading, ...]], ...]


def areas_of(pack: Pack) -> list[AreaReading]:
    """Return the standard by area, each item with its facts and departments."""
    return [
        AreaReading(area, tuple(_read_item(pack, item) for item in pack.items_of(area.id)))
        for area in pack.standard.areas
    ]


def supplements_of(pack: Pack) -> list[ItemReading]:
    """Return the items that are reported and do not count for the verdict."""
    return [_read_item(pack, item) for item in pack.standard.supplements]


def refinements_of(pack: Pack) -> list[RefinementReading]:
    """Return what districts ask beyond the standard."""
    return [
        RefinementReading(
            each,
            tuple(
                OwnReading(
                    own.indicator, _departments(pack, own.departments), pack.item_by_id[own.item], own.effect
                )
                for own in each.indicators
            ),
        )
        for each in pack.refinements
    ]


def _read_item(pack: Pack, item: Item) -> ItemReading:
    parts = tuple(IndicatorReading(part, _departments(pack, part.departments)) for part in item.indicators)
    return ItemReading(item, pack.facts_of(item), _departments(pack, item.departments), parts)


def _departments(pack: Pack, slugs: tuple[str, ...]) -> tuple[Department, ...]:
    return tuple(pack.department_by_slug[slug] for slug in slugs)


def forms_of(pack: Pack) -> list[FormReading]:
    """Return the forms, each question with its holder and the items that need it."""
    return [
        FormReading(
            form,
            tuple(
                (section, tuple(_read_field(pack, form, field) for field in section.fields))
                for section in form.sections
            ),
        )
        for form in pack.forms
    ]


def _read_field(pack: Pack, form: Form, field: Field) -> FieldReading:
    holder = pack.department_by_slug[field.holder] if field.holder else None
    return FieldReading(field, holder, pack.used_by(form.id, field.id))


def responsibilities_of(pack: Pack) -> list[tuple[Area, list[Department]]]:
    """Return the departments that guide each content area."""
    return [
        (pack.area_by_id[entry.area], [pack.department_by_slug[slug] for slug in entry.departments])
        for entry in pack.responsibilities
    ]
