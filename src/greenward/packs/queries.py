"""Reading installed packs; the policy is public, so every signed-in person may read all of it."""

from functools import lru_cache

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from greenward.core.errors import NotFoundError
from greenward.packs.diff import Change, compare
from greenward.packs.loader.loading import from_content
from greenward.packs.models import InstalledPack
from greenward.packs.schema.pack import Pack


def installed_packs() -> QuerySet[InstalledPack]:
    """Return every installed edition, the latest first, without their content."""
    return InstalledPack.objects.defer("content").order_by("pack_id", "-installed_at", "-pk")


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
