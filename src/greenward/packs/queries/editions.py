"""Installed editions: which there are, and the pack of each."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from greenward.core.errors import NotFoundError
from greenward.packs.diff import Change, compare
from greenward.packs.loader.loading import from_content
from greenward.packs.models import InstalledPack
from greenward.packs.schema.pack import Pack
from greenward.packs.schema.shape import Bilingual


@dataclass(frozen=True)
class Listed:
    """An installed edition under its title."""

    edition: InstalledPack
    title: Bilingual


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
