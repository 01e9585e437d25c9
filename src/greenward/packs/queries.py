"""Reading installed packs; the policy is public, so every signed-in person may read all of it."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from greenward.core.errors import NotFoundError
from greenward.packs.diff import Change, compare
from greenward.packs.loader.loading import from_content
from greenward.packs.models import InstalledPack
from greenward.packs.schema.facts import Fact
from greenward.packs.schema.forms import Field, Form, Section
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.policy import Department
from greenward.packs.schema.shape import Bilingual
from greenward.packs.schema.standard import Area, Item


@dataclass(frozen=True)
class Listed:
    """An installed edition under its title."""

    edition: InstalledPack
    title: Bilingual


@dataclass(frozen=True)
class ItemReading:
    """An item with what its rule needs and who can help."""

    item: Item
    facts: tuple[Fact, ...]
    departments: tuple[Department, ...]


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


def installed_packs() -> QuerySet[InstalledPack]:
    """Return every installed edition, the latest first, without their content."""
    return InstalledPack.objects.defer("content").order_by("pack_id", "-installed_at", "-pk")


def listed_editions() -> list[Listed]:
    """Return every installed edition with its title, in one query."""
    titled = installed_packs().annotate(title=F("content__manifest__title"))
    return [Listed(edition, Bilingual.model_validate(edition.title)) for edition in titled]


def listed(edition: InstalledPack) -> Listed:
    """Return one edition with its title."""
    return Listed(edition, pack(edition).manifest.title)


def installed(pack_id: str, edition: str | None = None) -> InstalledPack:
    """Return an installed edition, the latest one when none is named; NotFoundError when there is none."""
    found = installed_packs().filter(pack_id=pack_id)
    if edition is not None:
        found = found.filter(edition=edition)
    first = found.first()
    if first is None:
        raise NotFoundError(
            _("没有安装方案包 {name}。").format(name=f"{pack_id} {edition or ''}".strip()),
            hint=_("用 greenward pack show 查看已安装的；用 greenward pack install 安装。"),
            pack=pack_id,
            edition=edition,
        )
    return first


def pack(edition: InstalledPack) -> Pack:
    """Return the pack of an installed edition; read once per digest, since an edition never changes."""
    return _pack(edition.digest)


@lru_cache(maxsize=16)
def _pack(digest: str) -> Pack:
    return from_content(InstalledPack.objects.values_list("content", flat=True).get(digest=digest))


def changes_since_previous(edition: InstalledPack) -> list[Change]:
    """Return what an edition changed against the one installed before it; nothing for the first."""
    earlier = installed_packs().filter(pack_id=edition.pack_id, pk__lt=edition.pk).first()
    return compare(pack(earlier), pack(edition)) if earlier else []


def areas_of(pack: Pack) -> list[AreaReading]:
    """Return the standard by area, each item with its facts and departments."""
    return [
        AreaReading(area, tuple(_read_item(pack, item) for item in pack.items_of(area.id)))
        for area in pack.standard.areas
    ]


def supplements_of(pack: Pack) -> list[ItemReading]:
    """Return the items that are reported and do not count for the verdict."""
    return [_read_item(pack, item) for item in pack.standard.supplements]


def _read_item(pack: Pack, item: Item) -> ItemReading:
    return ItemReading(
        item, pack.facts_of(item), tuple(pack.department_by_slug[slug] for slug in item.departments)
    )


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
