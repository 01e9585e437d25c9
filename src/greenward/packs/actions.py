"""Writing: install an edition of a pack."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from greenward.core import audit
from greenward.core.errors import ConflictError, InvalidInputError
from greenward.packs.diff import compare
from greenward.packs.loader.loading import content, digest, from_content, load
from greenward.packs.models import InstalledPack
from greenward.packs.schema.pack import Pack

if TYPE_CHECKING:
    from greenward.accounts.models import User


class EditionTakenError(ConflictError):
    """The edition is installed with other content; an edition never changes."""

    code = "pack_edition_taken"


class StandardAloneError(InvalidInputError):
    """The folder holds a standard without a programme: there is nothing to put in force."""

    code = "pack_standard_alone"


@transaction.atomic
def install(folder: Path, *, by: "User | None", at: datetime) -> InstalledPack:
    """Install the pack in a folder; the same content again changes nothing.

    PackFaultyError when the pack has faults; StandardAloneError when it holds no programme; EditionTakenError
    when the edition stands with other content.
    """
    pack = load(folder)
    if pack.manifest.holds == "standard":
        raise StandardAloneError(
            _("“{pack}”只有标准，没有方案，不能安装。").format(pack=pack.manifest.id),
            hint=_("补齐阶段、目标、任务、流程和表，并删去 holds: standard。"),
        )
    mark = digest(pack)
    same = InstalledPack.objects.filter(digest=mark).first()
    if same is not None:
        return same
    _check_edition_is_free(pack)
    installed = InstalledPack.objects.create(
        pack_id=pack.manifest.id,
        edition=pack.manifest.edition,
        digest=mark,
        content=content(pack),
        installed_at=at,
        installed_by=by,
    )
    audit.record("packs.install", installed, by=by, at=at, edition=str(installed), digest=mark)
    return installed


def _check_edition_is_free(pack: Pack) -> None:
    taken = InstalledPack.objects.filter(pack_id=pack.manifest.id, edition=pack.manifest.edition).first()
    if taken is not None:
        changes = [str(change) for change in compare(from_content(taken.content), pack)]
        raise EditionTakenError(
            _("{pack} 已安装，内容不同：{changes}").format(pack=taken, changes="；".join(changes[:10])),
            hint=_("已安装的版次不能改。请在 pack.yaml 里写新的 edition，再安装。"),
            changes=changes,
        )
